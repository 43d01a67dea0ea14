"""How learning-management systems name what they hand over: one module for each, and which one a folder is of."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from autograder.course import Course
from autograder.errors import WrongCall
from autograder.intake.files import is_leftover, student_in, without_ending
from autograder.intake.layouts import blackboard, brightspace, canvas, gradescope, inbound, moodle
from autograder.intake.owners import FOLDERS, Found

Layout = Callable[[Path, list[Path], Course], Found]
"""Reads a folder and its entries: those that are this system's, and the others as strangers."""

LAYOUTS: dict[str, Layout] = {
    "gradescope": gradescope.read,
    "moodle": moodle.read,
    "brightspace": brightspace.read,
    "inbound": inbound.read,
    "blackboard": blackboard.read,
    "canvas": canvas.read,
}
"""By the name that --from takes. Canvas, whose names say least, comes last."""

NAMES = (*LAYOUTS, FOLDERS)

PAGES = {"index.html", "index.htm"}
"""What an LMS puts beside hand-ins for a person to read."""


def _is_nobodys(name: str) -> bool:
    return name in PAGES or name.startswith(".") or is_leftover(name)


def read_layout(
    folder: Path, course: Course, wanted: str = "", is_known: Callable[[str], bool] = lambda _: False
) -> Found | None:
    """What an LMS has handed over in `folder`.

    Args:
        folder: the unpacked export. Nothing in it is changed.
        course: the course, whose notebooks' names tell a student's own file names from those of an LMS.
        wanted: one of NAMES; by default the system that recognises the most entries, and at least half of them, unless
            half of them have a name of the roster before the notebook's.
        is_known: whether a name is a student's of the roster.

    Returns:
        What it holds, or None for plain folders, files and zips of students, or if `wanted` recognises nothing.

    Raises:
        WrongCall: if `wanted` is no system's name.
    """
    if wanted and wanted not in NAMES:
        raise WrongCall(f"--from {wanted}: there is no such system; it is one of {', '.join(NAMES)}")
    if wanted == FOLDERS:
        return None
    entries = sorted(path for path in folder.iterdir() if not _is_nobodys(path.name))
    if wanted:
        found = LAYOUTS[wanted](folder, entries, course)
        return _without_links(found) if found.entries else None
    known = (*course.notebooks, course.name)
    if 2 * sum(is_known(student_in(path.name, known) or without_ending(path.name)) for path in entries) >= len(entries):
        return None
    best = max((read(folder, entries, course) for read in LAYOUTS.values()), key=lambda found: len(found.entries))
    taken = len(entries) - len(best.strangers)
    return _without_links(best) if best.entries and 2 * taken >= len(entries) else None


def _without_links(found: Found) -> Found:
    """The same, in which links to folders are not followed: they may lead to another student's files."""
    entries = tuple(
        replace(entry, unused="is a symbolic link, and is not graded")
        if not entry.name and entry.path.is_symlink()
        else entry
        for entry in found.entries
    )
    return replace(found, entries=entries)
