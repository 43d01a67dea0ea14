"""Options that several commands have, and what is made of them."""

import os
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated

import typer

from autograder.course import Course, find_course, load_course
from autograder.errors import WrongCall
from autograder.portable import from_here

PROCESSORS = os.cpu_count() or 1

Folder = Annotated[
    Path | None,
    typer.Option(
        "--course",
        help="The folder of course.toml; by default the nearest upward, otherwise the only solutions/*/course.toml.",
        show_default=False,
    ),
]
Workers = Annotated[int, typer.Option(min=1, max=1000, help="Submissions to judge at a time.")]
RunFolder = Annotated[
    Path | None,
    typer.Option("--out", "--graded", help="The --out of a grading run; dist/graded by default.", show_default=False),
]
GradedFolder = Annotated[  # of commands whose --out is a file
    Path | None,
    typer.Option("--graded", help="The --out of a grading run; dist/graded by default.", show_default=False),
]
NbgraderCourse = Annotated[
    Path | None, typer.Option(help="nbgrader's own course folder; dist/nbgrader by default.", show_default=False)
]
NbgraderCourseOfRun = Annotated[
    Path | None, typer.Option(help="nbgrader's own course folder; the grading run's by default.", show_default=False)
]
GradebookOfRun = Annotated[
    str, typer.Option(help="The gradebook's database URL; the grading run's by default.", show_default=False)
]


def course_of(context: typer.Context, folder: Path | None) -> Course:
    """The course that was named, before or after the command, or the one that is found from here."""
    named = folder or context.obj
    return load_course(named) if named else find_course(Path())


def gradebook_url(named: str) -> str:
    """The URL of the gradebook that an option names; "" if it names none. Raises WrongCall."""
    from autograder.course.gradebook_url import checked_url, shown_url

    try:
        return checked_url(named) if named else ""
    except ValueError as problem:
        raise WrongCall(f"--gradebook {shown_url(named)}: {problem}") from None


def file_and_run(out: Path | None, graded: Path | None) -> tuple[Path | None, Path | None]:
    """The file to write, and the grading run's folder. --out names either: a folder is the run's, as for `report`.

    Raises:
        WrongCall: if both name folders.
    """
    if out is None or not out.is_dir():
        return out, graded
    if graded is not None:
        raise WrongCall(f"--out {from_here(out)}: is a folder; name the file to write")
    return None, out


def writable(folder: Path) -> Path:
    """The folder, made if it is missing. Raises WrongCall if nothing can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as problem:
        raise WrongCall(f"--out {folder}: cannot be written to: {problem.strerror}") from None
    return folder


def pick_room(wanted: str, course: Course, *secrets: Path) -> str:
    """The kind of room to grade in. secrets: folders that no room may see. Raises NoSuchRoom."""
    from autograder.room import pick_kind

    return pick_kind(wanted, course.room_needs, tuple(path.resolve() for path in secrets))
