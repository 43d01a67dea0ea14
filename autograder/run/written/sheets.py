"""Writes and takes sheets of written answers, with what is kept of them beside a run's results."""

from collections.abc import Collection
from pathlib import Path

from filelock import FileLock

from autograder.course import Course
from autograder.errors import WrongCall
from autograder.run.gradebook.writing import open_gradebook
from autograder.run.settle import Engine
from autograder.run.written.sheet import read_sheets, sheet_of, with_given, write_sheets, written_of_class
from autograder.run.written.sheet_in import FromSheet, given_in, write_given
from autograder.tables import read_table

LOCK = "written.lock"
"""In a run's folder: held while a sheet is taken."""


def write_sheet(
    course: Course, graded: Path, engine: Engine, students: Collection[str], path: Path, anonymous: bool
) -> int:
    """Write a sheet of the written answers of a run.

    Args:
        course: the course.
        graded: the folder of the run.
        engine: where the gradebook is.
        students: those of the run; the gradebook may hold others.
        path: the sheet.
        anonymous: whether students are codes.

    Returns:
        How many answers there are.

    Raises:
        WrongCall: if there is such a file: it may hold the work of a TA.
    """
    if path.exists():
        raise WrongCall(f"--out {path}: is there already, and may hold points; name another file, or move it away")
    sheets = read_sheets(graded)
    with open_gradebook(course, engine.folder, engine.url) as book:
        answers = [one for one in written_of_class(course, engine.folder, book) if one.student in students]
    write_sheets(graded, sheets)
    sheet_of(course, path, answers, sheets, anonymous).write(path)
    return len(answers)


def take_sheet(
    course: Course, graded: Path, engine: Engine, students: Collection[str], path: Path, overwrite: bool
) -> FromSheet:
    """Write a sheet's points and comments into the gradebook.

    Args:
        course: that was graded.
        graded: the folder of the run.
        engine: where the gradebook is; the run was graded with nbgrader.
        students: those of the run.
        path: the sheet, filled in.
        overwrite: whether to replace points that were given elsewhere since the sheet was made.

    Returns:
        What was taken, and which rows were not.

    Raises:
        WrongCall: in one line, if anything does not fit; nothing is written then.
    """
    table = read_table(path)
    alone = FileLock(graded / LOCK)  # two TAs may take their sheets at the same moment
    with alone, open_gradebook(course, engine.folder, engine.url) as book, book.all_or_nothing():
        book.hold_grades(course.name)
        sheets = read_sheets(graded)
        answers = [one for one in written_of_class(course, engine.folder, book) if one.student in students]
        taken = given_in(course, table, answers, sheets, overwrite)
        write_given(book, course, answers, taken.given)
        write_sheets(graded, with_given(sheets, taken.given))
    return taken
