"""How a grading run judges, and how the engines that run inside one are told."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from autograder.course import Course
from autograder.judge import Results
from autograder.room import Limits, pick_kind

AUTO = "auto"


class WhenStarved(Enum):
    """What becomes of a verdict that hangs on a call which was starved of a processor: there is one more try.

    AT_ONCE: it is judged again, and that verdict is final. LATER: nothing, as the run tries it at its end. LAST: this
    was that try, and the verdict is final.
    """

    AT_ONCE = "at once"
    LATER = "later"
    LAST = "last"


@dataclass(frozen=True)
class Grading:
    """How a grading run judges.

    store: the folder of its results. seed: of the inputs that tests draw; None takes the store's. room: a kind; AUTO
    becomes the best one that this machine allows. known: the results to render, one for each notebook, if the run has
    them already, as it has before it calls a tool. starved: what to do with verdicts that hang on a starved call.
    questions: only notebooks with one of them are judged, and all if there are none. again: whether verdicts that still
    hold are made anew. Raises NoSuchRoom if the machine allows none.
    """

    store: Path
    course: Course
    seed: int | None = None
    room: str = AUTO
    limits: Limits = field(default_factory=Limits)
    known: tuple[Results, ...] = ()
    starved: WhenStarved = WhenStarved.AT_ONCE
    questions: frozenset[str] = frozenset()
    again: bool = False

    def __post_init__(self):
        if self.room == AUTO:
            object.__setattr__(self, "room", pick_kind(AUTO, self.course.room_needs, (self.store.parent,)))

    def wants(self, questions: Iterable[str]) -> bool:
        """Whether a notebook with these questions is to be judged."""
        return not self.questions or not self.questions.isdisjoint(questions)


_current: ContextVar[Grading | None] = ContextVar("grading", default=None)


@contextmanager
def grading_as(grading: Grading) -> Iterator[None]:
    """Let the engines that run inside judge as `grading` says: neither tool has a way to hand it through."""
    token = _current.set(grading)
    try:
        yield
    finally:
        _current.reset(token)


def course_in_force() -> Course | None:
    """The course of the grading run that has called the tool, or None if a person has."""
    grading = _current.get()
    return None if grading is None else grading.course


def in_a_run() -> bool:
    """Whether a grading run of ours has called the tool, and not a person."""
    return _current.get() is not None


def current_grading(store: Path, course: Course, room: str = AUTO) -> Grading:
    """How to judge now: as the run that is under way does it, or as the arguments say if a person called the tool.

    Args:
        store: the folder of the results. No room may see it.
        course: the course.
        room: a kind of room, or "auto".

    Raises:
        NoSuchRoom: if the machine does not allow it.
    """
    return _current.get() or Grading(store, course, room=pick_kind(room, course.room_needs, (store,)))
