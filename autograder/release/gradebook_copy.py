"""nbgrader's gradebook during a release: nbgrader changes a copy, which takes its place only if all went well."""

import sqlite3
from contextlib import closing
from pathlib import Path

from autograder.errors import CourseError, MachineTrouble


def copy_gradebook(book: Path, copy: Path) -> tuple[int, int] | None:
    """Copy a gradebook as it is between two changes.

    Args:
        book: the gradebook, a SQLite file. What a killed program has left half written is rolled back in it.
        copy: the file to write, with the gradebook's permissions.

    Returns:
        What `state_of` gave just before; None if there is no gradebook, and so no copy.

    Raises:
        MachineTrouble: if it is locked.
        CourseError: if it is no database.
    """
    if state_of(book) is None:
        return None
    try:
        with (
            closing(sqlite3.connect(f"{book.resolve().as_uri()}?mode=rw", uri=True, timeout=5)) as before,
            closing(sqlite3.connect(copy)) as after,
        ):
            # `backup` would wait for good. What a killed run has left half written is rolled back by this.
            before.execute("SELECT count(*) FROM sqlite_master").fetchone()
            state = state_of(book)
            before.backup(after)
    except sqlite3.DatabaseError as problem:
        if "locked" in str(problem):
            raise MachineTrouble(f"{book}: another program has locked it; end that (a formgrader?), or wait") from None
        raise CourseError(
            f"{book}: is no gradebook, or is damaged ({problem}); put a copy in its place, or move it away: "
            "then this makes a new one"
        ) from None
    copy.chmod(book.stat().st_mode)
    return state


def state_of(book: Path) -> tuple[int, int] | None:
    """Something that changes with each change of a gradebook; None if there is none."""
    if not book.exists():
        return None
    stat = book.stat()
    return stat.st_mtime_ns, stat.st_size


def refusal(problem: CourseError, book: Path, name: str) -> CourseError:
    """nbgrader's refusal, with the way to go on: it takes no other cells for a notebook that it has graded.

    Args:
        problem: what came of nbgrader. It is returned as it is if it is another trouble.
        book: the gradebook, for the message.
        name: the course's, which is the assignment's.
    """
    if "submissions associated" not in str(problem):
        return problem
    return CourseError(
        f"{problem}\n{book} has graded students, and nbgrader does not let their cells change. Nothing was written. To "
        f"go on, undo what was added, removed or renamed in a graded notebook; or give course.toml another name than "
        f"{name}; or move {book} away, release, and grade everyone again (what was graded by hand stays in the old one)"
    )
