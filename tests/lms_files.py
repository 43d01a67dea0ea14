"""A class of six, as each learning-management system hands it over, and the people in it.

Two are called Max Müller; names have accents, an apostrophe and spaces. One is late, one handed in twice, one packed a
zip, one has files beside the notebooks. Where a system knows groups, the last two handed in together.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from autograder.course import Course
from tests.tiny import FIRST, SECOND, UPPER, hand_in_solved

ON_TIME = datetime(2026, 11, 20, 21, 59)
LATE = ON_TIME + timedelta(hours=26)
"""In UTC. The class's work is due at 23:00 UTC, which is midnight in Berlin."""

DUE = """
[deadline]
due = 2026-11-21T00:00:00
time_zone = "Europe/Berlin"
percent_per_day = 10
"""

Files = dict[str, bytes]


@dataclass(frozen=True)
class Person:
    """A student. id: in the course; number: in each system, another one."""

    id: str
    first: str
    last: str
    number: int

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.first} {self.last}"


ADA = Person("ada", "Ada", "Lovelace", 12345)
EMILE = Person("emile", "Émile", "Zola", 12346)
JEAN = Person("jean", "Jean-Luc", "O'Neil", 12347)
MAX = Person("max1", "Max", "Müller", 12348)
OTHER_MAX = Person("max2", "Max", "Müller", 12349)
MARY = Person("mary", "Mary Ann", "van der Berg", 12350)
PEOPLE = (ADA, EMILE, JEAN, MAX, OTHER_MAX, MARY)


@dataclass(frozen=True)
class Handed:
    """One attempt of a person. again: which resubmission it is. group: others who hand it in, too."""

    person: Person
    files: Files
    when: datetime = ON_TIME
    late: bool = False
    again: int = 0
    group: tuple[Person, ...] = ()


def class_of(course: Course, scratch: Path) -> list[Handed]:
    """The class's attempts, in the order in which they were handed in."""
    whole = _files(course, scratch / "whole")
    partly = _files(course, scratch / "partly", UPPER)
    alone = {name: data for name, data in whole.items() if name != "largest.txt"}
    return [
        Handed(ADA, whole),
        Handed(EMILE, alone, LATE, late=True),
        Handed(JEAN, partly, ON_TIME - timedelta(days=1)),
        Handed(JEAN, alone, again=1),
        Handed(MAX, {f"{course.name}.zip": zipped(whole)}),
        Handed(OTHER_MAX, {f"{FIRST}.ipynb": partly[f"{FIRST}.ipynb"]}, group=(MARY,)),
    ]


def each_alone(handed: list[Handed]) -> list[Handed]:
    """The same for a system that knows no groups: everyone hands in alone."""
    return [
        Handed(person, one.files, one.when, one.late, one.again)
        for one in handed
        for person in (one.person, *one.group)
    ]


def _files(course: Course, folder: Path, own: dict[str, str] | None = None) -> Files:
    hand_in_solved(course, folder, own, FIRST, SECOND)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def zipped(files: Files, when: datetime = ON_TIME) -> bytes:
    """A zip of some files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, when.timetuple()[:6]), data)
    return buffer.getvalue()


Written = Iterator[tuple[str, bytes, datetime]]


def canvas(handed: list[Handed]) -> Written:
    attachment = 678901
    for one in each_alone(handed):
        who = re.sub(r"\W", "", f"{one.person.last}{one.person.first}".lower())
        for name, data in one.files.items():
            stem, dot, ending = name.rpartition(".")
            again = f"-{one.again}" if one.again else ""
            late = "_LATE" if one.late else ""
            yield f"{who}{late}_{one.person.number}_{attachment}_{stem}{again}{dot}{ending}", data, one.when
            attachment += 1
    yield f"zolaémile_LATE_{EMILE.number}_text.html", b"<p>sorry</p>", LATE


def moodle(handed: list[Handed], joined: str = "/", before_4_1: str = "") -> Written:
    """joined: what stands between the student's part and the file's name."""
    for one in {one.person: one for one in each_alone(handed)}.values():  # only the last attempt is exported
        base = f"{one.person.name}_{one.person.number + 1000000}_assignsubmission_"
        for name, data in one.files.items():
            yield f"{base}file{before_4_1}{joined}{name}", data, one.when
        yield f"{base}onlinetext{before_4_1}{joined}onlinetext.html", b"<p>see the files</p>", one.when


def gradescope(handed: list[Handed]) -> Written:
    top, said = "assignment_4711_export", ["---"]
    for number, one in enumerate(handed, 20000000):
        said += [f"submission_{number}:", "  :submitters:"]
        for who in (one.person, *one.group):
            said += [f"  - :name: {who.name}", f"    :sid: '{who.number}'", f"    :email: {who.id}@example.org"]
        said += [f"  :created_at: {one.when:%Y-%m-%d %H:%M:%S}.000000000 Z", "  :score: 0.0", "  :status: processed"]
        for name, data in one.files.items():
            yield f"{top}/submission_{number}/{name}", data, one.when
    yield f"{top}/submission_metadata.yml", "\n".join([*said, ""]).encode(), ON_TIME


def blackboard(handed: list[Handed]) -> Written:
    for one in each_alone(handed):
        when = one.when + timedelta(hours=1)  # the institution's own time
        head = f"Tiny course_{one.person.number}_x_attempt_{when:%Y-%m-%d-%H-%M-%S}"
        for name, data in one.files.items():
            yield f"{head}_{name}", data, one.when
        text = f"Name: {one.person.name} ({one.person.number}_x)\nAssignment: Tiny course\nDate Submitted: {when:%c}\n"
        yield f"{head}.txt", text.encode(), one.when


def brightspace(handed: list[Handed]) -> Written:
    yield "index.html", b"<p>all files</p>", ON_TIME
    for one in each_alone(handed):
        when = one.when + timedelta(hours=1)
        said = f"{when:%b} {when.day}, {when.year} {when.hour % 12 or 12}{when:%M %p}"
        for name, data in one.files.items():
            yield f"{one.person.number}-4711 - {one.person.name} - {said}/{name}", data, one.when


def inbound(handed: list[Handed]) -> Written:
    for number, one in enumerate(each_alone(handed)):
        folder = f"{one.person.id}+tiny+{one.when:%Y-%m-%d %H:%M:%S}.000000 UTC+secret{number}"
        for name, data in one.files.items():
            yield f"{folder}/{name}", data, one.when
        yield f"{folder}/timestamp.txt", f"{one.when:%Y-%m-%d %H:%M:%S}.000000 UTC".encode(), one.when


def submitted(handed: list[Handed]) -> Written:
    """nbgrader's submitted/: only the newest attempt lies there."""
    for one in {one.person: one for one in each_alone(handed)}.values():
        for name, data in one.files.items():
            yield f"{one.person.id}/tiny/{name}", data, one.when
        yield f"{one.person.id}/tiny/timestamp.txt", f"{one.when:%Y-%m-%d %H:%M:%S}.000000 UTC".encode(), one.when
    yield "ada/ps1/other.ipynb", b"{}", ON_TIME


def hub(handed: list[Handed]) -> Written:
    """A folder for each student."""
    for one in {one.person: one for one in each_alone(handed)}.values():
        for name, data in one.files.items():
            yield f"{one.person.id}/{name}", data, one.when


def own_zips(handed: list[Handed]) -> Written:
    """The students' own zips, with what a browser adds to a name."""
    for one in each_alone(handed):
        inner = one.files if "tiny.zip" not in one.files else _unzipped(one.files["tiny.zip"])
        copy = f" ({one.again})" if one.again else ""
        yield f"{one.person.id}_tiny{copy}.zip", zipped(inner, one.when), one.when


def _unzipped(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


LAYOUTS: dict[str, Callable[[list[Handed]], Written]] = {
    "canvas": canvas,
    "moodle": moodle,
    "moodle flat": lambda handed: moodle(handed, joined="_"),
    "moodle before 4.1": lambda handed: moodle(handed, before_4_1="_"),
    "gradescope": gradescope,
    "blackboard": blackboard,
    "brightspace": brightspace,
    "inbound": inbound,
    "submitted": submitted,
    "hub": hub,
    "own zips": own_zips,
}

ROSTER = "\ufeffstudent;name;email;section;canvas;moodle;gradescope;blackboard;brightspace\r\n" + "".join(
    f"{one.id};{one.name};{one.id}@example.org;{'AB'[one.number % 2]};{one.number};{one.number + 1000000};{one.number};"
    f"{one.number}_x;{one.number}\r\n"
    for one in PEOPLE
)
"""With a mark and semicolons, as spreadsheets write it."""


def write(layout: str, handed: list[Handed], place: Path) -> Path:
    """Write `place`, a zip, as a system does it."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, when in LAYOUTS[layout](handed):
            archive.writestr(zipfile.ZipInfo(name, when.timetuple()[:6]), data)
        archive.writestr("__MACOSX/._x", b"")
    return place
