"""Runs the cases of a test file against what is in a room."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from otter.test_files import TestCase

from autograder.judge.results import CaseResult
from autograder.judge.session import Session
from autograder.judge.values import Names, NotDefined, StudentRaised
from autograder.release.tests import Question
from autograder.room import NoRoom, RoomGone, RoomLost, RoomTooSlow
from scalelab.checking import NotAValue, Unexpected, judging, spare_of

WRONG = "A value is not the expected one."
STUB = "NotImplementedError"
SLOW = "A call did not end in time."
ENDED = {
    "gone": "A call ended the kernel.",
    "memory": "A call used up more memory than there is for one submission.",
    "disk": "A call used up more of the disk than there is for one submission.",
}
LATE = "The tests of this question did not end in time."
RAISED = "A call raised "
HINTLESS = {WRONG, SLOW, *ENDED.values()}
"""What is told where no misconception is named."""


def run_cases(
    question: Question, session: Session, seed: int, model_passes: Callable[[str], bool]
) -> tuple[tuple[CaseResult, ...], str, tuple[str, ...]]:
    """Run every case of a question. Returns their results, what is the course's fault, or "", and the remarks.

    model_passes: whether the model answer passes the case of a name. A case that raises anything that is no
    verdict of its own is tried on it: where that fails too, the fault is ours, and the case's points are given.
    """
    names = Names(session, session.limits.question_seconds)
    results, faults = [], []
    for case in question.load().test_cases:
        started = time.monotonic()
        passed, message, suspect = False, LATE, False
        if names.seconds_left > 0:
            passed, message, suspect = session.again_if_lost(partial(run_case, case, names, seed))
            if not passed:
                passed, hint = session.again_if_lost(partial(_run_with_spare, case, names, seed))
                message = hint or message
        name = case.body.test_func.__name__
        if suspect and not passed and not model_passes(name):
            passed = True
            faults.append(f"the test {name} of {question.name} fails on the model answer")
        results.append(
            CaseResult(
                name=name,
                points=case.points,
                hidden=case.hidden,
                passed=passed,
                message="" if passed else message,
                seconds=round(time.monotonic() - started, 4),
            )
        )
    return tuple(results), "; ".join(faults), tuple(dict.fromkeys(names.remarks))


def run_case(case: TestCase, names: Names, seed: int) -> tuple[bool, str, bool]:
    """Whether a case passes, what is told where it does not, and whether its own code is to be suspected."""
    try:
        with judging(seed, names.make, names.session.trained, names.remarks.append):
            case.body.call_func(names)
    except (NoRoom, RoomLost):
        raise
    except Unexpected as problem:
        return False, (problem.hint or WRONG) if case.hidden else problem.told, False
    except StudentRaised as problem:
        return False, _told_of(problem.kind) + about_withheld(problem.kind, names.session), False
    except NotDefined as problem:
        return False, f"{problem.name} is not defined.", False
    except NotAValue as problem:
        return False, f"A value is of type {problem.kind}, which is no number, list, dict or string.", False
    except RoomTooSlow:
        return False, SLOW, False
    except RoomGone as gone:
        return False, ENDED[gone.how], False
    except Exception as problem:  # a test that stumbles over a value of the wrong kind, or a mistake of ours
        return False, f"A value is of the wrong kind: looking at it gave {type(problem).__name__}.", True
    return True, "", False


def _run_with_spare(case: TestCase, names: Names, seed: int) -> tuple[bool, str]:
    """Whether a case passes with our own answer to an earlier question in the place of the student's, and the hint.

    The hint is what is wrong beside the earlier mistake; "" where there is none. False where the case names no answer
    of ours (scalelab.checking.in_place_of).
    """
    spare = spare_of(case.body.test_func)
    if spare is None:
        return False, ""
    try:
        names.replace(*spare)
        passed, message, _ = run_case(case, names, seed)
        return passed, "" if message in HINTLESS or message.startswith(RAISED) else message
    except (StudentRaised, NotAValue, RoomTooSlow, RoomGone):
        return False, ""
    finally:
        with suppress(StudentRaised, NotAValue, RoomTooSlow, RoomGone, RoomLost):  # a room that is gone holds no spare
            names.restore()


def about_withheld(kind: str, session: Session) -> str:
    """A sentence to add where student code raised `kind`, and the room lacks what it may have tried to import."""
    if kind != "ImportError" or not session.withheld:
        return ""
    return (
        f" {' and '.join(session.withheld)} are not to be had here:"
        " the network is to be built of nn.Conv2d, nn.BatchNorm2d and nn.Linear."
    )


def _told_of(kind: str) -> str:
    if kind == "MemoryError":
        return ENDED["memory"]
    if kind == STUB:
        return "Not written yet: a stub's NotImplementedError is still there."
    return f"{RAISED}{kind}."
