"""What is late, by how much, and what that costs: computed once, on the points of a whole assignment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from autograder.cells import as_typed
from autograder.course import Course
from autograder.course.penalty import Points, points_lost
from autograder.course.settings import Deadline
from autograder.errors import WrongCall
from autograder.intake.names import composed
from autograder.intake.owners import Origin
from autograder.intake.times import READ, has_time_of_day, read_time
from autograder.tables import read_table

BY_DAY = "late by at least that, as only the day is known (--times may tell the time of day)"
"""The remark on a hand-in of a day after the one on which it was due."""

ON_ITS_DAY = (
    "handed in on the day on which it was due, at an unknown time of day, so without a penalty (--times may tell it)"
)
LAST_MINUTE = 60
"""Seconds: work that is due at 23:59 is due at the end of the day, where only the day of a hand-in is known."""


@dataclass(frozen=True)
class Lateness:
    """How late a hand-in is. seconds: None if that is not known. remark: what a person should know, or ""."""

    seconds: int | None
    remark: str = ""


@dataclass(frozen=True)
class Due:
    """When everyone's work is due. deadline: None if nothing is ever late. extensions: student → due."""

    deadline: Deadline | None
    extensions: Mapping[str, datetime] = field(default_factory=dict)

    def of(self, student: str) -> datetime | None:
        """When a student's work is due."""
        return None if self.deadline is None else self.extensions.get(student, self.deadline.moment)

    @property
    def zone(self) -> tzinfo | None:
        """The course's time zone; None without a deadline."""
        return None if self.deadline is None else self.deadline.zone

    def in_zone(self, when: datetime) -> datetime:
        """A time with its zone. A time that an LMS wrote without one is of the course's zone."""
        return when if when.tzinfo or self.deadline is None else when.replace(tzinfo=self.deadline.zone)

    def shown(self, when: datetime) -> str:
        """A time as tables show it: in the course's time zone if it has one."""
        zone = None if self.deadline is None else self.deadline.zone
        return (self.in_zone(when).astimezone(zone) if zone else when).isoformat(" ", "seconds")

    def when(self, origin: Origin) -> str:
        """When something was handed in, as tables show it; "" if it is not known."""
        if origin.handed_in is None:
            return ""
        return origin.handed_in.date().isoformat() if origin.by_day else self.shown(origin.handed_in)

    def lateness(self, student: str, origin: Origin) -> Lateness:
        """How late a hand-in is, by its time, or as far as the LMS tells.

        Args:
            student: whose it is, by the course's own id: an extension may be theirs.
            origin: what is known of the hand-in. A time without a zone is taken for one of the course's zone.

        Returns:
            Its `seconds` count from when the work was due, without any grace: 0 if it was on time, None if not known.
            Of a hand-in of which only the day is known, they are the fewest that are possible.
        """
        due = self.of(student)
        if self.deadline is None or due is None:
            mark = f"marked late by {origin.lms}, and course.toml has no deadline" if origin.late else ""
            return Lateness(None, mark)
        if origin.handed_in is not None:
            handed_in = self.in_zone(origin.handed_in)
            seconds = _seconds(due, handed_in)
            return self._of_a_day(handed_in, due, seconds, origin) if origin.by_day else Lateness(max(0, seconds))
        if origin.late is False and student not in self.extensions:
            return Lateness(0)
        if origin.late:
            return Lateness(None, "late by an unknown amount, so without a penalty (--times tells when)")
        return Lateness(None, "when it was handed in is not known, so without a penalty (--times tells when)")

    def _of_a_day(self, begin: datetime, due: datetime, seconds: int, origin: Origin) -> Lateness:
        """How late work is that was handed in on a day that begins so many seconds after it was due, or before."""
        if seconds > 0:
            return Lateness(seconds, BY_DAY)
        most = _seconds(due, begin + timedelta(days=1))
        grace = self.deadline.grace_minutes * 60 if self.deadline is not None else 0
        if most <= max(grace, LAST_MINUTE) or origin.late is False:
            return Lateness(0)
        return Lateness(None, ON_ITS_DAY)

    def is_on_time(self, student: str, origin: Origin) -> bool:
        """Whether a hand-in is known to be on time, grace included; never, if the course has no deadline.

        Args:
            student: whose it is, by the course's own id.
            origin: what is known of the hand-in.
        """
        seconds = self.lateness(student, origin).seconds
        return self.deadline is not None and seconds is not None and seconds <= self.deadline.grace_minutes * 60

    def penalty(self, points: Points, seconds: int | None) -> float:
        """The points that a hand-in loses.

        Args:
            points: of the whole assignment.
            seconds: how late it is; nothing is lost if that is not known.
        """
        return 0.0 if self.deadline is None or not seconds else points_lost(self.deadline, points, seconds)


def _seconds(due: datetime, when: datetime) -> int:
    """How long after it was due something happened; negative if before."""
    # In UTC, as Python subtracts times of one zone as its clocks show them.
    return int((when.astimezone(UTC) - due.astimezone(UTC)).total_seconds())


def split(penalty: float, points: Mapping[str, float]) -> dict[str, float]:
    """A penalty's parts, in proportion to the points of each notebook.

    Args:
        penalty: of the whole assignment.
        points: notebook → the student's points in it. None of them is negative.

    Returns:
        Notebook → its part. They add up to the penalty, and no part is larger than the notebook's points.
    """
    total = sum(points.values())
    if penalty <= 0 or total <= 0:
        return dict.fromkeys(points, 0.0)
    parts = {name: round(penalty * value / total, 6) for name, value in points.items()}
    largest = max(parts, key=lambda name: points[name])
    parts[largest] = round(parts[largest] + penalty - sum(parts.values()), 6)
    return parts


def need_over(due: Due, now: datetime | None = None) -> None:
    """See to it that nobody can hand in on time any more.

    Args:
        due: when work is due.
        now: the time, with its zone; that of the clock by default.

    Raises:
        WrongCall: if the assignment, or the work of someone with an extension, is due later than now.
    """
    if due.deadline is None:
        return
    now = now or datetime.now(UTC)
    last, who = max([(due.deadline.moment, ""), *((when, student) for student, when in due.extensions.items())])
    if now < last:
        what = f"{who} has an extension until" if who else "the assignment is due at"
        raise WrongCall(f"solutions: {what} {due.shown(last)}; --force makes them before")


def read_due(course: Course) -> Due:
    """The course's deadline, with the extensions of its file.

    Raises:
        WrongCall: in one line, if the file has a missing column, a student twice, or a time that cannot be read.
    """
    deadline, path = course.deadline, course.extensions
    if deadline is None or path is None:
        return Due(deadline)
    return Due(deadline, _read_extensions(path, deadline))


def _read_extensions(path: Path, deadline: Deadline) -> dict[str, datetime]:
    table = read_table(path)
    who, when = table.need_column("student"), table.need_column("due")
    extensions: dict[str, datetime] = {}
    for number, row in table.exact_lines():
        student, said = composed(as_typed(row[who]).strip()), row[when].strip()
        due = read_time(said, deadline.zone)
        if not student or student in extensions:
            what = f"{student!r} stands there already" if student else "has no student"
            raise WrongCall(f"{path}, line {number}: {what}")
        if due is None:
            raise WrongCall(f"{path}, line {number}: {said!r} is no time, or may mean several; write {READ}")
        if due.tzinfo is None and not deadline.time_zone:
            raise WrongCall(
                f"{path}, line {number}: {said!r} has no time zone; write it as 2026-11-27 23:59+01:00, or add "
                "time_zone to [deadline] in course.toml"
            )
        if not has_time_of_day(said):  # until the end of that day
            due += timedelta(days=1) - timedelta(seconds=1)
        extensions[student] = due if due.tzinfo else due.replace(tzinfo=deadline.zone)
    return extensions
