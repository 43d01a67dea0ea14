"""What a notebook goes through where its room is lost, and student code had nothing to do with it."""

import time
from contextlib import suppress
from threading import Thread

import psutil
import pytest

from autograder.course.submission import Cell
from autograder.judge.session import TRIES, Session
from autograder.room import BWRAP, Limits, NoRoom, RoomLost, open_room
from tests.processes import below

pytestmark = pytest.mark.room

CELL = Cell("mine", "code", "added", "", "x = 1", touched=True)
FILES = 4000
"""To be copied into a room, so that its opening takes long enough to be hit."""

MOMENT = 0.1
"""Seconds until what opens a room is copying them."""


@pytest.fixture
def slow(tmp_path):
    """A session whose rooms take their time to open."""
    open_room(BWRAP, (), Limits()).close()  # the template is warm from now on
    for number in range(FILES):
        (tmp_path / f"{number}.txt").write_text("x")
    session = Session((tmp_path,), BWRAP, Limits(notebook_seconds=60))
    yield session
    session.close()


def kill_the_next(marks: str, killed: list[int]) -> None:
    """Kill the next processes of that kind, a moment after they have begun. They are then in `killed`."""
    ours = psutil.Process()
    before = set(below(ours, marks))

    def watch() -> None:
        while not set(below(ours, marks)) - before:
            pass
        time.sleep(MOMENT)
        for one in set(below(ours, marks)) - before:
            with suppress(psutil.NoSuchProcess):  # one that is forked on the way may be gone again
                one.kill()
                killed.append(one.pid)

    Thread(target=watch, daemon=True).start()


@pytest.mark.parametrize("marks", ["inside.template", "exec cat"], ids=["its kernel", "what holds its walls"])
def test_a_room_that_is_killed_while_it_opens_is_opened_again(slow, marks):
    killed = []
    kill_the_next(marks, killed)
    assert slow.play(CELL).status == "ok"
    assert killed


def test_what_loses_its_room_each_time_is_given_up(slow):
    def lose() -> None:
        raise RoomLost("the reason")

    with pytest.raises(NoRoom, match=f"{TRIES} tries: the reason"):
        slow.again_if_lost(lose)
