"""A new course, to start from: a copy of starter/ with the course's name in it."""

import re
import shutil
import tempfile
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from autograder.course.settings import FILE, Slug
from autograder.errors import WrongCall

STARTER = Path(__file__).with_name("starter")

NAME, TITLE = "COURSE_NAME", "COURSE_TITLE"
"""What stands in the starter's files for the name of the course, and for the name that people read."""


def new_course(folder: Path) -> Path:
    """Write a working course into `folder`, which gives the course its name: all of it or nothing.

    Args:
        folder: a folder that does not exist yet, or an empty one. Missing folders above it are made.

    Returns:
        The folder, as an absolute path.

    Raises:
        WrongCall: if the folder's name is no name for a course, if something is there already, or if nothing can be
            written there.
    """
    folder = folder.absolute() if folder.name else folder.resolve()  # "." has no name of its own
    try:
        TypeAdapter(Slug).validate_python(folder.name)
    except ValidationError:
        raise WrongCall(
            f"{folder}: {folder.name!r} is no name for a course; a name begins with a letter, and has letters, digits, "
            "- and _ only"
        ) from None
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise WrongCall(f"{folder}: is not empty; name a folder that does not exist yet")
        _write(folder)
    except OSError as problem:
        raise WrongCall(f"{folder}: no course can be written there: {problem.strerror}") from None
    return folder


def _write(folder: Path) -> None:
    """Make the course beside its place, then move it there in one step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    # In an empty folder that exists, someone may be working: it stays, and what belongs into it is moved there.
    beside = folder if folder.is_dir() else folder.parent
    with tempfile.TemporaryDirectory(dir=beside, prefix=f".{folder.name}-") as scratch:
        made = Path(scratch) / folder.name
        shutil.copytree(STARTER, made, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile)
        _fill_in(made)
        if beside is not folder:
            made.rename(folder)
            return
        for path in sorted(made.iterdir(), key=lambda path: path.name == FILE):  # last, what makes it a course
            path.rename(folder / path.name)


def _fill_in(folder: Path) -> None:
    title = re.sub("[-_]+", " ", folder.name).strip().capitalize()
    for path in folder.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(NAME, folder.name).replace(TITLE, title), encoding="utf-8")
