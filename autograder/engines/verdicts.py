"""Where an engine gets a submission's Results from: the store, or else the judge."""

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import COURSE, Course
from autograder.intake.submission import Submission
from autograder.judge import QuestionResult, Results
from autograder.judge.store import Store, key_of
from autograder.room import NONE, Limits, pick_kind


@dataclass(frozen=True)
class Grading:
    """How a grading run judges. store: the folder of its results. seed: None takes the one of the store.
    room: the kind; the best one that this machine allows, if nothing is said. Raises NoSuchRoom where it allows none.

    known: the Results to render, where the run has them already, as it has before it calls otter.
    """

    store: Path
    seed: int | None = None
    room: str = field(default_factory=pick_kind)
    limits: Limits = field(default_factory=Limits)
    course: Course = COURSE
    known: Results | None = None


WIDTH = 100
"""Characters of a line of feedback: nbgrader's pages do not wrap them."""

_current: ContextVar[Grading | None] = ContextVar("grading", default=None)


@contextmanager
def grading_as(grading: Grading) -> Iterator[None]:
    """Let the engines that run inside judge as `grading` says: neither tool has a way to hand it through."""
    token = _current.set(grading)
    try:
        yield
    finally:
        _current.reset(token)


def in_a_run() -> bool:
    """Whether a grading run of ours has called the tool, and not a person."""
    return _current.get() is not None


def current_grading(store: Path, room: str = "auto") -> Grading:
    """How to judge now. Where a tool was called by itself: with results in `store`, in a room as it was told.

    Raises NoSuchRoom where the machine does not allow it.
    """
    return _current.get() or Grading(store, room=pick_kind(room))


def results_for(submission: Submission, grading: Grading) -> Results:
    """The Results of a submission: those that the run has already, else new ones, which are kept."""
    if grading.known is not None:
        return grading.known
    store = Store(grading.store)
    key = key_of(submission, grading.room, grading.limits, grading.course)
    known = store.load(submission.student, submission.notebook, key)
    if known is not None and grading.seed in (None, known.seed):
        return known
    from autograder.judge.judging import judge  # imports otter, and who finds all results does without

    seed = store.seed() if grading.seed is None else grading.seed
    results = judge(submission, seed, grading.room, grading.limits, grading.course)
    return store.save(results, key)


def spoken(result: QuestionResult, room: str = "") -> str:
    """One question's verdict as text for the student: score, status, and what to think about.

    room: the kind that its code ran in; said where it had no walls, so that nobody takes the score for more than it is.
    """
    score = "not graded yet" if result.score is None else f"{result.score:g}"
    most = "bonus" if result.bonus else f"of {result.max_score:g}"
    verdict = f"{result.question}: {score} {most} points, {result.status}."
    if room == NONE:
        verdict += " (Graded without a room: student code was trusted.)"
    lines = [textwrap.fill(line, WIDTH, subsequent_indent="    ") for line in result.message.split("\n") if line]
    return "\n".join([verdict, *lines]) + "\n"
