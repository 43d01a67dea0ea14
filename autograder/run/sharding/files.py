"""Reads the folder of a shard, which another machine wrote: plain files of known names and sizes, and no link."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import WrongCall

MAX_NAME = 255


class ShardFiles:
    """The files below the --out of a shard. Whatever is not as a grading run writes it raises WrongCall.

    Args:
        folder: the --out. It may be a link, as a person has named it; nothing in it may.
    """

    def __init__(self, folder: Path):
        self.folder = folder

    def read(self, *parts: str, max_bytes: int) -> bytes | None:
        """A file's content; None if there is no such file.

        Args:
            parts: the folders that it lies in, and its name.
            max_bytes: how large it may be.

        Raises:
            WrongCall: if it is a link or no file, or too large, or a part of its path is no plain name.
        """
        where = self.folder.joinpath(*parts)
        try:
            with self._opened(parts) as descriptor:
                found = os.fstat(descriptor)
                if not stat.S_ISREG(found.st_mode):
                    raise WrongCall(f"{where}: is no file")
                if found.st_size > max_bytes:
                    raise WrongCall(
                        f"{where}: has {found.st_size / 1e6:.1f} MB, and {max_bytes / 1e6:.1f} are the limit"
                    )
                with open(descriptor, "rb", closefd=False) as file:
                    return file.read(max_bytes)
        except FileNotFoundError:
            return None

    def names(self, *parts: str) -> list[str]:
        """What lies in a folder, sorted; nothing if there is no such folder.

        Args:
            *parts: the folder's name and those of the folders above it, below the shard's own.

        Raises:
            WrongCall: if it is no folder, or a link.
        """
        try:
            with self._opened(parts, os.O_DIRECTORY) as descriptor:
                return sorted(os.listdir(descriptor))
        except FileNotFoundError:
            return []

    @contextmanager
    def _opened(self, parts: tuple[str, ...], flags: int = 0) -> Iterator[int]:
        """A descriptor of what lies there. Each folder on the way is opened in the one before: no link is followed."""
        at = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for number, part in enumerate(parts, 1):
                if not is_plain(part):
                    raise WrongCall(f"{self.folder}: holds {part!r}, which is no name of a file or student")
                kind = flags if number == len(parts) else os.O_DIRECTORY
                try:
                    inner = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | kind, dir_fd=at)
                except FileNotFoundError:
                    raise
                except OSError as problem:
                    where = self.folder.joinpath(*parts[:number])
                    raise WrongCall(f"{where}: is a link, or cannot be read ({problem.strerror})") from None
                os.close(at)
                at = inner
            yield at
        finally:
            os.close(at)


def is_plain(name: str) -> bool:
    """Whether a text can name a file or a student's folder, and nothing above or hidden."""
    return (
        bool(name)
        and not name.startswith(".")
        and "/" not in name
        and "\0" not in name
        and len(os.fsencode(name)) <= MAX_NAME
    )
