"""Canvas: flat files <sortable name><_LATE>_<user id>_<attachment id>_<file name>, all in one folder."""

import re
from pathlib import Path

from autograder.course import Course
from autograder.intake.files import student_in
from autograder.intake.names import composed
from autograder.intake.owners import Entry, Found, Person
from autograder.intake.read import shown
from autograder.intake.sections import is_work

FILE = r"(?P<attachment>[1-9]\d*)_(?P<file>.+)"
NAME = re.compile(rf"(?P<who>[^_]*?)(?P<late>_LATE)?_(?P<user>\d+)_{FILE}", re.DOTALL)
ANONYMOUS = re.compile(rf"(?P<who>anon)(?P<late>_LATE)?_(?P<user>\w{{3,}}?)_{FILE}", re.ASCII | re.DOTALL)
TEXT = re.compile(r"(?P<who>[^_]*?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<file>text|link)\.html?")
AGAIN = re.compile(r"(?P<stem>.+)-(?P<again>\d{1,3})", re.DOTALL)


def read(_: Path, entries: list[Path], course: Course) -> Found:
    """What Canvas has named of these entries.

    Args:
        _: the folder, which every layout's `read` gets.
        entries: what lies in it; of each, the name alone counts.
        course: the names of its notebooks tell a student's own file names from those of Canvas.
    """
    read = {path: _entry(path, course) for path in entries}
    found = tuple(entry for entry in read.values() if entry is not None)
    strangers = tuple(path for path in entries if read[path] is None)
    return Found("canvas", found, strangers, by_file=True, doubt=_doubt([one.path.name for one in found]))


def _doubt(names: list[str]) -> str:
    """Why names may be none of Canvas's, or "": ids such as s_2026_17 look alike, and a class would be one student.

    In Canvas a user has one name, an attachment is one file, and a file that comes again gets a number.
    """
    seen: dict[tuple[str, ...], tuple[str, str]] = {}
    for name in names:
        match = _match(name)
        if match is None:
            continue
        told: dict[tuple[str, ...], str] = {
            ("user", match["user"]): composed(match["who"]),
            ("attachment", match["attachment"]): match["file"],
        }
        if is_work(match["file"]):
            told["file", match["user"], match["file"]] = match["attachment"]
        for key, value in told.items():
            first, other = seen.setdefault(key, (value, name))
            if first != value:
                return (
                    f"cannot tell who handed in: {shown(other)} and {shown(name)} are of one student if Canvas has "
                    "named them, and perhaps of two if not; say --from canvas or --from folders"
                )
    return ""


def _match(name: str) -> re.Match[str] | None:
    return NAME.fullmatch(name) or ANONYMOUS.fullmatch(name)


def _entry(path: Path, course: Course) -> Entry | None:
    if path.is_dir() and not path.is_symlink():
        return None
    if match := TEXT.fullmatch(path.name):
        what = "an online text" if match["file"] == "text" else "a link"
        return Entry((_person(match),), path, path.name, late=bool(match["late"]), unused=f"{what} is not graded")
    match = _match(path.name)
    if match is None or _is_a_students_own_name(path, course):
        return None
    name, again = _without_number(match["file"], course)
    return Entry((_person(match),), path, name, attempt=(again,), late=bool(match["late"]))


def _person(match: re.Match[str]) -> Person:
    return Person(match["user"], match["who"])


def _is_a_students_own_name(path: Path, course: Course) -> bool:
    """Whether a name is rather <student>_<notebook>: ada_1_2_intro.ipynb of a notebook 1_2_intro."""
    student = student_in(path.name, course.notebooks)
    return student != "" and "_" not in student


def _without_number(name: str, course: Course) -> tuple[str, int]:
    """A file's name without the -1, -2, … of a file that was handed in again, and that number."""
    stem, dot, ending = name.rpartition(".")
    stem = stem or ending
    known = {*course.notebooks, course.name, *(one.name.rpartition(".")[0] for one in course.attachments)}
    match = AGAIN.fullmatch(stem)
    if match is None or stem in known:
        return name, 0
    return f"{match['stem']}{dot}{ending if dot else ''}", int(match["again"])
