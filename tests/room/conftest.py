"""Rooms of every kind that the machine allows, and how tests ask them."""

import pytest

from autograder.room import BWRAP, NONE, Limits, Room, open_room
from tests.compound import COURSE

SMALL = Limits(answer_bytes=1_000_000)


@pytest.fixture(params=[BWRAP, NONE])
def room(request) -> Room:
    """A room of each kind that a test may open here; rooms by uid have a test file of their own."""
    opened = open_room(request.param, (), SMALL, needs=COURSE.room_needs)
    yield opened
    opened.close()


@pytest.fixture
def walled() -> Room:
    """A room behind the strongest wall."""
    opened = open_room(BWRAP, (), SMALL)
    yield opened
    opened.close()


def get(room: Room, name: str) -> dict:
    """What the responder says of a name."""
    return room.ask({"do": "get", "name": name})


def value(room: Room, expression: str) -> object:
    """The plain value of an expression in the room, or the name of what it raised, as "PermissionError"."""
    source = (
        "def _tried():\n"
        "    try:\n"
        f"        return {expression}\n"
        "    except BaseException as problem:\n"
        "        return type(problem).__name__\n"
        "_seen = _tried()"
    )
    assert room.run(source).status == "ok"
    return get(room, "_seen").get("value")
