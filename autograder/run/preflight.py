"""What must be there before anything is graded, each told in one line if it is not.

This module imports little, so that a grading run can start its processes early. See also autograder.course.released.
"""

import sqlite3
from contextlib import closing
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from autograder.course import Course
from autograder.errors import FIRST, MachineTrouble, NotInstalled, NotReleased, WrongCall

SQLITE = "sqlite:///"


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
    """Raises NotInstalled if a package is missing that the course's rooms have."""
    for name in course.room_needs.packages:
        try:
            distribution(name)
        except PackageNotFoundError:
            raise NotInstalled(
                f"{name}: is not installed, and the rooms of this course have it; install it where autograder is "
                f"({_how_to_install(course, name)})"
            ) from None


def need_gradebook(course: Course, folder: Path, gradebook: str = "") -> None:
    """Raises NotReleased, WrongCall or MachineTrouble if the gradebook is not one of this course that can be read."""
    if not (folder / "gradebook.db").exists():
        raise NotReleased(f"{folder / 'gradebook.db'}: is missing; {FIRST}")
    if gradebook and "://" not in gradebook:
        raise WrongCall(f"--gradebook {gradebook}: is no URL of a database, such as {SQLITE}/folder/gradebook.db")
    if gradebook and not gradebook.startswith(SQLITE):
        return  # a server's: nbgrader tells
    path = Path(gradebook.removeprefix(SQLITE).partition("?")[0]) if gradebook else folder / "gradebook.db"
    if not path.is_file():
        raise WrongCall(f"--gradebook {gradebook}: there is no such file; nbgrader makes one with 'autograder release'")
    try:
        # Not read-only: SQLite first rolls back what a killed run has left half written.
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=5)) as database:
            known = database.execute("SELECT 1 FROM assignment WHERE name = ?", (course.name,)).fetchone()
    except sqlite3.OperationalError as problem:
        if "locked" in str(problem):
            raise MachineTrouble(f"{path}: another program has locked it; end that (a formgrader?), or wait") from None
        raise WrongCall(f"{path}: cannot be used as a gradebook ({problem}); {_another(path)}") from None
    except sqlite3.DatabaseError as problem:
        raise WrongCall(f"{path}: is no gradebook, or is damaged ({problem}); {_another(path)}") from None
    if known is None:
        raise NotReleased(f"{path}: does not know the assignment {course.name}; {FIRST}")


def _another(path: Path) -> str:
    return (
        f"put a copy in its place, or move it away and run 'autograder release', which makes a new one in {path.parent}"
    )


def _how_to_install(course: Course, name: str) -> str:
    of_course = course.library is not None and name == course.room_needs.packages[0]
    return f"pip install {course.library if of_course else name}"
