"""Limits count what the processes of a room have run, and who waited for a processor is told from who slept."""

import time

import pytest

from autograder.room import BWRAP, NONE, Allowed, Limits, RoomTooSlow, Times, open_room
from autograder.room.inside.plan import TIMES
from autograder.room.meter import Meter
from tests.busy import BURN, PIN, busy_processor

pytestmark = pytest.mark.room

LOOP = "while True:\n    pass"
IN_A_CHILD = "import os, time\nif not os.fork():\n    while True: pass\ntime.sleep(60)"


@pytest.fixture(params=[BWRAP, NONE])
def room(request):
    with open_room(request.param, (), Limits()) as opened:
        opened.run(BURN)
        yield opened


def test_what_a_room_has_run_is_measured_its_children_included(room):
    before = room.times().cpu
    room.run("burn(0.3)")
    room.run("import os\npid = os.fork()\nif not pid:\n    burn(0.3)\n    os._exit(0)\nstatus = os.waitpid(pid, 0)")
    assert 0.55 < room.times().cpu - before < 5


def test_an_answer_that_came_too_late_is_not_taken_for_a_later_one(walled):
    before = walled.times().cpu
    walled._life.send(TIMES + b" 0")  # as somebody who then ceased to wait
    walled.run(BURN)
    assert walled.run("burn(0.6)").status == "ok"
    assert walled.times().cpu - before > 0.5


@pytest.mark.parametrize("code", [LOOP, IN_A_CHILD])
def test_code_that_runs_ends_at_its_cpu_time_in_whatever_process(room, code):
    outcome = room.run(code, Allowed(cpu=0.5, clock=60))
    assert (outcome.status, outcome.starved) == ("timeout", False)
    assert room.clock < 20


def test_code_that_sleeps_ends_by_the_clock_and_is_not_starved(room):
    outcome = room.run("import time\ntime.sleep(60)", Allowed(cpu=30, clock=1))
    assert (outcome.status, outcome.starved) == ("timeout", False)


def test_code_that_sleeps_for_less_than_that_is_right(room):
    assert room.run("import time\ntime.sleep(1)", Allowed(cpu=0.5, clock=20)).status == "ok"


@pytest.fixture
def pinned():
    """A room on a processor that is busy with other things."""
    with open_room(NONE, (), Limits()) as opened:
        opened.run(PIN + BURN)
        with busy_processor():
            yield opened


def test_on_a_busy_processor_code_has_its_cpu_time_all_the_same(pinned):
    assert pinned.run("burn(0.3)", Allowed(cpu=1.5, clock=60)).status == "ok"


def test_code_that_waited_for_a_processor_until_the_clock_ran_out_was_starved(pinned):
    outcome = pinned.run("burn(5)", Allowed(cpu=5, clock=1.5))
    assert (outcome.status, outcome.starved) == ("timeout", True)


def test_where_the_template_had_to_wait_as_well_only_what_was_measured_counts():
    began = time.monotonic()

    def look() -> Times:
        time.sleep(0.5)
        return Times(cpu=0.0, waited=time.monotonic() - began)

    meter = Meter(Allowed(cpu=5, clock=1.5), look)
    while left := meter.left():
        time.sleep(left)
    assert meter.starved


def test_of_a_request_that_is_looked_at_once_nothing_is_measured():
    meter = Meter(Allowed(cpu=0.1, clock=0.1), lambda: Times(cpu=0.0, waited=9.0))
    time.sleep(0.1)
    assert (meter.left(), meter.starved) == (0.0, False)


def test_a_call_that_was_starved_is_told_from_one_that_slept(pinned):
    pinned.run("import time\ndef sleep():\n    time.sleep(60)\ndef work():\n    burn(60)")
    assert pinned.ask({"do": "get", "name": "work"}) == {"handle": 0, "kind": "function"}
    with pytest.raises(RoomTooSlow) as slow:
        pinned.ask({"do": "call", "handle": 0, "args": [], "kwargs": {}}, Allowed(cpu=5, clock=1.5))
    assert slow.value.starved


def test_on_a_busy_processor_code_that_sleeps_is_not_starved(pinned):
    outcome = pinned.run("import time\ntime.sleep(60)", Allowed(cpu=30, clock=1))
    assert (outcome.status, outcome.starved) == ("timeout", False)
