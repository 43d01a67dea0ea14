"""What the processes of a room use up, read from /proc."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress

COUNTED = (b"RssAnon:", b"RssShmem:", b"VmSwap:", b"VmPTE:")
"""What a process has for itself. Pages that it still shares with the template count as well."""


def processes_in(namespace: int) -> list[int]:
    """The processes in a PID namespace."""
    return _where("/ns/pid", lambda seen: seen.st_ino == namespace)


def processes_of(first: int, number: int = 1) -> list[int]:
    """The processes of a user, or of so many users from `first` on."""
    return _where("", lambda seen: first <= seen.st_uid < first + number)


def _where(part: str, wanted: Callable[[os.stat_result], bool]) -> list[int]:
    """The processes of which a part of /proc is as wanted."""
    found = []
    for name in os.listdir("/proc"):
        with suppress(OSError):
            if name.isdigit() and wanted(os.stat(f"/proc/{name}{part}")):
                found.append(int(name))
    return found


def memory_of(pids: Iterable[int]) -> int:
    """Bytes of memory of some processes together."""
    kilobytes = 0
    for pid in pids:
        with suppress(OSError), open(f"/proc/{pid}/status", "rb") as status:
            kilobytes += sum(int(line.split()[1]) for line in status if line.startswith(COUNTED))
    return 1024 * kilobytes


def times_of(pids: Iterable[int]) -> tuple[float, float]:
    """Seconds that some processes have run, with those that they started and saw end, and that their threads were ready
    to run and had no processor."""
    ticks, nanoseconds = 0, 0
    for pid in pids:
        with suppress(OSError, ValueError, IndexError):
            with open(f"/proc/{pid}/stat", "rb") as stat:
                ticks += sum(map(int, stat.read().rpartition(b")")[2].split()[11:15]))
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/schedstat", "rb") as waits:
                    nanoseconds += int(waits.read().split()[1])
    return ticks / os.sysconf("SC_CLK_TCK"), nanoseconds / 1e9


def processes_of_session(first: int) -> list[int]:
    """The processes of the session that a process leads."""
    found = []
    for name in os.listdir("/proc"):
        with suppress(OSError):
            if name.isdigit() and os.getsid(int(name)) == first:
                found.append(int(name))
    return found


def available_memory() -> int:
    """Bytes of memory that the machine could still give away."""
    with open("/proc/meminfo", "rb") as known:
        return next(1024 * int(line.split()[1]) for line in known if line.startswith(b"MemAvailable:"))


def tasks() -> int:
    """Processes and threads on the machine."""
    with open("/proc/loadavg", "rb") as known:
        return int(known.read().split()[3].partition(b"/")[2])


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
