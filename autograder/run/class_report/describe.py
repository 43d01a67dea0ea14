"""All that report.html shows, computed: what the template needs, and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from autograder.judge import Status
from autograder.room import NONE
from autograder.run.class_report.figures import Bar, Box, box_of, distribution
from autograder.run.class_report.looks import Look, looks_of
from autograder.run.class_report.messages import Told
from autograder.run.class_report.questions import (
    ORDER,
    Message,
    QuestionRow,
    answers_by_question,
    messages_of,
    question_row,
)
from autograder.run.class_report.spread import Spread, spread_of
from autograder.run.class_report.students import SectionRow, StudentRow, section_rows, student_rows
from autograder.run.graded import Graded, NotGraded, with_verdict, without_verdict
from autograder.run.hints import Repeated
from autograder.run.regrades.table import Regrade
from autograder.run.similarity.similar import Similar
from autograder.run.students import Student

OTHERS = (Told.UNWRITTEN, Told.STOPPED, Told.UNEXPLAINED)


@dataclass(frozen=True)
class Report:
    """A class, described.

    Args:
        title: of the course.
        students: everyone's row.
        questions: in the course's order.
        messages: what students were told, the most frequent first.
        sections: of the roster; nothing without one.
        by_tests: whether points are what tests gave, as written answers wait. most: of these points.
        looks: what a person should look at.
        repeated: hints that were told again at a later attempt.
        similar: pairs with similar code; None if that was not asked for.
        outcomes: of each notebook.
        told_of: rows of students.csv with remarks.
        absent: how many are in the roster and have handed in nothing.
        regrades: what students ask of their points, and what was decided.
    """

    title: str
    students: Sequence[StudentRow]
    questions: Sequence[QuestionRow]
    messages: Sequence[Message]
    sections: Sequence[SectionRow]
    by_tests: bool
    most: float
    looks: Sequence[Look]
    outcomes: Sequence[Graded | NotGraded]
    repeated: Sequence[Repeated] = ()
    similar: Similar | None = None
    told_of: Sequence[Student] = ()
    absent: int = 0
    regrades: Sequence[Regrade] = ()
    order: tuple[Status, ...] = field(default=ORDER)

    @cached_property
    def done(self) -> list[Graded]:
        """Notebooks with a verdict."""
        return with_verdict(list(self.outcomes))

    @property
    def problems(self) -> list[NotGraded]:
        """Notebooks without one."""
        return without_verdict(list(self.outcomes))

    @cached_property
    def runs(self) -> list[tuple[int, str]]:
        """(seed, kind of room) of all verdicts."""
        return sorted({(one.results.seed, one.results.room) for one in self.done})

    @property
    def trusted(self) -> bool:
        """Whether student code had no walls around it."""
        return any(room == NONE for _, room in self.runs)

    @property
    def retried(self) -> list[str]:
        """What was judged a second time."""
        return [f"{one.student}, {one.notebook}" for one in self.done if one.results.retried]

    @property
    def faults(self) -> list[str]:
        """Questions whose tests failed on the model answer."""
        return [f"{q.question} ({one.student})" for one in self.done for q in one.results.questions if q.course_fault]

    @property
    def versions(self) -> list[tuple[str, str]]:
        """What has graded."""
        return sorted({pair for one in self.done for pair in one.results.versions.items()})

    @cached_property
    def points(self) -> list[float]:
        """The points that are looked at, of everyone who has some."""
        of = (one.tests if self.by_tests else one.total for one in self.students)
        return [points for points in of if points is not None]

    @property
    def spread(self) -> Spread | None:
        """Of these points."""
        return spread_of(self.points)

    @property
    def box(self) -> Box | None:
        """The same as a picture."""
        return box_of(self.spread, self.most)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """How they are distributed."""
        return distribution(self.points, self.most)

    @property
    def misconceptions(self) -> list[Message]:
        """Hints that were told, of the whole class, the most frequent first."""
        return sorted((one for one in self.messages if one.kind is Told.HINT), key=lambda one: -len(one.who))

    @property
    def others(self) -> list[tuple[str, list[Message]]]:
        """What was told beside hints, by its kind."""
        kinds = ((kind.value, [one for one in self.messages if one.kind is kind]) for kind in OTHERS)
        return [(name, messages) for name, messages in kinds if messages]

    @staticmethod
    def people(messages: Iterable[Message]) -> int:
        """How many students were told any of these."""
        return len({student for one in messages for student in one.who})

    @property
    def waits(self) -> list[QuestionRow]:
        """Questions with answers that wait for a person."""
        return [one for one in self.questions if one.waiting]

    @property
    def waiting(self) -> int:
        """How many answers wait."""
        return sum(len(one.waiting) for one in self.questions)

    @property
    def open_regrades(self) -> list[Regrade]:
        """Requests that somebody has to decide."""
        return [one for one in self.regrades if one.is_open]

    @property
    def late(self) -> int:
        """How many were late."""
        return sum(bool(one.late_seconds) for one in self.students)

    @property
    def penalized(self) -> int:
        """How many lost points by it."""
        return sum(bool(one.penalty) for one in self.students)

    @property
    def named(self) -> bool:
        """Whether students' names are known."""
        return any(one.name for one in self.students)

    @cached_property
    def alike(self) -> frozenset[str]:
        """Students whose code is similar to someone's."""
        pairs = self.similar.pairs if self.similar else ()
        return frozenset(name for pair in pairs for name in (pair.first, pair.second))

    @property
    def parts(self) -> list[tuple[str, str]]:
        """(anchor, heading) of the sections that there are."""
        wanted = (
            ("points", "Points", self.spread),
            ("questions", "Questions", self.questions),
            ("misconceptions", "Misconceptions", self.questions),
            ("hints", "Hints that did not help", self.repeated),
            ("waiting", "Waiting for a TA", self.waits),
            ("regrades", "Regrade requests", self.regrades),
            ("sections", "Sections", self.sections),
            ("similar", "Similar code", self.similar),
            ("look", "Look at these", self.questions or self.looks),
            ("hand-ins", "Hand-ins", self.told_of),
            ("all-students", "Students", True),
        )
        return [(anchor, name) for anchor, name, there in wanted if there]


def described(
    title: str,
    outcomes: Sequence[Graded | NotGraded],
    left_out: Sequence[str],
    rows: Sequence[Student],
    repeated: Sequence[Repeated] = (),
    similar: Similar | None = None,
    regrades: Sequence[Regrade] = (),
) -> Report:
    """Describe a class.

    Args:
        title: of the course.
        outcomes: what came of each notebook.
        left_out: what belongs to no student, a line each.
        rows: of students.csv.
        repeated: hints that were told again.
        similar: pairs with similar code.
        regrades: what students ask of their points, and what was decided.
    """
    done = with_verdict(list(outcomes))
    students = student_rows(outcomes, rows)
    answers = answers_by_question(done)
    totals = {
        one.student: sum(cell.score or 0.0 for cell in one.cells.values()) for one in students if one.tests is not None
    }
    questions = [question_row(of, totals) for of in answers]
    by_tests = any(question.waiting or not (question.tested or question.spread) for question in questions)
    most = sum(question.points for question in questions if question.tested or not by_tests)  # bonuses, too
    return Report(
        title=title,
        students=students,
        questions=questions,
        messages=[message for of in answers for message in messages_of(of)],
        sections=section_rows(students, most, by_tests),
        by_tests=by_tests,
        most=most,
        looks=[*(Look("", "", "", line) for line in left_out), *looks_of(done)],
        outcomes=outcomes,
        repeated=repeated,
        similar=similar,
        regrades=regrades,
        told_of=[row for row in rows if row.remarks],
        absent=sum(row.attempts == 0 for row in rows),
    )
