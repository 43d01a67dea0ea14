"""students.csv: one row for each student, with the penalty of the whole assignment."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from autograder.atomic import replacing
from autograder.cells import as_cell_text, as_typed
from autograder.course import Course
from autograder.course.penalty import Points
from autograder.course.skeleton import load_skeletons
from autograder.errors import NoReport
from autograder.intake.names import hardly_different
from autograder.intake.owners import Origin
from autograder.intake.read import shown
from autograder.run.deadlines import Due, split
from autograder.run.graded import Graded, NotGraded, with_verdict
from autograder.run.hand_ins import HandIns, Known

FILE = "students.csv"
COMPLETE, WAITING, NOT_GRADED = "complete", "waiting", "not graded"


@dataclass(frozen=True)
class Student:
    """A row. Numbers are None where they are not known. score: what counts, after the penalty."""

    student: str
    name: str
    email: str
    section: str
    lms: str
    lms_id: str
    attempts: int
    handed_in: str
    late_seconds: int | None
    penalty: float | None
    tests: float | None
    written: float | None
    bonus: float | None
    score: float | None
    max_score: float | None
    status: str
    remarks: str


COLUMNS = tuple(field.name for field in fields(Student))


def students_of_class(
    course: Course, graded: Iterable[Graded | NotGraded], hand_ins: HandIns, due: Due
) -> list[Student]:
    """Every student's row, sorted by student: those who were graded, and those whom only the roster has.

    Args:
        course: the course.
        graded: all notebooks of everyone.
        hand_ins: what is known beside.
        due: the deadline.
    """
    by_student: dict[str, list[Graded | NotGraded]] = defaultdict(list)
    for one in graded:
        by_student[one.student].append(one)
    known = {one.student: one for one in hand_ins.known}
    names = sorted(by_student.keys() | known.keys())
    alike = {name: group for group in hardly_different(names) for name in group}
    rows = [
        _row(course, name, by_student.get(name, []), known.get(name) or Known(name, Origin()), due) for name in names
    ]
    return [_with_doubt(row, alike[row.student]) if row.student in alike else row for row in rows]


def _with_doubt(row: Student, group: tuple[str, ...]) -> Student:
    """A row that says that someone else is called nearly so."""
    others = ", ".join(name for name in group if name != row.student)
    remark = f"may be the same student as {others}, as the names differ in capital letters or blanks alone"
    return replace(row, remarks="; ".join(filter(None, (remark, row.remarks))))


def _row(course: Course, student: str, graded: list[Graded | NotGraded], known: Known, due: Due) -> Student:
    origin = known.origin
    late = due.lateness(student, origin) if known.here else None
    points, waits = points_of(course, graded)
    penalty = due.penalty(points, late.seconds if late else None) if points is not None else None
    remarks = [*origin.remarks]
    if origin.group:
        remarks.append(f"handed in together with {', '.join(origin.group)}")
    if late is not None and late.remark:
        remarks.append(late.remark)
    if not known.here:
        remarks.append("nothing was handed in")
    if graded and (absent := not_yet(course, graded)):
        remarks.append(f"not graded yet: {', '.join(absent)}")
    remarks += dict.fromkeys(f"{one.notebook}: {one.problem}" for one in graded if isinstance(one, NotGraded))
    return Student(
        student=student,
        name=origin.name,
        email=origin.email,
        section=origin.section,
        lms=origin.lms,
        lms_id=origin.lms_id,
        attempts=origin.attempts if known.here else 0,
        handed_in=due.when(origin),
        late_seconds=late.seconds if late else None,
        penalty=penalty,
        tests=points.tests if points else None,
        written=points.written if points else None,
        bonus=points.bonus if points else None,
        score=points.total - (penalty or 0.0) if points else None,
        max_score=points.asked if points else None,
        status=NOT_GRADED if points is None else WAITING if waits else COMPLETE,
        remarks="; ".join(remarks),
    )


def points_of(course: Course, graded: list[Graded | NotGraded]) -> tuple[Points | None, bool]:
    """The points of one student in the whole assignment, before any penalty.

    Args:
        course: the course.
        graded: all notebooks of this student, and of nobody else.

    Returns:
        The points, and whether a written answer waits for a person. The points are None if a notebook of the course has
        no verdict.
    """
    judged = with_verdict(graded)
    skeletons = load_skeletons(course)
    if not graded or len(judged) < len(graded) or not_yet(course, graded):
        return None, False
    tests = written = bonus = asked = 0.0
    waits = False
    for one in judged:
        by_hand = {cell.question for cell in skeletons[one.notebook].written} if one.notebook in skeletons else set()
        for question in one.results.questions:
            score = one.scores.get(question.question)
            waits = waits or one.waits_for(question)
            asked += question.max_score
            if question.bonus:
                bonus += score or 0.0
            elif question.question in by_hand:
                written += score or 0.0
            else:
                tests += score or 0.0
    return Points(tests, written, bonus, asked), waits


def not_yet(course: Course, graded: Iterable[Graded | NotGraded]) -> list[str]:
    """The notebooks of the course that have not been looked at, as only some were asked for.

    Args:
        course: the course.
        graded: all notebooks of one student that were looked at, with a verdict or without.
    """
    there = {one.notebook for one in graded}
    return [name for name in load_skeletons(course) if name not in there]


def penalties_of(row: Student, graded: Iterable[Graded | NotGraded], due: Due) -> dict[str, float]:
    """The penalty's part in each notebook of a student.

    Args:
        row: of students.csv, with the penalty of the whole assignment in points.
        graded: notebooks with the points that count. Those of other students are skipped.
        due: the deadline, which says whether bonuses are cut as well.

    Returns:
        Notebook → points that are lost there, for each notebook with a verdict.
    """
    cuts_bonus = due.deadline is None or due.deadline.bonus == "cut" or row.score == 0
    points = {
        one.notebook: sum(one.scores.get(q.question) or 0.0 for q in one.results.questions if cuts_bonus or not q.bonus)
        for one in graded
        if isinstance(one, Graded) and one.student == row.student
    }
    return split(row.penalty or 0.0, points)


def write_students(path: Path, rows: Iterable[Student]) -> None:
    """Write students.csv anew, or leave it as it was.

    Args:
        path: of the file.
        rows: in their order.
    """
    with replacing(path) as partial, partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([_written(getattr(row, column)) for column in COLUMNS])


def as_cell(value: object) -> str:
    """A cell's text: a number without needless digits, "" for what is not known."""
    if value is None:
        return ""
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _written(value: object) -> str:
    return as_cell_text(value) if isinstance(value, str) else as_cell(value)


def read_students(out: Path) -> list[Student]:
    """The rows that a run has written.

    Raises:
        NoReport: if students.csv is missing or damaged.
    """
    try:
        with (out / FILE).open(newline="", encoding="utf-8") as file:
            return [_read_row(row) for row in csv.DictReader(file)]
    except (OSError, ValueError, LookupError, TypeError) as problem:
        raise NoReport(
            f"{out}: holds no {FILE}; run 'autograder grade' or 'autograder report' first ({problem})"
        ) from None


def _read_row(row: Mapping[str, str]) -> Student:
    numbers = ("penalty", "tests", "written", "bonus", "score", "max_score")
    values: dict[str, object] = {column: as_typed(row[column]) for column in COLUMNS}
    values |= {column: float(row[column]) if row[column] else None for column in numbers}
    values["attempts"] = int(row["attempts"])
    values["late_seconds"] = int(row["late_seconds"]) if row["late_seconds"] else None
    return Student(**values)  # type: ignore[arg-type]


MOST_NAMED = 6


def few_named(students: Sequence[str], many: str) -> str:
    """Students by their names, for a line that is told; `many` in their place where there are more than MOST_NAMED."""
    return ", ".join(map(shown, students)) if len(students) <= MOST_NAMED else many
