"""Which student is in which shard: by the id alone, and everyone in exactly one."""

import pytest

from autograder.errors import WrongCall
from autograder.run.sharding.shards import MAX_SHARDS, Shard, read_shard, shard_of


def test_a_students_shard_stays_what_it_was_in_earlier_versions():
    assert [str(shard_of(student, 8)) for student in ("ada", "bob", "Zoë", "s001")] == ["7/8", "3/8", "1/8", "3/8"]


@pytest.mark.parametrize("of", [1, 2, 7, 64])
def test_everyone_is_in_exactly_one_shard_and_no_shard_is_much_larger(of):
    students = [f"s{number}" for number in range(40 * of)]
    shards = [Shard(number, of) for number in range(1, of + 1)]
    sizes = [sum(shard.has(student) for student in students) for shard in shards]
    assert sum(sizes) == len(students)
    assert max(sizes) < 80


@pytest.mark.parametrize("text", ["2/8", "8/8", "1/1", f"1/{MAX_SHARDS}"])
def test_a_shard_is_read_as_it_is_told(text):
    assert str(read_shard(text, 5)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2", "is no part of a class; the second of eight shards is --shard 2/8"),
        ("a/8", "is no part of a class"),
        ("-1/8", "is no part of a class"),
        ("1/8/2", "is no part of a class"),
        ("²/8", "is no part of a class"),
        ("1 /8", "is no part of a class"),
        ("0/8", "there is no such shard; they are counted from 1/8 to 8/8"),
        ("9/8", "there is no such shard"),
        ("1/0", "there can be 1 to 10000 shards"),
        ("1/10001", "there can be 1 to 10000 shards"),
    ],
)
def test_a_mistake_is_told_in_one_line(text, said):
    with pytest.raises(WrongCall) as refused:
        read_shard(text, 5)
    assert str(refused.value).startswith(f"--shard {text}: ") and said in str(refused.value)


def test_a_shard_needs_a_seed():
    with pytest.raises(WrongCall, match="--shard 2/8: needs --seed; name the same number for every shard"):
        read_shard("2/8", None)
