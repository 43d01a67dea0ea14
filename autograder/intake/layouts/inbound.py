"""nbgrader's exchange, inbound: <user>+<assignment>+<timestamp>+<secret>, a folder for each attempt."""

import re
from pathlib import Path

from autograder.course import Course
from autograder.intake.owners import Entry, Found, Person
from autograder.intake.times import read_time
from autograder.intake.timestamps import timestamp_in

NAME = re.compile(
    r"(?P<user>.+?)\+(?P<assignment>[^+]+)\+(?P<when>\d{4}-\d\d-\d\d[ T_].+?(?:UTC|[+-]\d\d:?\d\d)?)"
    r"(?:\+(?P<secret>[^+]+))?"
)


def read(_: Path, entries: list[Path], course: Course) -> Found:
    """What nbgrader's exchange has named of these entries, of this assignment.

    Args:
        _: the folder, which every layout's `read` gets.
        entries: what lies in it. An attempt's own timestamp.txt goes before the time in its name.
        course: attempts of other assignments are strangers.
    """
    read = {path: _entry(path, course) for path in entries}
    found = tuple(entry for entry in read.values() if entry is not None)
    return Found("inbound", found, tuple(path for path in entries if read[path] is None))


def _entry(path: Path, course: Course) -> Entry | None:
    match = NAME.fullmatch(path.name)
    if match is None or match["assignment"] != course.name or not path.is_dir():
        return None
    when = timestamp_in(path) or read_time(match["when"])
    return Entry((Person(match["user"]),), path, "", (int(when.timestamp()),) if when else (), when)
