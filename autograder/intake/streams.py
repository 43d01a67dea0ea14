"""Takes tars apart, and files packed with gzip or bzip2, as a stream whose every byte is counted."""

import bz2
import gzip
import os
import tarfile
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from autograder.intake.causes import BZIP2, GZIP
from autograder.intake.read import shown
from autograder.intake.unpack import TWICE, Budget, LeftOut, extract, most_bytes, place_in
from autograder.intake.unreadable import Unreadable

BLOCK = tarfile.RECORDSIZE
MAX_HEADER = 1_000_000
"""Bytes of the headers between two entries: tarfile holds them in memory."""

ENDINGS = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".gz": "", ".bz2": ""}


class Counted:
    """Passes a stream's bytes on, as many as are allowed. allow: set before what is read next."""

    def __init__(self, stream: IO[bytes]):
        self._stream = stream
        self.allowed = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            Unreadable: if they are more than is allowed.
        """
        data = self._stream.read(size if size >= 0 else BLOCK)
        self.allowed -= len(data)
        if self.allowed < 0:
            raise Unreadable("would unpack to more than it says or may, which is too much")
        return data


def packed_anew(archive: Path, kind: str, place: Path, budget: Budget) -> tuple[Path, dict[str, int], list[LeftOut]]:
    """A zip of the same files, which can be read at any place.

    Args:
        archive: the file.
        kind: TAR, GZIP or BZIP2.
        place: where the zip goes.
        budget: what may be unpacked. It is less by what was.

    Returns:
        The zip, when its files were changed last, in nanoseconds, and the entries that were left out.

    Raises:
        Unreadable: if it holds too much.
    """
    times: dict[str, int] = {}
    with (
        tempfile.TemporaryDirectory(dir=place.parent) as name,
        zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as zipped,
    ):

        def pack(written: Path) -> None:
            inner = str(written.relative_to(name))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a name that comes again: the last of them counts
                zipped.write(written, inner)
            times[inner] = written.stat().st_mtime_ns
            os.truncate(written, 0)

        left_out = unpack_stream(archive, Path(name), kind, budget, pack)
    return place, times, left_out


def unpack_stream(
    archive: Path, target: Path, kind: str, budget: Budget, written: Callable[[Path], None] = lambda _: None
) -> list[LeftOut]:
    """Unpack a tar, packed or not, or a single packed file.

    Args:
        archive: the file.
        target: where its regular files go.
        kind: TAR, GZIP or BZIP2.
        budget: what may be unpacked. It is less by what was.
        written: called with each file, when it is complete.

    Returns:
        The entries that were left out.

    Raises:
        Unreadable: if it holds too much.
    """
    with _opened(archive, kind) as stream:
        is_tar = stream.read(512)[257:262] == b"ustar"
    with _opened(archive, kind) as stream:
        own = Budget(min(budget.bytes, most_bytes(archive)), budget.files)
        before = own.bytes
        left_out = (
            _unpack_tar(stream, target, own, written) if is_tar else _unpack_one(archive, stream, target, own, written)
        )
        budget.bytes -= before - own.bytes
        budget.files = own.files
    return left_out


def _opened(archive: Path, kind: str) -> IO[bytes]:
    if kind == GZIP:
        return cast(IO[bytes], gzip.open(archive, "rb"))
    return cast(IO[bytes], bz2.open(archive, "rb")) if kind == BZIP2 else archive.open("rb")


def _unpack_tar(stream: IO[bytes], target: Path, budget: Budget, written: Callable[[Path], None]) -> list[LeftOut]:
    counted = Counted(stream)
    counted.allowed = MAX_HEADER
    left_out = []
    done: dict[Path, str] = {}
    with tarfile.open(fileobj=cast(IO[bytes], counted), mode="r|", errorlevel=0) as opened:
        while (entry := opened.next()) is not None:
            opened.members = []  # type: ignore[attr-defined]  # or else it remembers every one
            counted.allowed = max(entry.size, 0) + MAX_HEADER
            budget.take(max(entry.size, 0))
            if entry.isdir():
                continue
            reason = "" if entry.isreg() and not entry.issparse() else "is a link, or some other thing that is no file"
            content = partial(_content_of, opened, entry)
            name = _name_of(entry)
            missed = extract(name, content, entry.size, entry.mtime, target, reason, replaces=True)
            place = place_in(target, name)
            if not missed:
                written(place)
                missed = LeftOut(done[place], TWICE) if place in done else None
                done[place] = name
            left_out += [missed] if missed else []
    return left_out


def _name_of(entry: tarfile.TarInfo) -> str:
    """A member's name. One that is not in UTF-8 is read as Latin-1, in which different bytes are different letters."""
    try:
        entry.name.encode()
    except UnicodeEncodeError:
        return entry.name.encode("utf-8", "surrogateescape").decode("latin-1")
    return entry.name


def _content_of(opened: tarfile.TarFile, entry: tarfile.TarInfo) -> AbstractContextManager[Any]:
    return opened.extractfile(entry) or nullcontext()


def _unpack_one(
    archive: Path, stream: IO[bytes], target: Path, budget: Budget, done: Callable[[Path], None]
) -> list[LeftOut]:
    """The one file that gzip or bzip2 packed, under the archive's name without its ending."""
    ending = archive.suffix.lower()
    name = archive.name[: -len(ending)] + ENDINGS[ending] if ending in ENDINGS else archive.name
    counted = Counted(stream)
    counted.allowed = budget.bytes
    missed = extract(name, lambda: nullcontext(counted), budget.bytes + 1, archive.stat().st_mtime, target)
    if missed:
        return [missed]
    written = target / name
    if not written.is_file():
        raise Unreadable(f"cannot be unpacked as {shown(name)}")
    budget.take(written.stat().st_size)
    done(written)
    return []
