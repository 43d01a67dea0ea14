"""Reads the times that learning-management systems, spreadsheets and people write, and none that may mean two times."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from autograder.intake.months import month_of

YEARS = 1971, 2999
"""The first and the last year in which anything is handed in."""

READ = (
    "2026-11-20 22:59, 20.11.2026 22:59, 20/11/2026 22:59 if the day is above 12, or 20 November 2026 10:59 PM; behind "
    "it a zone such as Z, +01, CET or Europe/Berlin"
)
"""The forms that are read, for messages."""

ZONE = (
    r" ?(?P<zone>(?:UTC|GMT)?[+-](?:\d{1,2}:\d\d|\d{4}|\d{1,2})|Z"
    r"|[(\[]?(?:[A-Za-z]{3,5}|[A-Za-z_]+(?:/[A-Za-z_+-]+)+)[)\]]?)?"
)
CLOCK = (
    r"(?P<hour>\d{1,2})(?P<colon>[:.h-]?)(?P<minute>\d\d)(?:(?P=colon)(?<=\D)(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"(?: ?(?P<half>[AaPp]\.?[Mm]\.?))?(?: Uhr)?"
)
ISO = re.compile(
    rf"(?P<year>\d{{4}})(?P<to>[-/.])(?P<month>\d\d?)(?P=to)(?P<day>\d\d?)(?:(?:[Tt] ?|[ ,_]+|-){CLOCK})?{ZONE}"
)
"""2026-11-20 22:59:00.000000 UTC, 2026-11-20T22:59+01:00, 2026-11-20-22-59-00, 2026/11/20."""

NUMBERS = re.compile(
    rf"(?P<first>\d{{1,2}})(?P<to>[-/.]) ?(?P<other>\d{{1,2}})(?P=to) ?(?P<year>\d{{4}})(?:[ ,]+(?:at )?{CLOCK})?{ZONE}"
)
"""20.11.2026 22:59, 20/11/2026 22:59, 11/20/2026 10:59 PM."""

WORDS = re.compile(
    r"(?:[^\W\d]+,? )?"
    r"(?:(?P<day>\d{1,2})\.? (?:de )?(?P<month>[^\W\d]+)\.?|(?P<month2>[^\W\d]+)\.? (?P<day2>\d{1,2})),?"
    rf" (?:de )?(?P<year>\d{{4}})(?:,?(?: at)? {CLOCK})?{ZONE}"
)
"""Nov 20, 2026 1059 PM; Friday, 20 November 2026, 10:59 PM; Friday, November 20, 2026 10:59:00 PM CET."""

ABBREVIATED = {
    **dict.fromkeys(("CET", "CEST"), "Europe/Berlin"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Athens"),
    **dict.fromkeys(("WET", "WEST"), "Europe/Lisbon"),
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
    **dict.fromkeys(("NZST", "NZDT"), "Pacific/Auckland"),
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "MSK": "Europe/Moscow",
    "SAST": "Africa/Johannesburg",
}
"""Abbreviations that name one zone alone. CST, EST, IST and others are several zones' own."""

GERMAN = {"MEZ": "CET", "MESZ": "CEST"}


def read_time(text: str, own: tzinfo | None = None) -> datetime | None:
    """A time as an LMS, a spreadsheet or a person writes it. The forms are those of READ.

    Args:
        text: a date, mostly with a time of day.
        own: the course's time zone, whose abbreviations are known as well.

    Returns:
        The time, with a time zone if the text names one; midnight if it has no time of day. None if it is no time, or
        may mean several: in 05/11/2026 the 5th of November and the 11th of May, in CST three zones.
    """
    match = _matched(text)
    try:
        return None if match is None else _of_our_days(_of(match, own))
    except ValueError:  # the 31st of February
        return None


def has_time_of_day(text: str) -> bool:
    """Whether a text that `read_time` reads tells the time of day."""
    match = _matched(text)
    return match is not None and match["hour"] is not None


def _matched(text: str) -> re.Match[str] | None:
    text = " ".join(text.split())
    return ISO.fullmatch(text) or NUMBERS.fullmatch(text) or WORDS.fullmatch(text)


def _of_our_days(when: datetime | None) -> datetime | None:
    """The time, or None if it is years away: a student may have written it, and near year 1 no zone can be applied."""
    return when if when is not None and YEARS[0] <= when.year <= YEARS[1] else None


def _of(match: re.Match[str], own: tzinfo | None) -> datetime | None:
    said = match.groupdict()
    date = _day_first(said) if match.re is NUMBERS else _date(said)
    hour = int(said["hour"] or 0)
    if said["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if said["half"].lower().startswith("p") else 0)
    if date is None:
        return None
    day, month = date
    when = datetime(int(said["year"]), month, day, hour, int(said["minute"] or 0), int(said["second"] or 0))
    return _in_zone(when, said["zone"].strip("()[]"), own) if said["zone"] else when


def _date(said: dict[str, str | None]) -> tuple[int, int] | None:
    """The day and the month of a date that says which is which."""
    day, month = said["day"] or said.get("day2"), said["month"] or said.get("month2")
    number = int(month) if month and month.isdecimal() else month_of(month or "")
    return (int(day or 0), number) if number else None


def _day_first(said: dict[str, str | None]) -> tuple[int, int] | None:
    """The day and the month of a date in numbers with the year behind; None if it may be either way round.

    With dots, the day comes first wherever dates are written so.
    """
    first, other = int(said["first"] or 0), int(said["other"] or 0)
    if said["to"] == "." or first == other or (first > 12 >= other):
        return first, other
    return (other, first) if other > 12 >= first else None


def _in_zone(when: datetime, name: str, own: tzinfo | None) -> datetime | None:
    """A time in the zone that is named; None if the name is no zone's, or that of several."""
    bare = name.upper()
    if bare in ("Z", "UTC", "GMT"):
        return when.replace(tzinfo=UTC)
    if "/" in name:
        try:
            return when.replace(tzinfo=ZoneInfo(name))
        except (OSError, ValueError, LookupError):
            return None
    if bare[-1].isdecimal():
        return when.replace(tzinfo=timezone(_offset(bare.removeprefix("UTC").removeprefix("GMT"))))
    bare = GERMAN.get(bare, bare)
    zones = [own, ZoneInfo(ABBREVIATED[bare]) if bare in ABBREVIATED else None]
    times = (when.replace(tzinfo=zone, fold=fold) for zone in zones if zone is not None for fold in (0, 1))
    there = next((time for time in times if time.tzname() == bare), None)
    return None if there is None else when.replace(tzinfo=timezone(there.utcoffset() or timedelta()))


def _offset(text: str) -> timedelta:
    """Of +1, +01, +0100 or +01:00. Raises ValueError if no zone is so far away."""
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 15 or minutes > 59:
        raise ValueError("no zone is so far away")
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if text.startswith("-") else offset
