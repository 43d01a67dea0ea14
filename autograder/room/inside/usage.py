"""What the processes of a room use up, read from /proc."""

import os
from collections.abc import Iterable
from contextlib import suppress

COUNTED = (b"RssAnon:", b"RssShmem:", b"VmSwap:", b"VmPTE:")
"""What a process has for itself. Pages that it still shares with the template count as well."""


def processes_in(namespace: int) -> list[int]:
    """The processes in a PID namespace."""
    found = []
    for pid in _all():
        with suppress(OSError):
            if os.stat(f"/proc/{pid}/ns/pid").st_ino == namespace:
                found.append(pid)
    return found


def processes_of(uid: int) -> list[int]:
    """The processes of a user."""
    found = []
    for pid in _all():
        with suppress(OSError):
            if os.stat(f"/proc/{pid}").st_uid == uid:
                found.append(pid)
    return found


def _all() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def memory_of(pids: Iterable[int]) -> int:
    """Bytes of memory of some processes together."""
    kilobytes = 0
    for pid in pids:
        with suppress(OSError), open(f"/proc/{pid}/status", "rb") as status:
            kilobytes += sum(int(line.split()[1]) for line in status if line.startswith(COUNTED))
    return 1024 * kilobytes


def bytes_on_disk(folder: str, most_files: int) -> int:
    """Bytes that a folder takes; very many where there are more than `most_files` in it."""
    taken, files = 0, 0
    waiting = [folder]  # no recursion: how deep folders nest is up to student code
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                files += 1
                if files > most_files:
                    return 1 << 62
                taken += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
    return taken
