"""Feedback on its way back to students: a zip for Moodle, and nbgrader's exchange."""

import os
import shutil
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.atomic import replacing, write_bytes
from autograder.course import Course
from autograder.course.skeleton import load_skeletons
from autograder.portable import MAX_CHARACTERS
from autograder.run.hand_ins import HandIns, Known

MOODLE = "moodle"
SECRET, TIMESTAMP = "submission_secret.txt", "timestamp.txt"
MAX_BYTES = 1_000
"""Of either file."""


@dataclass(frozen=True)
class Back:
    """What was handed back. file: the zip, or nbgrader's folder. students: how many. missing: who is not in it."""

    file: Path
    students: int
    missing: tuple[str, ...]


def zip_for_moodle(course: Course, pages: Mapping[str, Path], known: HandIns, file: Path) -> Back:
    """Write Moodle's zip of feedback files: a folder for each student, named as in the zip of submissions.

    Args:
        course: the course.
        pages: student → page.
        known: what is known of the hand-ins, with Moodle's numbers of participants.
        file: the zip.

    Returns:
        What was written. Students without a number are missing.
    """
    missing = []
    with replacing(file) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, page in sorted(pages.items()):
            folder = _moodle_folder(known.of(student))
            if folder:
                archive.write(page, f"{folder}/feedback_{course.name}.html")
            else:
                missing.append(student)
    return Back(file, len(pages) - len(missing), tuple(missing))


def _moodle_folder(one: Known | None) -> str:
    """The folder of a student in Moodle's zip of submissions; "" without a number."""
    if one is None:
        return ""
    number = one.origin.lms_id if one.origin.lms == MOODLE else dict(one.origin.ids).get(MOODLE, "")
    number = number.strip().rpartition(" ")[2]  # a grading worksheet says "Participant 1234567"
    if not number.isdecimal():
        return ""
    name = "".join(" " if char in '_/\\:*?"<>|' or not char.isprintable() else char for char in one.origin.name)
    name = " ".join(name.split())[:MAX_CHARACTERS].strip(". ")  # the number tells who it is
    return f"{name or 'student'}_{number}_assignsubmission_file"


def into_exchange(course: Course, course_folder: Path, pages: Mapping[str, Path]) -> Back:
    """Put pages where `nbgrader release_feedback` takes them, for hand-ins that nbgrader has collected.

    Its exchange knows a page by the hand-in's secret, which nbgrader's own collecting has left beside it. So the page
    is put under each notebook's name, with the secret and the time. What an earlier version has put there for other
    students is removed: nbgrader would stop at it.

    Args:
        course: the course.
        course_folder: nbgrader's course.
        pages: student → page.

    Returns:
        What was put there. Students whose hand-in did not come through the exchange are missing.
    """
    missing = []
    for student, page in sorted(pages.items()):
        handed_in = course_folder / "submitted" / student / course.name
        folder = course_folder / "feedback" / student / course.name
        secret, timestamp = _small_file(handed_in / SECRET), _small_file(handed_in / TIMESTAMP)
        shutil.rmtree(folder, ignore_errors=True)
        if not secret or not timestamp:
            missing.append(student)
            continue
        for name in load_skeletons(course):
            write_bytes(folder / f"{name}.html", page.read_bytes())
        write_bytes(folder / SECRET, secret)
        write_bytes(folder / TIMESTAMP, timestamp)
    return Back(course_folder / "feedback", len(pages) - len(missing), tuple(missing))


def _small_file(path: Path) -> bytes:
    """A small regular file's bytes; none for a link, or anything else: a student may have put it there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        return file.read() if stat.S_ISREG(found.st_mode) and found.st_size <= MAX_BYTES else b""
