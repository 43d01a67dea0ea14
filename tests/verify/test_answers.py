"""Every answer of the bank, judged alone in a room, gets what it must. `make verify` grades them with both engines.

A right and a wrong answer to each question are judged in every run of the tests, the others by `make proofs`. With one
seed, so that a change is not blamed for what another one drew: `autograder verify --seeds N` looks for that.

PARTS_OF_THE_BANK and PART_OF_THE_BANK take a part of those others, as CI does: another quarter for each commit.
"""

import os
from zlib import crc32

import pytest

from autograder.room import pick_kind
from autograder.verify.seeds import repeat
from tests.compound import BANK, COURSE

pytestmark = pytest.mark.room

SEED = 20261128
ANSWERS = BANK.answers
SAMPLE = [next(one for one in answers if one.right is right) for answers in ANSWERS.values() for right in (True, False)]
PARTS, PART = (
    int(os.environ.get(name, usual)) for name, usual in (("PARTS_OF_THE_BANK", "1"), ("PART_OF_THE_BANK", "0"))
)


def taken(answer):
    """Whether the answer is in the part of the bank that is asked for."""
    return answer not in SAMPLE and crc32(str(answer).encode()) % PARTS == PART


OTHERS = [answer for answers in ANSWERS.values() for answer in answers if taken(answer)]


def named(answers, *marks):
    return [pytest.param(one, id=f"{one.question}-{one.name}", marks=marks) for one in answers]


@pytest.mark.parametrize("answer", [*named(SAMPLE), *named(OTHERS, pytest.mark.proof)])
def test_an_answer_gets_what_it_must(answer):
    assert [one.deviation for one in repeat(COURSE, pick_kind(), [SEED], answer)] == [""]
