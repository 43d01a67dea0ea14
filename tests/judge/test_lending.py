"""What is lent runs in a room of the judge's own, and whatever it is asked ends there."""

import time

import pytest

from autograder.course.submission import Cell
from autograder.judge.lending import Lender
from autograder.judge.session import Session
from autograder.judge.values import Names, StudentRaised
from autograder.room import Limits, RoomLost, pick_kind
from notebook_checks import Spare

pytestmark = pytest.mark.room

LENT = """
import posix


def double(number, times=1):
    if number == "memory":
        return len(bytes(10**11))
    if number == "end":
        posix._exit(1)
    if number == "object":
        return object()
    return {"doubled": [2 * number] * times}
"""
SPARE = Spare("double", LENT, "lambda ask: ask")
OWN = """
import copy

kept = []


def double(number, times=1):
    return {"doubled": [0] * times}


def of_three():
    kept.append(double)
    return copy.deepcopy(double)(3, times=2)


def of_many_threads():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda number: double(number)["doubled"][0], range(100)))


def later():
    return kept[-1](3)

"""


@pytest.fixture
def session():
    with Session((), pick_kind(), Limits()) as opened:
        assert opened.play(Cell("own", "code", "given", "", OWN, touched=False)).status == "ok"
        yield opened


@pytest.fixture
def lender(session):
    with Lender(SPARE, session) as opened:
        yield opened


def test_a_students_function_calls_what_is_lent_and_then_its_own_again(session, lender):
    names = Names(session, 60)
    own = names["of_three"]()
    names.replace(SPARE.name, SPARE.stand_in, lender.reply)
    lent = names["of_three"]()
    names.restore()
    assert (own, lent, names["of_three"]()) == ({"doubled": [0, 0]}, {"doubled": [6, 6]}, {"doubled": [0, 0]})


def test_threads_take_turns(session, lender):
    names = Names(session, 60)
    names.replace(SPARE.name, SPARE.stand_in, lender.reply)
    assert names["of_many_threads"]() == [2 * number for number in range(100)]


def test_a_stand_in_that_was_kept_says_that_nothing_is_lent_any_more(session, lender):
    names = Names(session, 60)
    names.replace(SPARE.name, SPARE.stand_in, lender.reply)
    names["of_three"]()
    names.restore()
    with pytest.raises(StudentRaised, match="RuntimeError"):
        names["later"]()
    assert names["of_three"]() == {"doubled": [0, 0]}


def test_what_the_lender_takes_is_not_the_rooms_time(session, lender):
    names = Names(session, 60)
    waited = []

    def slow(asked):
        began = time.monotonic()
        time.sleep(0.3)
        told = lender.reply(asked)
        waited.append(time.monotonic() - began)
        return told

    names.replace(SPARE.name, SPARE.stand_in, slow)
    before, began = session.clock, time.monotonic()
    assert names["of_three"]() == {"doubled": [6, 6]}
    assert session.clock - before < time.monotonic() - began - sum(waited) + 0.01


@pytest.mark.parametrize(
    "asked",
    [
        None,
        {},
        [],
        [[1]],
        [[1], [2]],
        [[1], {}],
        [1, {"pairs": []}],
        [[1], {"pairs": [[1, 2]]}],
        [[{"handle": 0}], {"pairs": []}],
        [[10**400], {"pairs": []}],
    ],
    ids=str,
)
def test_what_is_malformed_is_not_handed_on(lender, asked):
    assert lender.reply(asked) == {"raised": "ValueError"}


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("memory", {"raised": "MemoryError"}),
        ("object", {"raised": "TypeError"}),
        ([], {"value": {"pairs": [["doubled", [[]]]]}}),
    ],
)
def test_whatever_it_is_asked_ends_in_its_own_room_and_it_can_be_asked_again(lender, number, told):
    assert lender.reply([[number], {"pairs": []}]) == told
    assert lender.reply([[4], {"pairs": []}]) == {"value": {"pairs": [["doubled", [8]]]}}


def test_a_lender_that_ends_is_lost_once_and_then_the_students_doing(lender):
    with pytest.raises(RoomLost):
        lender.reply([["end"], {"pairs": []}])
    assert lender.reply([["end"], {"pairs": []}]) == {"raised": "MemoryError"}
    assert lender.reply([[4], {"pairs": []}]) == {"value": {"pairs": [["doubled", [8]]]}}
