"""Moodle: Full name_<participant id>_assignsubmission_file, a folder for each student or the start of flat names."""

import re
from pathlib import Path

from autograder.course import Course
from autograder.intake.owners import Entry, Found, Person

NAME = re.compile(r"(?P<who>.*?)_(?P<id>\d+)_assignsubmission_(?P<kind>[a-z]+?)(?:_(?P<file>.*))?", re.DOTALL)
"""The first part that fits tells who it was: what follows may be a name that the student chose."""


def read(_: Path, entries: list[Path], __: Course) -> Found:
    """What Moodle has named of these entries.

    Args:
        _: the folder, which every layout's `read` gets.
        entries: what lies in it; of each, the name alone counts.
        __: the course, which every layout's `read` gets.
    """
    read = {path: _entry(path) for path in entries}
    found = tuple(entry for entry in read.values() if entry is not None)
    return Found("moodle", found, tuple(path for path in entries if read[path] is None))


def _entry(path: Path) -> Entry | None:
    match = NAME.fullmatch(path.name)
    if match is None:
        return None
    person = Person(match["id"], match["who"])
    if match["kind"] != "file":
        what = "an online text" if match["kind"] == "onlinetext" else f"what Moodle calls {match['kind']}"
        return Entry((person,), path, match["file"] or "", unused=f"{what} is not graded")
    return Entry((person,), path, "" if path.is_dir() else match["file"] or path.name)
