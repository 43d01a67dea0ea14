"""What a room without a disk of its own takes of the machine's: files in its folder, and files that have no name."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress

from . import linux

MOST_LEVELS = 100
"""How deep folders may nest. The path of a deeper file could be longer than the kernel takes."""

MORE_THAN_ANY_LIMIT = 1 << 62
"""Bytes that a room is said to take whose files are too many or too deep to be counted."""

PATIENCE = 4
"""How many times the limit a room must have written before it is blamed for a loss of space that nothing else explains:
others write to the same disk."""


class Disk:
    """The disk that a room by uid shares with the machine, watched from the moment when the room is opened."""

    def __init__(self, folder: str, most_bytes: int, most_files: int):
        self._folder = folder
        self._most_bytes = most_bytes
        self._most_files = most_files
        self._free = _free(folder)

    def is_exceeded(self, pids: Iterable[int], uid: int) -> bool:
        """Whether the room takes more than it may.

        Args:
            pids: the room's processes.
            uid: their user.
        """
        named = bytes_in(self._folder, self._most_files)
        if named > self._most_bytes:
            return True
        with linux.acting_as(uid):  # root in a container may not look into processes of others
            unnamed, written = bytes_without_name(pids), bytes_written(pids)
        if named + unnamed > self._most_bytes:
            return True
        lost = self._free - _free(self._folder) - named - unnamed
        return lost > self._most_bytes and written > PATIENCE * self._most_bytes


def bytes_in(folder: str, most_files: int) -> int:
    """Bytes that a folder takes; very many if it holds too many files, or folders nest too deep.

    No path in it is looked up, but one name at a time: a path may be as long as student code likes.

    Args:
        folder: of a room, whose code may change it meanwhile.
        most_files: more files and folders than that are too many.
    """
    taken, files = 0, 0
    levels: list[tuple[int, list[str]]] = []
    try:
        descend: int | None = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        while descend is not None or levels:
            if descend is not None:
                levels.append((descend, []))
                with suppress(OSError), os.scandir(descend) as entries:
                    for entry in entries:
                        files += 1
                        if files > most_files or len(levels) > MOST_LEVELS:
                            return MORE_THAN_ANY_LIMIT
                        with suppress(OSError):
                            taken += entry.stat(follow_symlinks=False).st_blocks * 512
                            if entry.is_dir(follow_symlinks=False):
                                levels[-1][1].append(entry.name)
            descend = _next_of(levels)
    except FileNotFoundError:  # the room is about to end
        return 0
    finally:
        for descriptor, _ in levels:
            os.close(descriptor)
    return taken


def _next_of(levels: list[tuple[int, list[str]]]) -> int | None:
    """The next folder below the last of the levels, opened. A level that has no more is left."""
    descriptor, names = levels[-1]
    while names:
        with suppress(OSError):
            return os.open(names.pop(), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
    os.close(levels.pop()[0])
    return None


def bytes_without_name(pids: Iterable[int]) -> int:
    """Bytes of files that some processes have open and that no folder has any more."""
    found = {}
    for pid in pids:
        with suppress(OSError):
            for descriptor in os.listdir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    seen = os.stat(f"/proc/{pid}/fd/{descriptor}")
                    if stat.S_ISREG(seen.st_mode) and seen.st_nlink == 0:
                        found[seen.st_dev, seen.st_ino] = seen.st_blocks * 512
    return sum(found.values())


def bytes_written(pids: Iterable[int]) -> int:
    """Bytes that some processes, and those they saw end, have put onto disks, without what they took back in time."""
    total = 0
    for pid in pids:
        with suppress(OSError), open(f"/proc/{pid}/io", "rb") as known:
            counts = dict(line.split(b":") for line in known)
            total += int(counts[b"write_bytes"]) - int(counts[b"cancelled_write_bytes"])
    return total


def _free(folder: str) -> int:
    seen = os.statvfs(folder)
    return seen.f_bfree * seen.f_frsize
