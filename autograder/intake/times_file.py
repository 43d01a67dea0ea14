"""--times: when everyone handed in, for systems that do not tell. Moodle's grading worksheet, or student,handed_in."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path

from autograder.cells import as_typed
from autograder.errors import WrongCall
from autograder.intake.gather import Handin
from autograder.intake.names import composed
from autograder.intake.roster import participant_number
from autograder.intake.times import READ, has_time_of_day, read_time
from autograder.tables import Table, read_table

IDENTIFIER = re.compile(r"\S+ \d+")
NOTHING = {"", "-", "–"}
MOODLE = "moodle"


@dataclass(frozen=True)
class Moment:
    """A time of the file. by_day: whether it is a day alone, of which `when` is the beginning."""

    when: datetime
    by_day: bool = False


@dataclass(frozen=True)
class Times:
    """When people handed in. of_students: by the course's own id, or the system's; of_participants: by Moodle's."""

    path: Path
    of_students: Mapping[str, Moment] = field(default_factory=dict)
    of_participants: Mapping[str, Moment] = field(default_factory=dict)

    def put_into(self, handin: Handin) -> Handin:
        """A hand-in with its time, if this file has one."""
        told = self.of_students.get(handin.student) or self.of_students.get(composed(handin.origin.lms_id))
        ids = {MOODLE: handin.origin.lms_id} if handin.origin.lms == MOODLE else dict(handin.origin.ids)
        told = told or self.of_participants.get(participant_number(ids.get(MOODLE, "")))
        if told is None:
            return handin
        return replace(handin, origin=replace(handin.origin, handed_in=told.when, by_day=told.by_day))

    def strangers(self, known: Collection[str]) -> list[str]:
        """Who has a time, and is not known: a misspelt name would lose its time in silence.

        Args:
            known: students' ids, the course's own and the systems'.

        Returns:
            Their names, sorted. Moodle's worksheet names everyone in the course, so nobody in it is a stranger.
        """
        return sorted(self.of_students.keys() - set(known))


def read_times(path: Path, zone: tzinfo | None = None) -> Times:
    """Read the file.

    Args:
        path: the file.
        zone: the course's time zone, if it has one.

    Raises:
        WrongCall: in one line, if it is neither, or a time in it cannot be read.
    """
    table = read_table(path)
    who, when = table.column("student"), table.column("handed_in")
    if who is not None and when is not None:
        return Times(path, of_students=_times(table, who, when, zone))
    who, when = identifier_of(table), table.column("Last modified (submission)")
    if who is None or when is None:
        raise WrongCall(
            f"{path}: tells no times; it needs the columns student and handed_in, or Moodle's Identifier and Last "
            "modified (submission)"
        )
    return Times(
        path, of_participants={participant_number(name): time for name, time in _times(table, who, when, zone).items()}
    )


def identifier_of(table: Table) -> int | None:
    """Moodle's column of participants, by its name or what it holds: "Participant 12", in the site's language."""
    named = table.column("Identifier")
    if named is not None:
        return named
    for place in range(len(table.header)):
        cells = [row[place] for _, row in table.lines()]
        if cells and all(map(IDENTIFIER.fullmatch, cells)):
            return place
    return None


def _times(table: Table, who: int, when: int, zone: tzinfo | None) -> dict[str, Moment]:
    times = {}
    for number, row in table.exact_lines():
        if row[when].strip() in NOTHING:
            continue
        time = read_time(row[when], zone)
        if time is None:
            raise WrongCall(f"{table.path}, line {number}: {row[when]!r} is no time, or may mean several; write {READ}")
        name = composed(as_typed(row[who]).strip())
        if name in times:
            raise WrongCall(f"{table.path}, line {number}: {name!r} stands there already")
        times[name] = Moment(time, not has_time_of_day(row[when]))
    return times
