"""The model answer, asked the same as a student's where a test's own code is to be suspected."""

import atexit
import math
from functools import lru_cache

from autograder.course import Course
from autograder.course.questions import read_questions
from autograder.course.source import read_source
from autograder.course.submission import Cell
from autograder.judge.cases import ENDED, SLOW, run_case
from autograder.judge.session import Session, session_of
from autograder.judge.values import Names
from autograder.room import Limits, NoRoom


def model_cells(course: Course, notebook: str) -> tuple[Cell, ...]:
    """The code cells of the model solution that grading runs."""
    source = read_source(course.source(notebook))
    cells = (Cell(c.id, c.kind, c.role, c.question, c.source, touched=True) for c in source.cells)
    return tuple(cell for cell in cells if cell.runs)


@lru_cache
def model_passes(course: Course, notebook: str, room: str, question: str, seed: int, case_name: str) -> bool:
    """Whether the model answer passes one case with this seed.

    A room that is lost on the way says nothing of the test, and gives nobody points.
    """
    session = _model_session(course, notebook, room)
    tests = read_questions(course.questions)[question].load()
    case = next(case for case in tests.test_cases if case.body.test_func.__name__ == case_name)
    names = Names(session, session.limits.question_seconds)
    ran = session.again_if_lost(lambda: run_case(case, names, seed))
    _must_stand(session)
    return ran.passed or ran.message in (SLOW, *ENDED.values())


@lru_cache
def _model_session(course: Course, notebook: str, room: str) -> Session:
    """A room with the model solution played to its end. It stays open for this process's next questions."""
    limits = Limits(notebook_seconds=math.inf)
    session = session_of(course, notebook, room, limits, course.model_attachments(notebook))
    atexit.register(session.close)
    for cell in model_cells(course, notebook):
        session.play(cell)
    _must_stand(session)
    return session


def _must_stand(session: Session) -> None:
    """Raises NoRoom where a cell of the model solution did not run: what lacks it says nothing of a test."""
    lost = [cell for cell, outcome in session.outcomes.items() if outcome.status != "ok"]
    if lost:
        _model_session.cache_clear()
        raise NoRoom(f"the model solution's own cell {lost[0]} did not run ({session.outcomes[lost[0]].status})")
