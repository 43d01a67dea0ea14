"""Whose hand-in something is: what an LMS tells of each file and folder that it hands over."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.intake.names import composed

FOLDERS = "folders"
"""The system's name where no LMS is recognised: a folder, file or zip for each student."""


@dataclass(frozen=True)
class Person:
    """Someone as an LMS knows them. id: what tells them apart there. name, email: "" if the LMS does not tell.

    An id is the same whether or not its accents are written apart, as macOS does it.
    """

    id: str
    name: str = ""
    email: str = ""

    def __post_init__(self) -> None:
        """Write each letter of the id with its accent in it."""
        object.__setattr__(self, "id", composed(self.id))


@dataclass(frozen=True)
class Entry:
    """One file or folder of an LMS's export.

    owners: who handed it in; several are a group. name: a file's, as the student called it; "" for a folder.
    attempt: later attempts compare greater. handed_in: without a time zone if the LMS tells none. late: None if the
    LMS does not tell. unused: why it is not graded, or "". quiet: nobody needs to know
    of that. before: how many attempts there were that are not in the export.
    """

    owners: tuple[Person, ...]
    path: Path
    name: str = ""
    attempt: tuple[int, ...] = ()
    handed_in: datetime | None = None
    late: bool | None = None
    unused: str = ""
    quiet: bool = False
    before: int = 0


@dataclass(frozen=True)
class Found:
    """What an LMS's export holds. strangers: entries that belong to nobody.

    by_file: whether a new attempt replaces only the files that it has, as in Canvas. doubt: why it may be none of this
    system's, and what to do, or "".
    """

    system: str
    entries: tuple[Entry, ...]
    strangers: tuple[Path, ...] = ()
    by_file: bool = False
    doubt: str = ""


@dataclass(frozen=True)
class Origin:
    """What is known of a hand-in beside its files.

    Args:
        lms: the system that handed it over; "" for plain folders.
        lms_id: the student's id there.
        name: the student's full name, or what the LMS makes of it.
        email: their address, or "".
        section: of the roster, or "".
        attempts: how many there were.
        handed_in: when; without a time zone it is the course's. None if it is not known.
        by_day: whether only the day is known; `handed_in` is its beginning then.
        late: whether the LMS marks it as late; None if it does not tell.
        group: the names of those who handed it in together with this student.
        remarks: what a person should know, a line each.
        ids: (system, the student's id there), as the roster tells them.
        listed: whether the roster has the student; None without a roster.
    """

    lms: str = ""
    lms_id: str = ""
    name: str = ""
    email: str = ""
    section: str = ""
    attempts: int = 1
    handed_in: datetime | None = None
    late: bool | None = None
    group: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    listed: bool | None = None
    by_day: bool = False
