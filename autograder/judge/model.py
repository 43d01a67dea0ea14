"""The model answer, asked the same as a student's where a test's own code is to be suspected."""

import atexit
import math
from contextlib import ExitStack
from functools import lru_cache, partial

from otter.test_files import TestCase

from autograder.course import Course
from autograder.course.questions import read_questions
from autograder.course.source import read_source
from autograder.course.submission import Cell
from autograder.judge.cases import Ran, run_case
from autograder.judge.session import Session, session_of
from autograder.judge.told import ENDED, SLOW
from autograder.judge.values import Names
from autograder.room import GONE, Limits, NoRoom, RoomLost


def model_cells(course: Course, notebook: str) -> tuple[Cell, ...]:
    """The code cells of the model solution that grading runs, in their order.

    Args:
        course: the course.
        notebook: its name, without an ending.

    Raises:
        CourseError: if its source cannot be read.
    """
    source = read_source(course.source(notebook))
    cells = (Cell(c.id, c.kind, c.role, c.question, c.source, touched=True) for c in source.cells)
    return tuple(cell for cell in cells if cell.runs)


_sessions: dict[tuple[Course, str, str], Session] = {}
"""Rooms with the model solution played to its end. They stay open for this process's next questions."""


class SaysNothing(Exception):
    """The model answer came to no verdict: its room was too slow, or used up too much."""


def model_passes(course: Course, notebook: str, room: str, question: str, seed: int, case_name: str) -> bool:
    """Whether the model answer passes one case with this seed.

    If there is no verdict on it, that says nothing about the test, and gives nobody points. It is asked again the next
    time.

    Args:
        course: the course.
        notebook: the notebook that has the question.
        room: the kind of the room.
        question: its name.
        seed: of the inputs that the test draws.
        case_name: the case's function.

    Raises:
        NoRoom: if no room can be opened.
    """
    try:
        return _verdict(course, notebook, room, question, seed, case_name)
    except SaysNothing:
        return True


@lru_cache
def _verdict(course: Course, notebook: str, room: str, question: str, seed: int, case_name: str) -> bool:
    """The same. Raises SaysNothing and NoRoom, which are not remembered."""
    session = _model_session(course, notebook, room)
    tests = read_questions(course.questions)[question].load()
    case = next(case for case in tests.test_cases if case.body.test_func.__name__ == case_name)
    names = Names(session, session.limits.question_seconds)
    ran = session.again_if_lost(partial(_run, case, names, seed))
    lost = _cell_that_did_not_run(session)
    if lost:
        _sessions.pop((course, notebook, room)).close()
        raise NoRoom(lost)
    if not ran.passed and ran.message in (SLOW, *ENDED.values()):
        raise SaysNothing
    return ran.passed


def _run(case: TestCase, names: Names, seed: int) -> Ran:
    """Run a case. Raises RoomLost where its room ended: no student code was there that could have ended it."""
    ran = run_case(case, names, seed)
    if not ran.passed and ran.message == ENDED[GONE]:
        raise RoomLost(f"the room of the model solution ended in {case.body.test_func.__name__}")
    return ran


def _model_session(course: Course, notebook: str, room: str) -> Session:
    """The room with the model solution. Raises NoRoom where a cell of that does not run."""
    place = course, notebook, room
    if place not in _sessions:
        limits = Limits(notebook_seconds=math.inf)
        with ExitStack() as undo:
            session = session_of(course, notebook, room, limits, course.model_attachments(notebook))
            undo.enter_context(session)
            for cell in model_cells(course, notebook):
                session.play(cell)
            if lost := _cell_that_did_not_run(session):
                raise NoRoom(lost)
            undo.pop_all()
        _sessions[place] = session
    return _sessions[place]


def _cell_that_did_not_run(session: Session) -> str:
    """A cell of the model solution that did not run, as a sentence, or "": what lacks it says nothing of a test."""
    lost = [cell for cell, outcome in session.outcomes.items() if outcome.status != "ok"]
    return f"the model solution's own cell {lost[0]} did not run ({session.outcomes[lost[0]].status})" if lost else ""


@atexit.register
def close_model_sessions() -> None:
    """Throw away the rooms with the model solution."""
    while _sessions:
        _sessions.popitem()[1].close()
