"""The report's rows of students: totals, what is waiting, and each question's points."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.run.class_report.figures import Box, box_of
from autograder.run.class_report.spread import Spread, spread_of
from autograder.run.graded import Graded, NotGraded, with_verdict
from autograder.run.students import NOT_GRADED, Student

NO_SECTION = "(none)"


@dataclass(frozen=True)
class Cell:
    """A student's points in a question. score: None while it waits for a person."""

    question: str
    notebook: str
    status: str
    score: float | None


@dataclass(frozen=True)
class StudentRow:
    """One student. total: after the penalty; None where there is none yet. tests: what tests gave, bonuses included.

    status: of students.csv. cells: by question. waiting: questions that wait for a person.
    """

    student: str
    name: str
    section: str
    handed_in: str
    late_seconds: int | None
    penalty: float
    total: float | None
    tests: float | None
    status: str
    remarks: str
    cells: Mapping[str, Cell]
    waiting: tuple[str, ...]

    @property
    def late(self) -> str:
        """How late, in days and hours; "" if it was on time or that is not known."""
        if not self.late_seconds:
            return ""
        days, hours = self.late_seconds // 86400, self.late_seconds % 86400 // 3600
        parts = [f"{days} d"] * (days > 0) + [f"{hours} h"] * (hours > 0)
        return " ".join(parts) or f"{max(self.late_seconds // 60, 1)} min"


@dataclass(frozen=True)
class SectionRow:
    """One section of the roster. spread: of its students' points."""

    name: str
    students: int
    spread: Spread | None
    box: Box | None
    waiting: int
    not_graded: int


def student_rows(outcomes: Iterable[Graded | NotGraded], rows: Sequence[Student]) -> list[StudentRow]:
    """Everyone who was graded or is in students.csv, by student.

    Args:
        outcomes: what came of each notebook of everyone.
        rows: of students.csv. Who has no row there has no name, no section and no penalty.
    """
    by_student: dict[str, list[Graded | NotGraded]] = defaultdict(list)
    for one in outcomes:
        by_student[one.student].append(one)
    known = {row.student: row for row in rows}
    return [_row(name, by_student.get(name, []), known.get(name)) for name in sorted(by_student.keys() | known.keys())]


def _row(student: str, outcomes: list[Graded | NotGraded], known: Student | None) -> StudentRow:
    done = with_verdict(outcomes)
    cells = {
        question.question: Cell(
            question.question, one.notebook, one.status_of(question).value, one.scores.get(question.question)
        )
        for one in done
        for question in one.results.questions
    }
    waiting = tuple(q.question for one in done for q in one.results.questions if one.waits_for(q))
    tested = {q.question for one in done for q in one.results.questions if q.cases}
    whole = bool(done) and len(done) == len(outcomes)
    so_far = sum(cell.score or 0.0 for cell in cells.values()) if whole else None
    penalty = (known.penalty or 0.0) if known else 0.0
    total = known.score if known else so_far
    return StudentRow(
        student=student,
        name=known.name if known else "",
        section=known.section if known else "",
        handed_in=known.handed_in if known else "",
        late_seconds=known.late_seconds if known else None,
        penalty=penalty,
        total=total,
        tests=sum(cells[name].score or 0.0 for name in tested) if whole else None,
        status=known.status if known else NOT_GRADED if total is None else "waiting" if waiting else "complete",
        remarks=known.remarks if known else "",
        cells=cells,
        waiting=waiting,
    )


def section_rows(rows: Sequence[StudentRow], most: float, by_tests: bool) -> list[SectionRow]:
    """Every section's row; nothing if the roster has no sections.

    Args:
        rows: everyone.
        most: points that there are.
        by_tests: whether only what tests gave is counted.
    """
    by_section: dict[str, list[StudentRow]] = defaultdict(list)
    for row in rows:
        by_section[row.section].append(row)
    if set(by_section) <= {""}:
        return []
    return [
        _section(name, by_section[name], most, by_tests)
        for name in sorted(by_section, key=lambda name: (not name, name))
    ]


def _section(name: str, rows: list[StudentRow], most: float, by_tests: bool) -> SectionRow:
    points = (row.tests if by_tests else row.total for row in rows)
    spread = spread_of(one for one in points if one is not None)
    waiting = sum(len(row.waiting) for row in rows)
    not_graded = sum(row.total is None for row in rows)
    return SectionRow(name or NO_SECTION, len(rows), spread, box_of(spread, most), waiting, not_graded)
