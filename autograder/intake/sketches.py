"""Files of archives before their student's turn: each stands there with its name, size, time and first bytes alone.

A class's archives are looked through when grading begins, and unpacked student by student. What is known of a file by
then is a sketch: a file with holes, which takes one block of the disk. `whole` puts its content in for a while.
"""

import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from autograder.intake.causes import HEAD
from autograder.intake.disk import raise_ours
from autograder.intake.read import shown

CHECKED_BYTES = 20_000_000
"""So much of an archive is read through when it is looked through, so that what is damaged is known then."""

CHUNK = 1 << 20


class Source(Protocol):
    """What an entry's bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, or none at the end."""


@dataclass(frozen=True)
class Sketch:
    """A file that stands for an entry of a zip. number: of the entry. within: the sketch of the zip, if it is one."""

    path: Path
    archive: Path
    number: int
    within: "Sketch | None" = None


@dataclass
class Sketches:
    """The sketches of a class, by what they are on the disk: one has several names where a file is linked.

    folder: for what cannot be read at any place, and is packed anew.
    """

    folder: Path
    _known: dict[tuple[int, int], Sketch] = field(default_factory=dict)
    _lost: set[tuple[int, int]] = field(default_factory=set)
    _said: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    _packed: int = 0

    def of(self, path: Path) -> Sketch | None:
        """The sketch that a file is, or None."""
        found = self._known.get(_identity(path)) if self._known else None
        return replace(found, path=path) if found else None

    def next_zip(self) -> Path:
        """Where the next archive is packed anew."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._packed += 1
        return self.folder / f"{self._packed}.zip"

    def know(self, path: Path, sketch: Sketch) -> None:
        """Have a file be a sketch of an entry.

        Args:
            path: of the file, which exists. It is known by what it is on the disk, under other names as well.
            sketch: what it stands for; its own `path` does not matter.
        """
        self._known[_identity(path)] = replace(sketch, path=path)

    def leave_out(self, place: Path, line: str) -> None:
        """Remember what is said of an entry that was left out, for the student whose it is.

        Args:
            place: where it would lie. If nothing lies there, an empty file stands for it, so that its student is known.
            line: why it was left out.
        """
        if not os.path.lexists(place):
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.touch()
            except (FileExistsError, NotADirectoryError, ValueError):  # a file where a folder must be, or no name
                return
            self._lost.add(_identity(place))
        self._said.setdefault(_identity(place), []).append(line)

    def said_of(self, path: Path) -> list[str]:
        """What is said of entries that should lie at a path, and were left out."""
        return self._said.get(_identity(path), []) if self._said else []

    def is_lost(self, path: Path) -> bool:
        """Whether a file only stands for an entry that was left out."""
        return bool(self._lost) and _identity(path) in self._lost


def draw(source: Source, size: int, place: Path, left_to_check: int) -> int:
    """Write a new file of so many bytes, of which the first and, where all are read, the last ones are the entry's.

    Args:
        source: the entry's bytes.
        size: how many they are.
        place: the file.
        left_to_check: if there are more, only the first ones are read.

    Returns:
        How many were read.
    """
    with place.open("xb") as file:
        head = _read(source, min(HEAD, size))
        file.write(head)
        read, tail = len(head), b""
        while size <= left_to_check and read < size and (chunk := source.read(min(CHUNK, size - read))):
            read += len(chunk)
            tail = (tail + chunk)[-HEAD:]
        if size <= left_to_check:
            source.read(1)  # at the end, zipfile compares the checksum
            size = read
        file.truncate(size)
        if tail:
            file.seek(size - len(tail))
            file.write(tail)
    return read


@contextmanager
def whole(sketches: Iterable[Sketch]) -> Iterator[dict[Path, str]]:
    """A context in which sketches are the files that they stand for. Then their contents are gone again.

    Yields:
        Why a file has no content, in a line with its name, by path.
    """
    kept = list(sketches)
    failed: dict[Path, str] = {}
    by_archive: dict[tuple[Path, Sketch | None], list[Sketch]] = {}
    for one in kept:
        by_archive.setdefault((one.archive, one.within), []).append(one)
    try:
        for (archive, within), those in by_archive.items():
            with ExitStack() as until_unpacked:
                if within is not None and (lost := until_unpacked.enter_context(whole([within]))):
                    failed |= {one.path: next(iter(lost.values())) for one in those}
                    continue
                opened = _opened(archive) if within is None else until_unpacked.enter_context(zipfile.ZipFile(archive))
                entries = opened.infolist()
                for one in those:
                    if line := _fill(opened, entries[one.number], one.path):
                        failed[one.path] = line
        yield failed
    finally:
        for one in kept:
            _empty(one.path)


def _opened(archive: Path) -> zipfile.ZipFile:
    found = archive.stat()
    return _known_zip(archive, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=1)
def _known_zip(archive: Path, *_: int) -> zipfile.ZipFile:
    """A class's zip stays open: it has thousands of entries, and each student needs a few of them."""
    return zipfile.ZipFile(archive)


def _fill(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> str:
    """Put an entry's content into its sketch. Returns why it could not be done, or ""."""
    time = path.stat().st_mtime_ns
    try:
        with opened.open(entry) as source, path.open("r+b") as file:
            file.truncate(0)
            left = entry.file_size
            while left > 0 and (chunk := source.read(min(CHUNK, left))):
                file.write(chunk)
                left -= len(chunk)
            source.read(1)
    except Exception as problem:  # zipfile raises whatever malformed bytes make it stumble over
        raise_ours(problem)
        return f"{shown(path.name)} cannot be unpacked ({type(problem).__name__}) and was left out"
    finally:
        os.utime(path, ns=(time, time))
    return ""


def _empty(path: Path) -> None:
    with suppress(OSError):
        found = path.stat()
        os.truncate(path, 0)
        os.truncate(path, found.st_size)
        os.utime(path, ns=(found.st_mtime_ns, found.st_mtime_ns))


def _read(source: Source, size: int) -> bytes:
    """The first bytes of a source that may give fewer than it is asked for."""
    data = b""
    while len(data) < size and (more := source.read(size - len(data))):
        data += more
    return data


def _identity(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return found.st_dev, found.st_ino
