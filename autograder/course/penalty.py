"""What late work loses, by the rule in course.toml. Here are numbers alone: no files, and no clock."""

from dataclasses import dataclass
from math import ceil, floor

from autograder.course.settings import Deadline

DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Points:
    """A student's points. asked: those that there are, without bonuses."""

    tests: float = 0.0
    written: float = 0.0
    bonus: float = 0.0
    asked: float = 0.0

    @property
    def total(self) -> float:
        """All points, before any penalty."""
        return self.tests + self.written + self.bonus


def points_lost(deadline: Deadline, points: Points, seconds: int) -> float:
    """The points that a hand-in loses that is late by so many seconds: never more than it has.

    Args:
        deadline: the course's rule.
        points: of the whole assignment, before any penalty.
        seconds: after the deadline, with no grace taken off.

    Returns:
        The points. Bonus points that are kept stay however late it is, up to `zero_after_days`.
    """
    if is_too_late(deadline, seconds):
        return points.total
    percent = percent_lost(deadline, seconds)
    kept = points.bonus if deadline.bonus == "kept" else 0.0
    cut = max(points.total - kept, 0.0)
    if percent >= 100:
        return cut
    of = points.asked if deadline.percent_of == "max_score" else cut
    lost = floor(of * percent / 100 / deadline.rounding + 1e-9) * deadline.rounding
    return round(min(lost, cut), 6)


def is_too_late(deadline: Deadline, seconds: int) -> bool:
    """Whether a hand-in that is late by so many seconds has no points at all.

    Args:
        deadline: the course's rule.
        seconds: after the deadline, with no grace taken off.
    """
    after = deadline.zero_after_days
    return after is not None and seconds > max(after * DAY, deadline.grace_minutes * 60)


def percent_lost(deadline: Deadline, seconds: int) -> float:
    """How much a hand-in loses, in percent, that is late by so many seconds, but not too late.

    Args:
        deadline: the course's rule.
        seconds: after the deadline, with no grace taken off; a day that has begun counts in full.

    Returns:
        0 to 100.
    """
    if seconds <= deadline.grace_minutes * 60:
        return 0.0
    percent = deadline.percent_per_day * ceil(seconds / DAY)
    for step in deadline.steps:
        if seconds > step.after_hours * 3600:
            percent = step.percent
    return min(percent, deadline.cap_percent)
