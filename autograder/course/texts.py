"""Reads the text files that an instructor edits."""

from pathlib import Path

from autograder.errors import CourseError


def text_of(path: Path) -> str:
    """The text of a file, which is in UTF-8.

    Raises:
        CourseError: if there is no such file, or it is no text, or may not be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as problem:
        raise CourseError(f"{path}: cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path}: is no text in UTF-8; save it as UTF-8") from None
