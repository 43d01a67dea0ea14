"""What nbgrader's gradebook holds of a class's questions, with the points of TAs, brought to what a run has graded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy.orm import Query

from autograder.run.graded import Graded, NotGraded

Place = tuple[str, str]
"""A student and a notebook."""


@dataclass(frozen=True)
class Mark:
    """One question of one student in the gradebook.

    by_tests: what tests gave; None for a written answer. by_hand: a TA's points, which go before all. extra: a TA's
    extra credit. asks: whether nbgrader asks for a person.
    """

    by_tests: float | None
    by_hand: float | None
    extra: float
    asks: bool

    @property
    def score(self) -> float | None:
        """The points that count; None where nobody has given any yet.

        A TA's points count until they are looked at again.
        """
        if self.by_hand is not None:
            return self.by_hand + self.extra
        return None if self.asks else (self.by_tests or 0.0) + self.extra

    @property
    def asks_again(self) -> bool:
        """Whether a person has graded it, and what was graded has changed since."""
        return self.asks and self.by_hand is not None


def of_assignment(query: Query, assignment: str) -> Query:
    """A query limited to the notebooks of one assignment, with their students and names at hand.

    Args:
        query: of SubmittedNotebook, which it must select from or join already.
        assignment: the course's name.
    """
    return (
        query.join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name == assignment)
    )


def marks_of_class(book: Gradebook, assignment: str) -> dict[Place, dict[str, Mark]]:
    """All that the gradebook holds of an assignment, in one query.

    Args:
        book: the gradebook.
        assignment: the course's name.

    Returns:
        (student, notebook) → question → mark.
    """
    query = (
        book.db.query(
            SubmittedAssignment.student_id,
            Notebook.name,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
        )
        .select_from(Grade)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
    )
    marks: dict[Place, dict[str, Mark]] = defaultdict(dict)
    for student, notebook, question, by_tests, by_hand, extra, asks in of_assignment(query, assignment):
        marks[student, notebook][question] = Mark(by_tests, by_hand, extra or 0.0, asks)
    return dict(marks)


@dataclass(frozen=True)
class Marked:
    """What was graded, with the gradebook's points. others: students of whom it holds points of other verdicts."""

    graded: list[Graded | NotGraded]
    others: tuple[str, ...] = field(default=())


def with_marks(graded: Iterable[Graded | NotGraded], marks: Mapping[Place, Mapping[str, Mark]]) -> Marked:
    """What was graded, with the points that count by the gradebook.

    A notebook of which the gradebook knows nothing stays as it is. So does one whose tests have given other points
    there: it is of another grading run.

    Args:
        graded: notebooks of any students.
        marks: of `marks_of_class`.
    """
    marked: list[Graded | NotGraded] = []
    others = []
    for one in graded:
        known = marks.get((one.student, one.notebook))
        if known is None or isinstance(one, NotGraded):
            marked.append(one)
        elif is_of(one, known):
            marked.append(_marked(one, known))
        else:
            marked.append(one)
            others.append(one.student)
    return Marked(marked, tuple(dict.fromkeys(others)))


def is_of(one: Graded, marks: Mapping[str, Mark]) -> bool:
    """Whether the gradebook holds what tests gave in this verdict, and knows every question of it.

    Args:
        one: the verdict.
        marks: question → mark, of the same student and notebook.
    """
    for question in one.results.questions:
        mark = marks.get(question.question)
        if mark is None:
            return False
        if question.score is not None and abs((mark.by_tests or 0.0) - question.score) > 1e-6:
            return False
    return True


def _marked(one: Graded, marks: Mapping[str, Mark]) -> Graded:
    names = [question.question for question in one.results.questions]
    again = frozenset(name for name in names if marks[name].asks_again)
    return replace(one, scores={name: marks[name].score for name in names}, again=again)
