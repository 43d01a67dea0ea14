"""What must be there before anything is graded, each told in one line if it is not.

This module imports little, so that a grading run can start its processes early. See also autograder.course.released.
"""

import sqlite3
from contextlib import closing
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from autograder.course import Course
from autograder.course.gradebook_url import sqlite_file
from autograder.errors import FIRST, MachineTrouble, NotInstalled, NotReleased, WrongCall


def need_for_grading(course: Course, folder: Path, engine: str, gradebook: str = "") -> None:
    """See to it that a course can be graded.

    Args:
        course: the course.
        folder: nbgrader's own course folder.
        engine: "nbgrader" or "otter".
        gradebook: the URL of the gradebook's database; "" for the one in `folder`.

    Raises:
        NotReleased: if what the engine needs of the release is missing.
        NotInstalled: if a package is missing.
        WrongCall: if the gradebook is none.
        MachineTrouble: if the gradebook is locked.
    """
    need_packages(course)
    if engine == "nbgrader":
        need_gradebook(course, folder, gradebook)
    else:
        for name in course.notebooks:
            archive = course.dist / "otter" / name / "autograder.zip"
            if not archive.exists():
                raise NotReleased(f"{archive}: is missing; {FIRST}")


def need_packages(course: Course) -> None:
    """See to it that all packages are installed that the course's rooms have.

    Raises:
        NotInstalled: if one is missing.
    """
    for name in course.room_needs.packages:
        try:
            distribution(name)
        except PackageNotFoundError:
            raise NotInstalled(
                f"{name}: is not installed, and the rooms of this course have it; install it where autograder is "
                f"({_how_to_install(course, name)})"
            ) from None


def need_gradebook(course: Course, folder: Path, gradebook: str = "") -> None:
    """See to it that there is a gradebook of this course that can be read.

    Args:
        course: the course.
        folder: nbgrader's own course folder.
        gradebook: the URL of another gradebook, which gets the release's notebooks; "" for the one in `folder`.

    Raises:
        NotReleased: if it is missing, or does not know the assignment.
        WrongCall: if it is no gradebook, or one of another version of nbgrader.
        MachineTrouble: if it is locked, or its server does not answer.
        NotInstalled: if the other gradebook needs psycopg, and it is missing.
        CourseError: if students are graded in the other gradebook whose cells would change.
    """
    if not (folder / "gradebook.db").exists():
        raise NotReleased(
            f"{folder / 'gradebook.db'}: is missing; {FIRST}, or name nbgrader's folder with --nbgrader-course"
        )
    _need_file(course, folder / "gradebook.db")
    if not gradebook:
        return
    from autograder.engines.database import need_database  # imports SQLAlchemy

    path = sqlite_file(gradebook)
    if path is not None and path.exists() and path.stat().st_size:
        _need_file(course, path, is_own=False)
    need_database(gradebook)
    from autograder.run.gradebook.writing import bring_to_release

    bring_to_release(course, folder, gradebook)


def _need_file(course: Course, path: Path, is_own: bool = True) -> None:
    """Raises NotReleased, WrongCall or MachineTrouble if a file is no gradebook that can be read.

    is_own: whether it is the course's own, and so must know the assignment.
    """
    from autograder.engines.table_version import version_problem

    try:
        # Not read-only: SQLite first rolls back what a killed run has left half written.
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=5)) as database:
            known = database.execute("SELECT 1 FROM assignment WHERE name = ?", (course.name,)).fetchone()
            stamped = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as problem:
        if "locked" in str(problem):
            raise MachineTrouble(f"{path}: another program has locked it; end that (a formgrader?), or wait") from None
        raise WrongCall(f"{path}: cannot be used as a gradebook ({problem}); {_another(path)}") from None
    except sqlite3.DatabaseError as problem:
        raise WrongCall(f"{path}: is no gradebook, or is damaged ({problem}); {_another(path)}") from None
    if another := version_problem(stamped and stamped[0], str(path)):
        raise WrongCall(another)
    if known is None and is_own:
        raise NotReleased(f"{path}: does not know the assignment {course.name}; {FIRST}")


def _another(path: Path) -> str:
    return (
        f"put a copy in its place, or move it away and run 'autograder release', which makes a new one in {path.parent}"
    )


def _how_to_install(course: Course, name: str) -> str:
    of_course = course.library is not None and name == course.room_needs.packages[0]
    return f"pip install {course.library if of_course else name}"
