"""One student's page of feedback: what is on it, and how it is written. It holds no script, and needs no network."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric, for written answers that were graded in a sheet. points: given of it; most: possible."""

    text: str
    points: float
    most: float


@dataclass(frozen=True)
class Asked:
    """A regrade request of the student's. decided, by: "" while it is open. moved: the points before and after."""

    asked: str
    decided: str = ""
    by: str = ""
    moved: str = ""


@dataclass(frozen=True)
class QuestionPart:
    """One question on a page.

    name: "q1"; heading: its heading in the notebook. score: None while it waits for a person. most: 0 for a bonus.
    status: a word, or "". hints: lines of text. answer: the student's own text, as HTML. code: the student's own code.
    comment: a TA's, as HTML. criteria: of the rubric, where they are known. asked: regrade requests.
    """

    name: str
    heading: str
    score: float | None
    most: float
    status: str = ""
    hints: tuple[str, ...] = ()
    answer: str = ""
    code: str = ""
    comment: str = ""
    criteria: tuple[Criterion, ...] = ()
    asked: tuple[Asked, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether points are missing that the student can think about."""
        return self.score is not None and self.score < self.most


@dataclass(frozen=True)
class NotebookPart:
    """One notebook on a page. notes: what was restored of what was handed in. problem: why it has no points, or ""."""

    name: str
    title: str
    questions: tuple[QuestionPart, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def score(self) -> float:
        """The points so far, bonuses included."""
        return sum(one.score or 0.0 for one in self.questions)

    @property
    def most(self) -> float:
        """The points that there are, without bonuses."""
        return sum(one.most for one in self.questions)

    @property
    def waits(self) -> bool:
        """Whether a written answer waits for a person."""
        return any(one.score is None for one in self.questions)


@dataclass(frozen=True)
class Late:
    """What the student lost by handing in late. lost: points. told: how late, in words, or ""."""

    lost: float
    told: str = ""


@dataclass(frozen=True)
class Page:
    """A student's page. notebooks: all of the assignment. late: the whole assignment's penalty, if there is one."""

    course: str
    student: str
    notebooks: tuple[NotebookPart, ...]
    late: Late | None = None
    remarks: tuple[str, ...] = field(default_factory=tuple)

    @property
    def score(self) -> float:
        """The points so far, after the penalty."""
        return max(sum(one.score for one in self.notebooks) - (self.late.lost if self.late else 0.0), 0.0)

    @property
    def most(self) -> float:
        """The points that there are, without bonuses."""
        return sum(one.most for one in self.notebooks)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The questions that wait for a person."""
        return tuple(one.name for part in self.notebooks for one in part.questions if one.score is None)

    @property
    def next_steps(self) -> tuple[QuestionPart, ...]:
        """The questions to look at again, those with the most points to gain first."""
        missed = [one for part in self.notebooks for one in part.questions if one.is_open]
        return tuple(sorted(missed, key=lambda one: (one.score or 0.0) - one.most))


def written(page: Page) -> str:
    """The page as HTML."""
    return _template().render(page=page)


@lru_cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = _points
    return environment.get_template("feedback.html.j2")


def _points(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")
