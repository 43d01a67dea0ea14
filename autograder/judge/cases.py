"""Runs the cases of a test file against what is in a room."""

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import cache, partial
from typing import NamedTuple

from otter.test_files import TestCase

from autograder.course.questions import Question
from autograder.judge.lending import Lender
from autograder.judge.references import computed
from autograder.judge.results import CaseResult
from autograder.judge.session import Session
from autograder.judge.told import (
    ENDED,
    LATE,
    NOT_PASSED,
    RAISED,
    SLOW,
    STUB,
    WRONG,
    WRONG_KIND,
    gravest,
    is_nowhere_defined,
    raised_in,
)
from autograder.judge.values import Names, NotDefined, StudentRaised
from autograder.room import NoRoom, RoomGone, RoomLost, RoomTooSlow
from notebook_checks import NotAValue, Spare, Unexpected, judging, spare_of


class Ran(NamedTuple):
    """How a case went. message: what is told where it fails. hinted: whether that says more than that it is wrong.

    suspect: whether the case's own code may be at fault. ended: whether the message tells how student code ended, and
    not what it gave.
    """

    passed: bool
    message: str = ""
    hinted: bool = False
    suspect: bool = False
    ended: bool = False


def run_cases(
    question: Question, session: Session, seed: int, model_passes: Callable[[str], bool]
) -> tuple[tuple[CaseResult, ...], str, tuple[str, ...]]:
    """Run every case of a question that is worth points; practice is left out.

    Args:
        question: whose cases are run.
        session: the room that plays the submission.
        seed: of the inputs that tests draw.
        model_passes: whether the model answer passes the case of a name. A case that raises anything that is no verdict
            of its own is tried on it. If that fails as well, the fault is ours, and the case's points are given.

    Returns:
        The results of the cases, the course's fault or "", and the remarks for the instructor.
    """
    names = Names(session, session.limits.question_seconds)
    results: list[CaseResult] = []
    faults: list[str] = []
    ends: list[int] = []
    with ExitStack() as opened:
        lender = cache(lambda spare: opened.enter_context(Lender(spare, session)))
        for case in question.judged_cases():
            started = time.monotonic()
            session.knows_hidden |= case.hidden
            ran = _run_or_lend(case, names, seed, lender) if not names.late else Ran(False, LATE, ended=True)
            name, passed = case.body.test_func.__name__, ran.passed
            if ran.suspect and not passed and not model_passes(name):
                passed = True
                faults.append(f"the test {name} of {question.name} fails on the model answer")
            if ran.ended and case.hidden and not passed:
                ends.append(len(results))
            results.append(
                CaseResult(
                    name=name,
                    points=case.points,
                    hidden=case.hidden,
                    passed=passed,
                    message="" if passed else ran.message,
                    seconds=round(time.monotonic() - started, 4),
                )
            )
    return _told_once(results, ends), "; ".join(faults), tuple(dict.fromkeys(names.remarks))


def _told_once(results: list[CaseResult], ends: list[int]) -> tuple[CaseResult, ...]:
    """The results with one sentence about how code ended in hidden cases; `ends` says which of them have one."""
    told = gravest(results[place].message for place in ends)
    for place in ends:
        if results[place].message == told:
            told = NOT_PASSED  # the next time
        else:
            results[place] = replace(results[place], message=NOT_PASSED)
    return tuple(results)


def run_case(case: TestCase, names: Names, seed: int) -> Ran:
    """Run one case with what the names stand for.

    Args:
        case: of a question's test file.
        names: what the case may ask for, in a room.
        seed: of what the case draws.

    Returns:
        Whether it passed, and what the student is told.

    Raises:
        NoRoom, RoomLost: if the room is gone, which is nobody's answer.
        MemoryError: of the judge's own.
    """
    names.hidden = case.hidden
    try:
        session = names.session
        computing = partial(computed, session.kind, session.needs)
        with judging(seed, names.make, session.attachments, names.remarks.append, computing, session.load):
            case.body.call_func(names)
    except (NoRoom, RoomLost, MemoryError):  # MemoryError: the judge's own, so nobody can go on here
        raise
    except Unexpected as problem:
        hint = problem.hint if case.hidden else problem.told
        return Ran(False, hint or WRONG, hinted=bool(hint))
    except StudentRaised as problem:
        told = raised_in(problem.kind, case.hidden)
        if not case.hidden or (told == RAISED and mentions_withheld(names.session)):
            told += about_withheld("ImportError" if case.hidden else problem.kind, names.session)
        return Ran(False, told, hinted=problem.kind == STUB, ended=True)
    except NotDefined as problem:
        if case.hidden and not is_nowhere_defined(problem.name, names.session.cells):
            return Ran(False, NOT_PASSED)
        return Ran(False, f"{problem.name} is not defined.", hinted=True, ended=True)
    except NotAValue as problem:
        told = f"A value is of type {problem.kind}, which is no number, list, dict or string."
        return Ran(False, told, hinted=True, ended=True)
    except RoomTooSlow:
        return Ran(False, SLOW, ended=True)
    except RoomGone as gone:
        return Ran(False, ENDED[gone.how], ended=True)
    except Exception:  # a test that stumbles over a value of the wrong kind, or a mistake of ours
        return Ran(False, WRONG_KIND, hinted=True, suspect=True, ended=True)
    return Ran(True)


def _run_or_lend(case: TestCase, names: Names, seed: int, lender: Callable[[Spare], Lender]) -> Ran:
    """Run a case and, where it fails, once more with our own answer to an earlier question in the student's place.

    What is told then is what is wrong beside the earlier mistake, where the second try has a hint of it.
    """
    again = names.session.again_if_lost
    ran = again(partial(run_case, case, names, seed))
    spare = spare_of(case.body.test_func)  # notebook_checks.in_place_of
    if ran.passed or spare is None:
        return ran
    with_spare = again(partial(_run_with, lender(spare), case, names, seed))
    return with_spare._replace(suspect=ran.suspect) if with_spare.passed or with_spare.hinted else ran


def _run_with(lender: Lender, case: TestCase, names: Names, seed: int) -> Ran:
    """Run a case with what is lent in the place of the student's."""
    try:
        names.replace(lender.spare.name, lender.spare.stand_in, lender.reply)
        return run_case(case, names, seed)
    except (StudentRaised, NotAValue, RoomTooSlow, RoomGone):
        return Ran(False)
    finally:
        with suppress(StudentRaised, NotAValue, RoomTooSlow, RoomGone, RoomLost):  # a room that is gone holds no spare
            names.restore()


def mentions_withheld(session: Session) -> bool:
    """Whether the student's own text has the name of something that the room lacks."""
    names = {name.rpartition(".")[2] for name in session.withheld}
    return any(name in cell.source for cell in session.cells if cell.role != "given" for name in names)


def about_withheld(kind: str, session: Session) -> str:
    """A sentence to add if student code may have failed because the room withholds something; "" otherwise.

    Args:
        kind: the built-in exception that student code raised.
        session: of the room, which says what it withholds.
    """
    if kind != "ImportError" or not session.withheld:
        return ""
    many = len(session.withheld) > 1
    hint = session.needs.withheld_hint
    return (
        f" {' and '.join(session.withheld)} {'are' if many else 'is'} not available here{': ' if hint else '.'}{hint}"
    )
