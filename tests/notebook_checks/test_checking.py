import math
from array import array
from collections import ChainMap, OrderedDict, UserDict, deque, namedtuple
from types import MappingProxyType

import numpy
import pytest
import torch

from scalelab.checking import (
    NotAValue,
    Unexpected,
    expect_close,
    expect_equal,
    expect_keys,
    in_room,
    is_close,
    is_equal,
    judging,
    plain,
    rng,
)

Pair = namedtuple("Pair", "left right")


class Lying(float):
    """A float that claims to be whatever it is compared with."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __lt__(self, other):
        return True

    def __le__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__

    def __float__(self):
        return 4.0

    __hash__ = float.__hash__


class LyingList(list):
    def __eq__(self, other):
        return True

    def __len__(self):
        return 2

    def __iter__(self):
        return iter([1, 2])

    __hash__ = None


class EqualToAll:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


# ---- what counts as a value


@pytest.mark.parametrize(
    "value",
    [
        *((1, 2), [1, 2], Pair(1, 2), torch.Size([1, 2]), numpy.array([1, 2]), numpy.array([1, 2], dtype=object)),
        *(deque([1, 2]), array("d", [1, 2]), {"a": 1, "b": 2}.values(), {1: "a", 2: "b"}.keys()),
        numpy.array([1, 2], dtype=numpy.longdouble),
    ],
)
def test_all_kinds_of_sequences_count_alike(value):
    expect_equal(value, [1, 2])
    expect_equal([value], [(1, 2)])


@pytest.mark.parametrize(
    "value",
    [
        3,
        3.0,
        numpy.int64(3),
        numpy.float32(3),
        numpy.array(3),
        torch.tensor(3),
        torch.tensor(3.0, requires_grad=True),
        torch.tensor(3.0, dtype=torch.bfloat16),
    ],
)
def test_all_kinds_of_numbers_count_alike(value):
    expect_equal(value, 3)
    expect_close(value, 3.0)
    assert type(plain(value)) in (int, float)


def test_named_tuples_and_ordered_dicts_are_their_base():
    assert plain(Pair(1, 2)) == [1, 2]
    assert type(plain(OrderedDict(a=1))) is dict


@pytest.mark.parametrize(
    "value", [MappingProxyType({"a": 1, "b": 2}), ChainMap({"a": 1}, {"a": 3, "b": 2}), UserDict({"a": 1, "b": 2})]
)
def test_what_lies_around_a_dict_is_one(value):
    assert plain(value) == {"a": 1, "b": 2}


def test_long_doubles_and_numbers_of_mpmath_are_numbers():
    assert plain(numpy.longdouble(0.25)) == 0.25 == plain(pytest.importorskip("mpmath").mpf(0.25))


def test_a_lying_number_is_taken_for_what_it_holds():
    assert type(plain(Lying(5.0))) is float
    for expect in (expect_equal, expect_close):
        with pytest.raises(Unexpected, match=r"5\.0"):
            expect(Lying(5.0), 4.0)
        expect(Lying(4.0), 4.0)


class LyingInt(int):
    def __pos__(self):
        return 4

    __eq__, __hash__ = EqualToAll.__eq__, int.__hash__


def test_a_lying_whole_number_is_taken_for_what_it_holds():
    assert type(plain(LyingInt(5))) is int
    with pytest.raises(Unexpected):
        expect_equal(LyingInt(5), 4)


def test_a_lying_list_is_taken_for_what_it_holds():
    with pytest.raises(Unexpected):
        expect_equal(LyingList([9]), [1, 2])
    expect_equal(LyingList([9]), [9])


@pytest.mark.parametrize("value", [EqualToAll(), object(), {1, 2}, b"3", 3j, iter([3]), lambda: 3, range(3)])
def test_anything_else_is_no_value(value):
    for expect in (expect_equal, expect_close):
        with pytest.raises(Unexpected):
            expect(value, 3)
    with pytest.raises(NotAValue):
        plain(value)


def test_something_equal_to_all_is_no_value_inside_a_list_either():
    with pytest.raises(Unexpected):
        expect_equal([1, EqualToAll()], [1, 2])


def test_the_name_of_a_students_class_is_not_told():
    Secret = type("the_answer_is_4", (), {})
    with pytest.raises(Unexpected) as caught:
        expect_equal(Secret(), 4)
    assert "the_answer" not in str(caught.value) and "object" in str(caught.value)


class LyingTensor(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, arguments=(), keywords=None):
        return torch.tensor(4.0)


def test_a_lying_tensor_is_taken_for_what_it_holds():
    assert plain(torch.tensor(5.0).as_subclass(LyingTensor)) == 5.0


@pytest.mark.parametrize(
    "tensor",
    [
        torch.empty(3, device="meta"),
        torch.eye(3).to_sparse(),
        torch.tensor(1j),
        torch.zeros(1, dtype=torch.bfloat16).expand(2_000_000),
    ],
    ids=["meta", "sparse", "complex", "too large"],
)
def test_a_tensor_without_plain_numbers_is_no_value(tensor):
    with pytest.raises(NotAValue):
        plain(tensor)


class EqualToAllClasses(type):
    def __eq__(cls, other):
        return True

    __hash__ = type.__hash__


def test_a_class_that_claims_to_be_every_class_is_no_value():
    with pytest.raises(NotAValue):
        plain(EqualToAllClasses("Any", (), {})())


def test_a_list_that_holds_itself_is_no_value():
    endless = []
    endless.append(endless)
    with pytest.raises(NotAValue):
        plain(endless)


# ---- what is expected


@pytest.mark.parametrize("wrong", [math.nan, numpy.nan, torch.tensor(math.nan), "3", "", None, [3], (), {}, math.inf])
def test_what_is_not_the_number_fails(wrong):
    for expect in (expect_equal, expect_close):
        with pytest.raises(Unexpected):
            expect(wrong, 3)


def test_nan_fails_even_where_infinity_is_expected_and_infinity_is_itself():
    with pytest.raises(Unexpected):
        expect_close(math.nan, math.inf)
    expect_close(math.inf, math.inf)


def test_close_is_close_and_equal_is_equal():
    expect_close(1.0 + 1e-6, 1.0)
    for wrong in (1.0 + 1e-4, -1.0):
        with pytest.raises(Unexpected):
            expect_close(wrong, 1.0)
    with pytest.raises(Unexpected):
        expect_equal(1.0 + 1e-12, 1.0)


@pytest.mark.parametrize("given", [1.0, 1, 1.0 + 1e-6, 1.0 + 1e-4, [1.0], None, "1", math.nan, 10**400, object()])
def test_what_is_asked_instead_of_expected_answers_as_the_expectation_does(given):
    for expect, ask in ((expect_equal, is_equal), (expect_close, is_close)):
        try:
            expect(given, 1.0)
        except Unexpected:
            assert not ask(given, 1.0)
        else:
            assert ask(given, 1.0)


def test_hints_that_take_a_while_are_made_where_something_is_wrong_and_nowhere_else():
    made = []

    def hints():
        made.append(1)
        return {2: "Doubled?"}

    expect_equal(1, 1, hints)
    assert not made
    with pytest.raises(Unexpected) as raised:
        expect_equal(2, 1, hints)
    assert raised.value.hint == "Doubled?"


def test_large_whole_numbers_are_compared_exactly():
    expect_equal(2**70, 2**70)
    with pytest.raises(Unexpected):
        expect_equal(2**70 + 1, 2**70)
    with pytest.raises(Unexpected):
        expect_close(10**400, 1.0)


def test_a_number_too_long_to_print_fails_as_any_other():
    with pytest.raises(Unexpected, match="very many digits"):
        expect_equal(10**6000, 1)


@pytest.mark.parametrize("wrong", [[1], [1, 2, 3], [2, 1], [[1, 2]]])
def test_lists_agree_in_length_and_order(wrong):
    with pytest.raises(Unexpected):
        expect_equal(wrong, [1, 2])


def test_dicts_agree_in_keys_and_values():
    expect_equal({"a": (1, 2)}, {"a": [1, 2]})
    for wrong in ({"a": [1, 2], "b": 0}, {}, {"b": [1, 2]}, {"a": [1]}):
        with pytest.raises(Unexpected):
            expect_equal(wrong, {"a": [1, 2]})


def test_expected_keys_may_have_company():
    expect_keys({"depth": 1, "width": 2, "more": 3}, {"depth", "width"})
    with pytest.raises(Unexpected, match="width") as caught:
        expect_keys({"depth": 1}, {"depth", "width"})
    assert caught.value.hint
    with pytest.raises(Unexpected, match="not a dict"):
        expect_keys([1], {"depth"})


# ---- hints


def test_the_hint_of_a_known_wrong_value_is_told():
    with pytest.raises(Unexpected) as caught:
        expect_close(2.0000001, 4, hints={2: "Wider layers have more inputs, too."})
    assert caught.value.hint == "Wider layers have more inputs, too."
    assert str(caught.value).startswith("Wider layers have more inputs, too.")


def test_a_hint_for_a_list_is_found_by_a_tuple():
    with pytest.raises(Unexpected) as caught:
        expect_equal([2, 1], [1, 2], hints={(2, 1): "Which comes first?"})
    assert caught.value.hint == "Which comes first?"


def test_other_wrong_values_get_no_hint_of_another():
    with pytest.raises(Unexpected) as caught:
        expect_close(3, 4, hints={2: "never seen"})
    assert caught.value.hint is None


@pytest.mark.parametrize(
    ("wrong", "word"),
    [(None, "None"), ("4", "string"), (math.nan, "nan"), ([4], "list"), (EqualToAll(), "object")],
)
def test_a_value_of_the_wrong_kind_gets_a_hint_of_its_kind(wrong, word):
    with pytest.raises(Unexpected) as caught:
        expect_close(wrong, 4)
    assert word in caught.value.hint


# ---- inputs


def draw(label: str, seed: int) -> float:
    with judging(seed, make=eval):
        return rng(label).random()


def test_the_same_label_and_seed_give_the_same_numbers():
    assert draw("q2_2", 1) == draw("q2_2", 1)


def test_another_label_or_seed_gives_others():
    assert len({draw("q2_2", 1), draw("q2_3", 1), draw("q2_2", 2), draw("q2_2:groups", 1)}) == 4


def test_a_notebook_gets_others_each_time():
    assert rng("q2_2").random() != rng("q2_2").random()


def test_in_room_makes_the_object_itself_in_a_notebook():
    assert in_room("lambda x: 2 * x + 1")(3) == 7


def test_in_room_leaves_the_making_to_the_judge():
    with judging(1, make=lambda source: f"handle of {source}"):
        assert in_room("[1, 2]") == "handle of [1, 2]"
    assert in_room("[1, 2]") == [1, 2]


def test_in_room_knows_the_built_in_names_alone():
    assert in_room("max(1, 2)") == 2
    with pytest.raises(NameError):
        in_room("secrets")


def test_fractions_and_decimals_are_numbers_and_what_only_looks_like_one_is_not():
    from decimal import Decimal
    from fractions import Fraction

    expect_close([Fraction(1, 4), Decimal("2.5")], [0.25, 2.5])
    with pytest.raises(Unexpected, match="an object"):
        expect_equal(type("Mine", (Fraction,), {})(1, 4), 0.25)


def test_numbers_of_sympy_are_numbers_and_what_has_symbols_is_named():
    sympy = pytest.importorskip("sympy")
    numbers = [sympy.Integer(3), sympy.Rational(1, 2), sympy.Float(0.25), sympy.sqrt(4), 2 * sympy.pi / sympy.pi]
    assert plain(numbers) == [3, 0.5, 0.25, 2, 2] and type(plain(numbers[0])) is int
    assert plain(sympy.Integer(3) < 4) is True
    for one in (sympy.Symbol("x") + 1, sympy.I, sympy.zoo):
        with pytest.raises(NotAValue) as refused:
            plain(one)
        assert refused.value.kind == "sympy expression"


def test_a_series_is_a_list_or_by_its_names_a_dict_and_a_table_is_named():
    pandas = pytest.importorskip("pandas")
    assert plain(pandas.Series([1, 2.5])) == [1, 2.5] == plain(pandas.Index([1, 2.5]))
    assert plain(pandas.Series([1, 2], index=[7, 8])) == [1, 2]
    assert plain(pandas.Series({"depth": 2, "width": 4})) == {"depth": 2, "width": 4}
    with pytest.raises(Unexpected, match="pandas DataFrame"):
        expect_equal(pandas.DataFrame({"a": [1]}), [1])


@pytest.mark.parametrize(("value", "told"), [(None, "has its cell been run"), ({"a": "4"}, "a number"), ({}, "lacks")])
def test_a_dict_that_lacks_a_number_is_told_so(value, told):
    with pytest.raises(Unexpected, match=told):
        expect_keys(value, {"a"})


def test_a_file_that_is_handed_in_lies_in_the_working_folder_or_in_that_of_the_judge(tmp_path, monkeypatch):
    from scalelab.checking import handed_in, is_judged

    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unexpected, match="run the cell that makes it, then hand in again"):
        handed_in("best.json")
    (tmp_path / "best.json").write_text("{}")
    assert handed_in("best.json").read_text() == "{}" and not is_judged()
    (tmp_path / "clean").mkdir()
    for folder in (None, tmp_path / "clean"):
        with judging(1, eval, folder), pytest.raises(Unexpected) as raised:
            assert is_judged() and handed_in("best.json")
        said = "best.json was not handed in: run the cell that makes it, then hand in again."
        assert raised.value.hint == raised.value.told == str(raised.value) == said
    (tmp_path / "clean" / "best.json").write_text("[]")
    with judging(1, eval, tmp_path / "clean"):
        assert handed_in("best.json") == tmp_path / "clean" / "best.json"


def test_a_remark_goes_to_the_judge_and_in_a_notebook_nowhere(capsys):
    from scalelab.checking import remark

    told = []
    remark("nobody hears this")
    with judging(1, eval, None, told.append):
        remark("look")
    assert (told, capsys.readouterr().out) == (["look"], "")
