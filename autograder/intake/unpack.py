"""Takes a handed-in archive apart without trusting it: zips here, the rest in `autograder.intake.streams`."""

import hashlib
import os
import re
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path, PurePosixPath
from typing import IO, Any

from autograder.intake.causes import BZIP2, ENDINGS, GZIP, HEAD, OPENED, TAR, WHAT, ending_of, kind_of
from autograder.intake.disk import raise_ours
from autograder.intake.read import shown
from autograder.intake.sketches import CHECKED_BYTES, Sketch, Sketches, draw, whole
from autograder.intake.unreadable import Unreadable

MAX_FILES = 20_000
MAX_BYTES = 4_000_000_000
MAX_RATIO = 200
"""An archive may hold so many files, unpack to so many bytes, and to so many times its own size."""

SMALL = 100_000
"""An archive of fewer bytes may unpack to what one of so many may."""

MAX_DEPTH = 20
"""Folders within each other. What walks through them, here and in other tools, may do so by recursion."""

MAX_PART = 240
"""Bytes of a file's or folder's name: a name in Japanese that is short enough on its author's machine may have more."""

DRIVE = re.compile(r"\A[A-Za-z]:")

MAX_REMARKS = 20

WHOLE = {"submission_metadata.yml"}
MAX_WHOLE = 20_000_000
WHOLE_DEPTH = 6
"""What tells of a whole class is no sketch, if all of that has no more bytes, and it lies beside the students' folders,
not in one. An export may be wrapped in some folders; a student's own archive tells of no class."""

TWICE = "has the name of a later entry, which counts,"
"""What is said of an older file in an archive that a newer one was added to, as `zip -g` and `tar -r` do."""

READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""What every tool writes. LZMA would have a zip say how much memory unpacking it takes."""

UTF8_FLAG = 0x800
UNICODE_PATH = 0x7075
"""How an entry says that its name is in UTF-8: by a flag, or by the name once more in an extra field of this kind."""

END, END64, LOCATOR64, RECORD = b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\1\2"
"""How the parts of a zip's directory begin."""


@dataclass
class Budget:
    """What may still be unpacked, of one archive after the other: bytes and files."""

    bytes: int = MAX_BYTES
    files: int = MAX_FILES

    def take(self, size: int) -> None:
        """Count one more file.

        Args:
            size: its bytes.

        Raises:
            Unreadable: if that is too much.
        """
        if self.files < 1:
            raise Unreadable("holds more files than are the limit")
        if size > self.bytes:
            raise Unreadable(f"would unpack to {size / 1e6:.0f} MB more, which is too much")
        self.bytes -= size
        self.files -= 1


@dataclass(frozen=True)
class LeftOut:
    """An entry that was not unpacked. name: as the archive says it. reason: goes on after its name."""

    name: str
    reason: str

    def line(self, name: str = "") -> str:
        """What is said of it. name: by default the whole path."""
        return f"{shown(name or self.name)} {self.reason} and was left out"

    def tell(self, target: Path, sketches: Sketches) -> None:
        """Have the student be told in whose folder below `target` it would lie."""
        parts = list(dropwhile("..".__eq__, _path_of(self.name).parts))  # as where ../handins was packed
        if not parts or ".." in parts:
            return
        name = parts.pop()
        place = target.joinpath(*parts[: MAX_DEPTH - 1], name)
        may_be_work = ending_of(name) in ENDINGS or ".ipynb" in name.lower()
        if may_be_work or os.path.lexists(place) or not place.parent.exists():  # a link beside students is no student
            sketches.leave_out(place, self.line(name))


Open = Callable[[], AbstractContextManager[Any]]
Write = Callable[[Open, int, Path], None]
"""Writes so many bytes of an entry into a new file."""


class _Drawn:
    """Draws the entries of a zip, one after the other."""

    def __init__(self, sketches: Sketches, archive: Path, within: Sketch | None, of_class: Path | None = None):
        """of_class: where the files go, if they are a class's."""
        self._sketches, self._archive, self._within, self._of_class = sketches, archive, within, of_class
        self._left = CHECKED_BYTES
        self._left_whole = MAX_WHOLE if of_class is not None else 0

    def writer(self, number: int) -> Write:
        """What draws the entry of a number."""

        def write(open_it: Open, size: int, place: Path) -> None:
            if self._is_whole(place, size):
                self._left_whole -= size
                copy(open_it, size, place)
                return
            place.parent.mkdir(parents=True, exist_ok=True)
            with open_it() as source:
                read = draw(source, size, place, self._left)
            self._left -= read
            if read < size or size > 2 * HEAD:
                self._sketches.know(place, Sketch(place, self._archive, number, self._within))

        return write

    def _is_whole(self, place: Path, size: int) -> bool:
        if self._of_class is None or place.name not in WHOLE or size > self._left_whole:
            return False
        above = place.relative_to(self._of_class).parts[:-1]
        return len(above) < WHOLE_DEPTH and not any(part.startswith("submission_") for part in above)


def look_through(
    archive: Path, target: Path, sketches: Sketches, budget: Budget | None = None, of_class: bool = False
) -> list[str]:
    """The same as `unpack`, with sketches of files instead of files.

    Args:
        archive: the file, or a sketch of it.
        target: where the sketches go.
        sketches: those of the class, which these are added to.
        budget: what the files may be. It is less by what they are.
        of_class: whether the files are a class's: what may be unpacked is a student's concern then.

    Returns:
        A line for each entry that was left out.

    Raises:
        Unreadable: if nothing can be unpacked.
    """
    within = sketches.of(archive)
    with whole([within] if within else []) as failed:
        if failed:
            raise Unreadable("cannot be unpacked, or was cut off; pack it anew, or hand in the notebooks themselves")
        left_out = _unpack(archive, target, budget or Budget(), sketches, within, of_class)
    if of_class:
        for one in left_out:
            one.tell(target, sketches)
    return _lines(left_out)


def unpack(archive: Path, target: Path, budget: Budget | None = None) -> list[str]:
    """Unpack a zip, a tar, or what is packed with gzip or bzip2, into `target`, an empty folder or none.

    Args:
        archive: the file.
        target: where its regular files go, and nothing else of it.
        budget: what may be unpacked. It is less by what was.

    Returns:
        A line for each entry that was left out.

    Raises:
        Unreadable: if nothing can be unpacked.
    """
    return _lines(_unpack(archive, target, budget or Budget()))


def _unpack(
    archive: Path,
    target: Path,
    budget: Budget,
    sketches: Sketches | None = None,
    within: Sketch | None = None,
    of_class: bool = False,
) -> list[LeftOut]:
    """The same as `unpack`, or with `sketches` as `look_through`. within: the sketch of the archive, if it is one."""
    place = target if of_class else None
    try:
        with archive.open("rb") as file:
            kind = kind_of(archive.name, file.read(HEAD))
        if kind not in OPENED and kind in WHAT:
            raise Unreadable(WHAT[kind])
        if kind in {TAR, GZIP, BZIP2}:
            from autograder.intake.streams import packed_anew, unpack_stream

            if sketches is None:
                return unpack_stream(archive, target, kind, budget)
            again, times, left_out = packed_anew(archive, kind, sketches.next_zip(), budget)
            drawn = _Drawn(sketches, again, None, place)
            _unpack_zip(again, target, Budget(budget.bytes, MAX_FILES), drawn, True)
            for name, time_ in times.items():
                os.utime(target / name, ns=(time_, time_))
            return left_out
        drawn_here = _Drawn(sketches, archive, within, place) if sketches is not None else None
        return _unpack_zip(archive, target, budget, drawn_here, of_class)
    except Unreadable:
        raise
    except Exception as problem:  # these libraries raise whatever malformed bytes make them stumble over
        raise_ours(problem)
        raise Unreadable(
            f"is no zip that can be opened ({type(problem).__name__}), or was cut off; pack it anew, or hand in the "
            "notebooks themselves"
        ) from None


def _lines(left_out: list[LeftOut]) -> list[str]:
    lines = [one.line() for one in left_out[:MAX_REMARKS]]
    more = len(left_out) - MAX_REMARKS
    return [*lines, f"{more} more were left out"] if more > 0 else lines


def most_bytes(archive: Path) -> int:
    """What an archive may unpack to, by its own size."""
    return MAX_RATIO * max(archive.stat().st_size, SMALL)


def _unpack_zip(
    archive: Path, target: Path, budget: Budget, drawn: _Drawn | None = None, of_any_size: bool = False
) -> list[LeftOut]:
    with archive.open("rb") as file:
        count = count_entries(file, budget.files)
        if count > budget.files:
            raise Unreadable(f"holds {count} files or more, and {budget.files} are the limit")
        with zipfile.ZipFile(file) as opened:
            _check(archive, opened, budget, of_any_size)
            numbered = list(enumerate(opened.infolist()))
            tried = [  # the last one first: of entries with one name, the last that can be unpacked counts
                _extract(opened, entry, target, drawn.writer(number) if drawn else copy)
                for number, entry in reversed(numbered)
            ]
            return [one for one in reversed(tried) if one]


def count_entries(file: IO[bytes], most: int) -> int:
    """How many entries a zip's directory holds, counted in its bytes, before an object is made of any.

    Args:
        file: the zip.
        most: counting ends behind so many.
    """
    size = file.seek(0, os.SEEK_END)
    tail_at = max(0, size - (1 << 16) - 22)
    file.seek(tail_at)
    tail = file.read()
    last = len(tail) - 22  # where zipfile looks first; elsewhere only behind it a comment stands
    found = last if tail[last:].startswith(END) and tail.endswith(b"\0\0") else tail.rfind(END)
    if found < 0 or len(tail) - found < 22:
        return 0  # zipfile says what is wrong
    length, end = struct.unpack_from("<I", tail, found + 12)[0], tail_at + found
    wide = found - 20 - 56
    if wide >= 0 and tail[found - 20 :].startswith(LOCATOR64) and tail[wide:].startswith(END64):
        length, end = struct.unpack_from("<Q", tail, wide + 40)[0], tail_at + wide
    file.seek(max(0, end - length))
    count = 0
    while count <= most and file.tell() < end:
        record = file.read(46)
        if len(record) < 46 or not record.startswith(RECORD):
            break
        file.seek(sum(struct.unpack_from("<HHH", record, 28)), os.SEEK_CUR)
        count += 1
    file.seek(0)
    return count


def _check(archive: Path, opened: zipfile.ZipFile, budget: Budget, of_any_size: bool) -> None:
    entries = opened.infolist()
    total = sum(entry.file_size for entry in entries) if not of_any_size else 0
    if total > budget.bytes or total > most_bytes(archive):
        raise Unreadable(f"would unpack to {total / 1e6:.0f} MB, which is too much")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("is encrypted; hand it in without a password")
    budget.bytes -= total
    budget.files -= len(entries)


def _extract(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, write: Write) -> LeftOut | None:
    name = name_of(entry)
    if name.endswith("/"):
        return None
    reason = ""
    if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}:
        reason = "is a symbolic link, or some other thing that is no file"
    elif entry.compress_type not in READABLE:
        reason = "is compressed in an unusual way, where only the usual one (Deflate) is read,"
    return extract(
        name,
        lambda: opened.open(entry),
        entry.file_size,
        time.mktime((*entry.date_time, 0, 0, -1)) if _is_date(entry) else None,
        target,
        reason,
        write,
    )


def name_of(entry: zipfile.ZipInfo) -> str:
    """An entry's name. Info-ZIP writes UTF-8 and often does not say so; zipfile reads that as DOS's letters.

    Args:
        entry: as zipfile has read it.
    """
    if entry.flag_bits & UTF8_FLAG:
        return entry.filename
    written = entry.orig_filename.encode("cp437")  # the bytes: each has a letter there
    for name in (*_unicode_paths(entry.extra, zlib.crc32(written)), written):
        with suppress(UnicodeDecodeError):
            return name.decode("utf-8").split("\0")[0]
    return entry.filename


def _unicode_paths(extra: bytes, checksum: int) -> Iterator[bytes]:
    """The names in an extra field that belong to the name with this checksum: the name may have been changed later."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and field[:5] == struct.pack("<BL", 1, checksum):
            yield field[5:]


def _is_date(entry: zipfile.ZipInfo) -> bool:
    with suppress(OverflowError, ValueError):
        time.mktime((*entry.date_time, 0, 0, -1))
        return True
    return False


def extract(
    name: str,
    open_it: Open,
    size: int,
    made: float | None,
    target: Path,
    reason: str = "",
    write: "Write | None" = None,
    replaces: bool = False,
) -> LeftOut | None:
    """Write one entry of an archive below `target`.

    Args:
        name: as the archive says it.
        open_it: gives the Source of its bytes.
        size: at most so many of them are written.
        made: when it was changed last, or None.
        target: the folder.
        reason: why it is left out, if that is known already.
        write: writes the file; `copy` by default.
        replaces: whether a file that is there gives way.

    Returns:
        None, or what says why it was left out.
    """
    reason = _refusal(_path_of(name)) or reason
    place = place_in(target, name)
    if not reason and os.path.lexists(place) and not (replaces and place.is_file()):
        reason = TWICE if place.is_file() else "has the name of another entry"
    if not reason:
        try:
            place.unlink(missing_ok=True)
            (write or copy)(open_it, size, place)
            _set_time(place, made)
        except Unreadable:
            raise
        except Exception as problem:  # a name too long, a file where a folder must be, a damaged entry
            with suppress(OSError):
                place.unlink()
            raise_ours(problem)
            reason = f"cannot be unpacked ({type(problem).__name__})"
    return LeftOut(name, reason) if reason else None


def place_in(target: Path, name: str) -> Path:
    """Where an entry of this name goes.

    Args:
        target: the folder that everything is unpacked into.
        name: as the archive says it. One with `..` in it may lead out of `target`: `extract` refuses those.
    """
    return target.joinpath(*_path_of(name).parts)


def _path_of(name: str) -> PurePosixPath:
    """An entry's path below the target; one that some tool wrote from the root or a drive on is read as unzip reads it.

    Names that are too long for a file get shorter ones, with their ends, which say what they are. Different names stay
    different.
    """
    parts = PurePosixPath(DRIVE.sub("", name.replace("\\", "/"), count=1).lstrip("/")).parts
    return PurePosixPath(*map(_fitting, parts))


def _fitting(part: str) -> str:
    data = part.encode("utf-8", "surrogatepass")
    if len(data) <= MAX_PART:
        return part
    begins, ends = (piece.decode("utf-8", "ignore") for piece in (data[: MAX_PART // 2], data[-MAX_PART // 3 :]))
    return f"{begins}…{hashlib.sha256(data).hexdigest()[:16]}…{ends}"


def _refusal(path: PurePosixPath) -> str:
    """Why an entry is not even tried, or ""."""
    if not path.parts:
        return "has no name"
    if ".." in path.parts:
        return "points out of the archive"
    if len(path.parts) > MAX_DEPTH:
        return "lies too deep"
    return ""


def copy(open_it: Open, size: int, place: Path) -> None:
    """Write a new file, of so many bytes at most.

    Args:
        open_it: gives the Source of its bytes.
        size: further bytes of the source are not read.
        place: the file. Its folder is made if it is missing.

    Raises:
        OSError: if there is such a file already, or it cannot be written.
        Exception: whatever the archive's library raises for damaged bytes.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with open_it() as source, place.open("xb") as written:
        left = size
        while left > 0 and (chunk := source.read(min(1 << 20, left))):
            written.write(chunk)
            left -= len(chunk)


def _set_time(place: Path, made: float | None) -> None:
    if made is not None:
        with suppress(OverflowError, OSError, ValueError):  # a time that no clock shows
            os.utime(place, (made, made))  # of two files that claim to be the same notebook, the newer is graded
