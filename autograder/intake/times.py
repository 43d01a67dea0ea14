"""Reads the times that learning-management systems write, each in a way of its own."""

import re
from datetime import UTC, datetime, timedelta, timezone

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

YEARS = 1971, 2999
"""The first and the last year in which anything is handed in."""

ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T _-]*(?:(\d\d)[:-](\d\d)(?:[:-](\d\d)(?:[.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
"""2026-11-20 22:59:00.000000 UTC, 2026-11-20T22:59+01:00, 2026-11-20-22-59-00."""

WORDS = re.compile(
    r"(?:[^\W\d]+,? +)?(?:(?P<day>\d{1,2})\.? +(?P<month>[^\W\d]+)\.?|(?P<month2>[^\W\d]+)\.? +(?P<day2>\d{1,2})),? +"
    r"(?P<year>\d{4}),?(?: +at)? +(?P<hour>\d{1,2}):?(?P<minute>\d\d)(?::(?P<second>\d\d))? *"
    r"(?P<half>[AaPp]\.?[Mm]\.?)?(?: +[A-Za-z]{1,5})?"
)
"""Nov 20, 2026 1059 PM; Friday, 20 November 2026, 10:59 PM; Friday, November 20, 2026 10:59:00 PM CET."""


def read_time(text: str) -> datetime | None:
    """A time as an LMS writes it.

    Args:
        text: a date with a time of day. English names of months are known.

    Returns:
        The time, with a time zone only if the text has an offset, "Z" or "UTC": abbreviations such as CST have several
        meanings. None if it is no time.
    """
    text = " ".join(text.split())
    try:
        if match := ISO.fullmatch(text):
            return _of_our_days(_of_iso(match))
        if match := WORDS.fullmatch(text):
            return _of_our_days(_of_words(match))
    except ValueError:  # the 31st of February
        return None
    return None


def _of_our_days(when: datetime | None) -> datetime | None:
    """The time, or None if it is years away: a student may have written it, and near year 1 no zone can be applied."""
    return when if when is not None and YEARS[0] <= when.year <= YEARS[1] else None


def _of_iso(match: re.Match[str]) -> datetime:
    *numbers, zone = match.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    when = datetime(year, month, day, hour, minute, second)
    if zone is None:
        return when
    if zone.isalpha():
        return when.replace(tzinfo=UTC)
    sign = -1 if zone[0] == "-" else 1
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return when.replace(tzinfo=timezone(sign * offset))


def _of_words(match: re.Match[str]) -> datetime | None:
    said = match.groupdict()
    month = (said["month"] or said["month2"]).lower()[:3]
    if month not in MONTHS:
        return None
    hour = int(said["hour"])
    if said["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if said["half"].lower().startswith("p") else 0)
    day = int(said["day"] or said["day2"])
    minute, second = int(said["minute"]), int(said["second"] or 0)
    return datetime(int(said["year"]), MONTHS.index(month) + 1, day, hour, minute, second)
