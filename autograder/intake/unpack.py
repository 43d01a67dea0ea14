"""Takes a handed-in zip apart without trusting it."""

import errno
import os
import stat
import time
import zipfile
from contextlib import suppress
from pathlib import Path, PurePosixPath

from autograder.intake.read import Unreadable, shown

MAX_FILES = 20_000
MAX_BYTES = 4_000_000_000
MAX_RATIO = 200
"""A zip may hold so many files, unpack to so many bytes, and to so many times its own size."""

MAX_DEPTH = 20
"""Folders within each other. What walks through them, here and in other tools, may do so by recursion."""

MAX_REMARKS = 20

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
"""Trouble of ours, which must not look like the student's: it is raised as it is."""

READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""What every tool writes. LZMA would have a zip say how much memory unpacking it takes."""


def unpack(archive: Path, target: Path, max_bytes: int = MAX_BYTES) -> list[str]:
    """Unpack a zip into `target`, an empty folder or none. Returns a line for each entry that was left out.

    max_bytes: that it may unpack to. Raises Unreadable.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            _check(archive, opened, max_bytes)
            remarks = [line for entry in opened.infolist() if (line := _extract(opened, entry, target))]
    except Unreadable:
        raise
    except Exception as problem:  # zipfile raises whatever malformed bytes make it stumble over
        _raise_ours(problem)
        raise Unreadable(f"is no zip that can be opened ({type(problem).__name__})") from None
    if len(remarks) > MAX_REMARKS:
        remarks[MAX_REMARKS:] = [f"{len(remarks) - MAX_REMARKS} more were left out"]
    return remarks


def _check(archive: Path, opened: zipfile.ZipFile, max_bytes: int) -> None:
    entries = opened.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_FILES:
        raise Unreadable(f"holds {len(entries)} files, and {MAX_FILES} are the limit")
    if total > max_bytes or total > MAX_RATIO * max(archive.stat().st_size, 100_000):
        raise Unreadable(f"would unpack to {total / 1e6:.0f} MB, which is too much")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("is encrypted; hand it in without a password")


def _extract(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> str | None:
    """Write one entry. Returns why it was left out, or None."""
    if entry.filename.endswith("/"):
        return None
    reason = _refusal(entry)
    place = target.joinpath(*_path(entry).parts)
    if not reason and os.path.lexists(place):
        reason = "has the name of another entry"
    if not reason:
        try:
            _write(opened, entry, place)
        except Exception as problem:  # a name too long, a file where a folder must be, a damaged entry
            with suppress(OSError):
                place.unlink()
            _raise_ours(problem)
            reason = f"cannot be unpacked ({type(problem).__name__})"
    return f"{shown(entry.filename)} {reason} and was left out" if reason else None


def _raise_ours(problem: Exception) -> None:
    if isinstance(problem, OSError) and problem.errno in DISK_FULL:
        raise problem


def _path(entry: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(entry.filename.replace("\\", "/"))


def _refusal(entry: zipfile.ZipInfo) -> str:
    """Why an entry is not even tried, or ""."""
    path = _path(entry)
    if not path.parts:
        return "has no name"
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "points out of the zip"
    if len(path.parts) > MAX_DEPTH:
        return "lies too deep"
    if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}:
        return "is a symbolic link, or some other thing that is no file"
    if entry.compress_type not in READABLE:
        return "is compressed in an unusual way"
    return ""


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as source, place.open("xb") as written:
        left = entry.file_size
        while left > 0 and (chunk := source.read(min(1 << 20, left))):
            written.write(chunk)
            left -= len(chunk)
    with suppress(OverflowError, OSError):  # a time that no clock shows
        made = time.mktime((*entry.date_time, 0, 0, -1))
        os.utime(place, (made, made))  # of two files that claim to be the same notebook, the newer is graded
