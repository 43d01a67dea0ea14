"""What a verdict is: plain, frozen, and the same for every engine that renders it."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from pydantic import ConfigDict, TypeAdapter

STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
"""How results are read back: a file that was edited by hand is an error, and never points."""


class Status(StrEnum):
    """How a question stands."""

    CORRECT = "correct"
    PARTIAL = "partial"
    WRONG = "wrong"
    MISSING = "missing"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    UNGRADED = "ungraded"


@dataclass(frozen=True)
class CaseResult:
    """One test case. message: what the student is told, without a hidden input. seconds: wall clock."""

    __pydantic_config__ = STRICT

    name: str
    points: float
    hidden: bool
    passed: bool
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class QuestionResult:
    """One question. score: None where nobody has graded it yet. max_score: 0 for a bonus.

    course_fault: whether a test of ours failed on the model answer too; its points are given then.
    remarks: what the instructor should know, and no student is told.
    """

    __pydantic_config__ = STRICT

    question: str
    score: float | None
    max_score: float
    status: Status
    message: str = ""
    bonus: bool = False
    course_fault: bool = False
    cases: tuple[CaseResult, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Results:
    """The verdict on one notebook of one student. seed: of the inputs that were drawn. seconds: wall clock.

    notes: what intake had to restore. room: where the code ran. versions: of what graded. starved: whether a call or a
    cell ran out of time because it waited for a processor. retried: whether this verdict is of a second try, with
    nothing beside it, for that reason. held_by: what held the room's memory and processes to their limits: a version
    of the kernel's control groups, or "polling"; "" for a room without walls.
    """

    __pydantic_config__ = STRICT

    student: str
    notebook: str
    seed: int
    questions: tuple[QuestionResult, ...]
    notes: tuple[str, ...] = ()
    room: str = "none"
    seconds: float = 0.0
    key: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    starved: bool = False
    retried: bool = False
    held_by: str = ""
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def waits_for_retry(self) -> bool:
        """Whether this hangs on a call that was starved, and which has not been tried again yet."""
        return self.starved and not self.retried

    @property
    def score(self) -> float:
        """The points that tests gave, bonuses included."""
        return sum(question.score or 0.0 for question in self.questions)

    def question(self, name: str) -> QuestionResult:
        """The result of one question.

        Raises:
            KeyError: if the notebook has no such question.
        """
        for question in self.questions:
            if question.question == name:
                return question
        raise KeyError(name)

    def to_json(self) -> str:
        """This as JSON, to be kept."""
        return _adapter().dump_json(self, indent=1).decode()

    @classmethod
    def from_json(cls, text: str) -> "Results":
        """Read what `to_json` wrote.

        Raises:
            ValueError: for anything else.
        """
        return _adapter().validate_json(text)


@lru_cache
def _adapter() -> TypeAdapter[Results]:
    return TypeAdapter(Results)
