"""The roster: who is in the class, and what each student is called in each learning-management system."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from autograder.cells import as_typed
from autograder.errors import WrongCall
from autograder.intake.names import MAX_BYTES, composed, is_student_id
from autograder.intake.owners import Person
from autograder.intake.read import shown
from autograder.tables import Table, read_table

SYSTEMS = ("canvas", "moodle", "gradescope", "blackboard", "brightspace")
"""The systems whose ids may stand in a roster, each in a column of its name."""

COLUMNS = ("student", "name", "email", "section", *SYSTEMS)

INTERNAL = ("canvas", "moodle")
"""Systems whose ids are numbers of their own, which may by chance be another student's number elsewhere."""


@dataclass(frozen=True)
class Line:
    """One student of the roster. ids: system → the student's id there."""

    student: str
    name: str = ""
    email: str = ""
    section: str = ""
    ids: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """A class. path: the file. systems: those that it has a column for."""

    path: Path
    lines: tuple[Line, ...]
    systems: tuple[str, ...] = ()

    def find(self, system: str, person: Person) -> Line | None:
        """Whose line it is: by the system's column, or if it has none by the course's own id; otherwise by the address.

        Names are never compared: two people may have the same.

        Args:
            system: which one tells of the person: one of SYSTEMS, or one with the course's own ids, such as FOLDERS.
            person: as that system knows them.

        Returns:
            None if no line fits, or if several do.
        """
        line = None
        if system in self.systems:
            wanted = compared(system, person.id)
            of_system = (line for line in self.lines if wanted and compared(system, line.ids.get(system, "")) == wanted)
            line = next(of_system, None)
        elif system not in INTERNAL:
            line = self._of_student(person.id)
        return line or self._of_email(person)

    def _of_student(self, wanted: str) -> Line | None:
        wanted = composed(wanted)
        for key, lines in self._by_student:
            found = lines.get(key(wanted), [])
            if len(found) == 1:
                return found[0]
        return None

    @cached_property
    def _by_student(self) -> list[tuple[Callable[[str], str], dict[str, list[Line]]]]:
        """The lines by what their ids are compared by, the strictest first: a class is looked up many times."""
        told: list[tuple[Callable[[str], str], dict[str, list[Line]]]] = []
        for key in (str, str.casefold, as_handed_in, _in_any_case):
            lines: dict[str, list[Line]] = {}
            for line in self.lines:
                lines.setdefault(key(line.student), []).append(line)
            told.append((key, lines))
        return told

    def _of_email(self, person: Person) -> Line | None:
        emails = {email.casefold() for email in (person.email, person.id) if "@" in email}
        found = [line for line in self.lines if line.email.casefold() in emails]
        return found[0] if len(found) == 1 else None

    def need_system(self, system: str) -> None:
        """Explain why nobody has been found, if the roster has no column with the ids of a system.

        Args:
            system: which one tells of the people who handed in.

        Raises:
            WrongCall: if the roster lacks the system's column.
        """
        if system in SYSTEMS and system not in self.systems:
            raise WrongCall(
                f"{self.path}: nobody who handed in is in it, and it has no column {system!r}; add it, with "
                f"{system}'s id of each student"
            )


def read_roster(path: Path) -> Roster:
    """Read a roster: student, name, email, section, and a column of ids for each system.

    Raises:
        WrongCall: in one line, if a column is missing, a student has no id, or two have the same one.
    """
    table = read_table(path)
    place = table.need_column("student")
    for name, times in Counter(name.casefold() for name in table.header).items():
        if times > 1 and name in COLUMNS:
            raise WrongCall(f"{path}: has {times} columns {name!r}; leave one of them")
    systems = tuple(name for name in SYSTEMS if table.column(name) is not None)
    lines: list[Line] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in table.exact_lines():
        student = composed(as_typed(row[place]).strip())
        if not student:
            raise WrongCall(f"{path}, line {number}: has no id in the column 'student'")
        if not is_student_id(student):
            raise WrongCall(
                f'{path}, line {number}: {shown(student)!r} cannot name a folder; an id has none of / < > ", no dot '
                f"first, no character that is not seen, and at most {MAX_BYTES} bytes"
            )
        ids = {name: text for name in systems if (text := _cell(table, row, name))}
        for column, value in (
            ("student", student.casefold()),
            *((name, compared(name, one)) for name, one in ids.items()),
        ):
            before = seen.setdefault((column, value), number)
            if before != number:
                one = student if column == "student" else ids[column]
                raise WrongCall(f"{path}, line {number}: {column} {one!r} stands on line {before} already")
        name, email, section = (_cell(table, row, column) for column in ("name", "email", "section"))
        lines.append(Line(student, name, email, section, ids))
    if not lines:
        raise WrongCall(f"{path}: has no student in it")
    return Roster(path, tuple(lines), systems)


def same_id(text: str) -> str:
    """An id as ids are compared: whatever its capital letters, and without what programs add to it.

    Brightspace writes a # before it, and spreadsheets make 12345.0 of a number in a column with a gap.
    """
    text = composed(text.strip().casefold().removeprefix("#"))
    number = text.removesuffix(".0")
    return number if number.isdigit() else text


def participant_number(text: str) -> str:
    """The number of Moodle's "Participant 123", whatever the word is in the site's language; others as `same_id`."""
    last = text.split()[-1:]
    return last[0] if last and last[0].isdigit() else same_id(text)


def compared(system: str, text: str) -> str:
    """An id of a system as its ids are compared; "" stays "".

    Args:
        system: whose id it is. Moodle's stand behind a word in the site's language.
        text: the id, as a file has it.
    """
    return participant_number(text) if system == "moodle" else same_id(text)


def as_handed_in(name: str) -> str:
    """A student's id as `hand_in(student=…)` writes it before the name of the zip."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name).strip(".")


def _in_any_case(name: str) -> str:
    return as_handed_in(name).casefold()


def _cell(table: Table, row: tuple[str, ...], column: str) -> str:
    place = table.column(column)
    return as_typed(row[place]).strip() if place is not None else ""
