"""Brightspace: a folder for each attempt, <user id>-<assignment id> - <name> - <Mon D, YYYY HMM AM/PM>."""

import re
from pathlib import Path

from autograder.course import Course
from autograder.intake.owners import Entry, Found, Person
from autograder.intake.times import read_time

NAME = re.compile(
    r"(?P<user>[^ ]+?)-(?P<assignment>\d+) - (?P<who>.+?) - "
    r"(?P<when>[^-]*\d{4},? \d{1,2}[:.]?\d\d(?:\s?[AaPp]\.?[Mm]\.?)?)(?: - (?P<file>.+))?",
    re.DOTALL,
)


def read(_: Path, entries: list[Path], __: Course) -> Found:
    """What Brightspace has named of these entries.

    Args:
        _: the folder, which every layout's `read` gets.
        entries: what lies in it; of each, the name alone counts.
        __: the course, which every layout's `read` gets.
    """
    read = {path: _entry(path) for path in entries}
    found = tuple(entry for entry in read.values() if entry is not None)
    return Found("brightspace", found, tuple(path for path in entries if read[path] is None))


def _entry(path: Path) -> Entry | None:
    match = NAME.fullmatch(path.name)
    if match is None:
        return None
    when = read_time(match["when"])
    attempt = (when.year, when.month, when.day, when.hour, when.minute) if when else ()
    person = Person(match["user"], match["who"])
    return Entry((person,), path, "" if path.is_dir() else match["file"] or path.name, attempt, when)
