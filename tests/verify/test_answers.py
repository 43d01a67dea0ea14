"""Every answer of the bank, judged alone in a room, gets what it must. `make verify` grades them with both engines.

With one seed, so that a change is not blamed for what another one drew: `autograder verify --seeds N` looks for that.
"""

import pytest

from autograder.room import pick_kind
from autograder.verify.bank import bank_of
from autograder.verify.seeds import repeat
from tests.compound import COURSE

pytestmark = pytest.mark.room

SEED = 20261128
ANSWERS = [answer for answers in bank_of(COURSE).answers.values() for answer in answers]


@pytest.mark.parametrize("answer", [pytest.param(one, id=f"{one.question}-{one.name}") for one in ANSWERS])
def test_an_answer_gets_what_it_must(answer):
    assert [one.deviation for one in repeat(COURSE, pick_kind(), [SEED], answer)] == [""]
