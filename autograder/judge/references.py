"""What answers are compared with: computed in a room of the judge's own, where no student code ever runs.

So the judge itself works without what takes seconds to import: the template has it already.
"""

import atexit
import math
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from autograder.course import RoomNeeds
from autograder.course.questions import read_question
from autograder.course.submission import Cell
from autograder.judge.session import Session
from autograder.judge.shared import computed_once
from autograder.judge.values import Handle, Names, StudentRaised
from autograder.room import Limits, RoomGone, RoomLost, RoomTooSlow
from notebook_checks import NotAValue

LIMITS = Limits(notebook_seconds=math.inf, call_seconds=60)

SETUP = """
import sys
import types


class Case:
    def __init__(self, function):
        self.test_func = function


files = types.ModuleType("otter.test_files")  # as much of it as a test file needs to be loaded
files.test_case = lambda **options: Case
sys.modules["otter.test_files"] = files
loaded = {}


def compute(question, function, *arguments):
    return loaded[question][function](*arguments)
"""


def computed(kind: str, needs: RoomNeeds, path: Path, function: str, arguments: tuple) -> Any:
    """What a function of a test file gives in a room of the judge's own: plain data.

    Args:
        kind: of the room.
        needs: of the course.
        path: of the test file.
        function: its name in that file.
        arguments: plain data.

    Raises:
        RuntimeError: if the function fails.
        NoRoom: if no room can be opened.
    """
    asked = (read_question(path).text, function, arguments)
    return computed_once(asked, partial(_computed_here, kind, needs, path, function, arguments))


def _computed_here(kind: str, needs: RoomNeeds, path: Path, function: str, arguments: tuple) -> Any:
    session = _session(kind, needs)
    return session.again_if_lost(partial(_computed, session, path, function, arguments))


@lru_cache
def _session(kind: str, needs: RoomNeeds) -> Session:
    """The room, which stays open for all that this process judges."""
    session = Session((), kind, LIMITS, needs=needs)
    atexit.register(session.close)
    return session


def _computed(session: Session, path: Path, function: str, arguments: tuple) -> Any:
    question = read_question(path)
    play_given(session, "setup", SETUP)
    name = repr(question.name)
    play_given(session, question.name, f"loaded[{name}] = {{}}\nexec({question.text!r}, loaded[{name}])")
    names = Names(session, LIMITS.call_seconds)
    try:
        given = names["compute"](question.name, function, *arguments)
    except (RoomGone, RoomTooSlow) as problem:  # nothing of a student's is to blame for either
        raise RoomLost(f"{function} of {path.name}: {problem!r}") from None
    except StudentRaised as problem:
        raise RuntimeError(f"{function} of {path.name} raised {problem.kind}") from None
    except NotAValue as problem:
        raise RuntimeError(
            f"{function} of {path.name} gives more, or deeper, than a room may: {problem.kind}"
        ) from None
    if isinstance(given, Handle):
        raise RuntimeError(f"{function} of {path.name} gives a {given.kind}, which is no plain data")
    return given


def play_given(session: Session, name: str, source: str) -> None:
    """Run a cell of ours once. It is run again by the session itself where the room is a new one.

    Args:
        session: of a room that student code never enters.
        name: of the cell.
        source: of the cell.

    Raises:
        RoomLost: if it does not run to its end.
    """
    if name not in session.outcomes:
        session.play(Cell(name, "code", "given", "", source, touched=False))
    if session.outcomes[name].status != "ok":
        del session.outcomes[name]
        raise RoomLost(f"the cell {name} did not run")
