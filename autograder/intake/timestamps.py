"""nbgrader's timestamp.txt: when a hand-in was collected through its exchange."""

from datetime import UTC, datetime
from pathlib import Path

from autograder.intake.times import read_time

FILE = "timestamp.txt"
MAX_BYTES = 200


def timestamp_in(folder: Path) -> datetime | None:
    """The time in a hand-in's timestamp.txt, which is UTC unless it says otherwise; None if it holds none."""
    path = folder / FILE
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
            return None
        when = read_time(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None
    return when if when is None or when.tzinfo else when.replace(tzinfo=UTC)


def write_timestamp(folder: Path, when: datetime) -> None:
    """Write a time into a folder's timestamp.txt, as nbgrader's exchange does it.

    Args:
        folder: which exists.
        when: with its time zone; it is written in UTC.
    """
    (folder / FILE).write_text(f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC", encoding="utf-8")
