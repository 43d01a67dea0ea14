"""Takes a handed-in zip apart without trusting it."""

import os
import stat
import time
import zipfile
from pathlib import Path, PurePosixPath

from autograder.intake.read import Unreadable

MAX_FILES = 20_000
MAX_BYTES = 4_000_000_000
MAX_RATIO = 200
"""A zip may hold so many files, unpack to so many bytes, and to so many times its own size."""


def unpack(archive: Path, target: Path) -> list[str]:
    """Unpack a zip into `target`. Returns a line for each entry that was left out; raises Unreadable."""
    try:
        with zipfile.ZipFile(archive) as opened:
            _check_size(archive, opened)
            return [line for entry in opened.infolist() if (line := _extract(opened, entry, target))]
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
        OverflowError,
    ) as problem:
        raise Unreadable(f"is no zip that can be opened ({type(problem).__name__})") from None


def _check_size(archive: Path, opened: zipfile.ZipFile) -> None:
    entries = opened.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_FILES:
        raise Unreadable(f"holds {len(entries)} files, and {MAX_FILES} are the limit")
    if total > MAX_BYTES or total > MAX_RATIO * max(archive.stat().st_size, 100_000):
        raise Unreadable(f"would unpack to {total / 1e6:.0f} MB, which is too much")


def _extract(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> str | None:
    """Write one entry. Returns why it was left out, or None."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if entry.is_dir():
        return None
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return f"{entry.filename!r} points out of the zip and was left out"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return f"{entry.filename!r} is a symbolic link and was left out"
    place = target.joinpath(*path.parts)
    place.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as source, place.open("wb") as written:
        left = entry.file_size
        while left > 0 and (chunk := source.read(min(1 << 20, left))):
            written.write(chunk)
            left -= len(chunk)
    made = time.mktime((*entry.date_time, 0, 0, -1))
    os.utime(place, (made, made))  # of two files that claim to be the same notebook, the newer is graded
    return None
