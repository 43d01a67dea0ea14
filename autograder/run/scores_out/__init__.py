"""Scores for a learning-management system: one module for each, and the command that writes its file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course
from autograder.errors import WrongCall
from autograder.run.hand_ins import HandIns
from autograder.run.scores_out import blackboard, brightspace, canvas, moodle, plain
from autograder.run.scores_out.filling import Assignment, Filled, Score
from autograder.run.students import COMPLETE, NOT_GRADED, WAITING, Student, few_named
from autograder.tables import Table, read_table

BLANK, TESTS = "blank", "tests"
"""What stands for a student whose written answers wait: nothing, or the points so far."""


@dataclass(frozen=True)
class System:
    """How the file for a system is made.

    fill: puts the scores of everyone who was graded into the assignment's column of a table that the system gave, which
        is changed; None if it gives none. Raises WrongCall if that is no such table, or if it is not clear which column
        is meant.
    make: makes a file without one; None if that cannot be.
    """

    fill: Callable[[Table, Assignment, list[Score]], Filled] | None
    make: Callable[[Assignment, list[Score]], Filled] | None


SYSTEMS = {
    "canvas": System(canvas.fill, canvas.make),
    "moodle": System(moodle.fill, moodle.make),
    "blackboard": System(blackboard.fill, None),
    "brightspace": System(brightspace.fill, brightspace.make),
    "csv": System(None, plain.make),
}


def scores_for(
    system: str,
    course: Course,
    rows: list[Student],
    hand_ins: HandIns,
    template: Path | None = None,
    column: str = "",
    waiting: str = BLANK,
) -> Filled:
    """The table that a system takes.

    Args:
        system: one of SYSTEMS.
        course: the course.
        rows: of students.csv.
        hand_ins: what is known of the students' ids.
        template: the file that was downloaded from the system.
        column: the title of its column; by default the course's.
        waiting: BLANK or TESTS.

    Returns:
        The table, and who is not in it.

    Raises:
        WrongCall: in one line, if a name is unknown, or the template is missing or of another course.
    """
    if system not in SYSTEMS:
        raise WrongCall(f"--for {system}: there is no such system; it is one of {', '.join(SYSTEMS)}")
    if waiting not in (BLANK, TESTS):
        raise WrongCall(f"--waiting {waiting}: it is {BLANK} or {TESTS}")
    of = SYSTEMS[system]
    known = {one.student: one.origin for one in hand_ins.known}
    scores = [Score.of(row, known.get(row.student), _text(row, waiting)) for row in rows]
    most = max((row.max_score for row in rows if row.max_score is not None), default=None)
    titles = tuple(dict.fromkeys([column] if column else [course.title, course.name, course.name.replace("_", " ")]))
    assignment = Assignment(titles, most)
    if template is None:
        if of.make is None:
            raise WrongCall(
                f"--for {system}: needs --template, the file that you download from there, which has the column's id"
            )
        return _with_blanks(of.make(assignment, scores), scores)
    if of.fill is None:
        raise WrongCall(f"--for {system}: takes no --template")
    table = read_table(template)
    filled = of.fill(table, assignment, scores)
    if not filled.matched:
        raise WrongCall(f"{template}: has none of the {len(rows)} students; is it of another course?")
    return _with_blanks(filled, scores)


def _with_blanks(filled: Filled, scores: list[Score]) -> Filled:
    """The same, with lines that say for whom no score is written: uploaded, it may pass for the whole class."""
    blank = [one.row for one in scores if not one.text and one.row.student not in filled.unmatched]
    waiting = [row.student for row in blank if row.status == WAITING]
    others = [row.student for row in blank if row.status != WAITING]
    lines = [
        f"no score is written, as {why}: {few_named(students, f'{len(students)} students (students.csv tells who)')}"
        for why, students in (
            ("written answers wait for a person (--waiting tests writes the points so far)", waiting),
            ("they are not graded", others),
        )
        if students
    ]
    return replace(filled, notes=(*filled.notes, *lines))


def _text(row: Student, waiting: str) -> str:
    """What is written for a student; "" for no grade."""
    counts = row.status == COMPLETE or (row.status == WAITING and waiting == TESTS)
    if not counts or row.status == NOT_GRADED or row.score is None:
        return ""
    return f"{row.score:.4f}".rstrip("0").rstrip(".")
