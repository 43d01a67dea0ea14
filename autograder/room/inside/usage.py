"""What the processes of a room use up, read from /proc."""

import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache

SHARED = b"RssShmem:"

NEEDED = {b"RssAnon:", SHARED, b"VmSwap:", b"VmPTE:", b"VmSize:"}
"""What a process has for itself, and how many addresses. Pages that it still shares with the template count as well."""

LARGE = 200_000
"""Kilobytes of addresses beyond the template's from which on a process's mappings are looked at."""

FEW = 128
"""Open files that need no look at what they are."""

LEAST_OF_WATCH = 200
ALL_WATCHES = 16_000_000_000
"""Bytes that one watch of epoll takes, and that all watches of a user count as: a room may have a fifth of them."""


def processes_in(namespace: int) -> list[int]:
    """The processes in a PID namespace."""
    return _where("/ns/pid", lambda seen: seen.st_ino == namespace)


def processes_of(first: int, number: int = 1) -> list[int]:
    """The processes of a user, or of several users in a row.

    Args:
        first: the first user.
        number: how many users.
    """
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
    """Bytes of memory of some processes together; at least as much as they have.

    Shared memory counts as far as it is mapped, and a socket with all that may wait in it: how much of both is in use
    cannot be seen from outside. What epoll watches counts by its share of all that the user may watch, who may be the
    grader's own. None of it takes much in honest code.
    """
    own, seen, watched = 0, 0, 0
    shared: dict[int, int] = {}
    sockets: set[int] = set()
    for pid in pids:
        with suppress(OSError), open(f"/proc/{pid}/status", "rb") as status:
            counts = {name: int(line.split()[1]) for line in status if (name := line.split(b"\t")[0]) in NEEDED}
            seen += counts.pop(SHARED, 0)
            large = counts.pop(b"VmSize:", 0) > _size_of_template() + LARGE
            own += sum(counts.values())
            if large:
                shared |= _shared_mappings(pid)
        more_sockets, most_watched = _open_in(pid)
        sockets |= more_sockets
        watched += most_watched
    return (
        1024 * (own + max(seen, sum(shared.values()))) + len(sockets) * _most_in_socket() + watched * _bytes_of_watch()
    )


def _shared_mappings(pid: int) -> dict[int, int]:
    """Kilobytes of memory without a file that a process has mapped and shares, by the number of each."""
    found: dict[int, int] = {}
    with suppress(OSError), open(f"/proc/{pid}/maps", "rb") as mappings:
        for line in mappings:
            if line.endswith(b"/dev/zero (deleted)\n"):
                bounds, _, _, _, number, *_ = line.split()
                first, last = (int(bound, 16) for bound in bounds.split(b"-"))
                found[int(number)] = found.get(int(number), 0) + (last - first) // 1024
    return found


def _open_in(pid: int) -> tuple[set[int], int]:
    """The numbers of a process's sockets, and what its epolls watch at most, if it has enough open to matter."""
    found, epolls = set(), 0
    with suppress(OSError):
        names = os.listdir(f"/proc/{pid}/fd")
        for name in names if len(names) > FEW else ():
            with suppress(OSError):
                seen = os.stat(f"/proc/{pid}/fd/{name}")
                if stat.S_ISSOCK(seen.st_mode):
                    found.add(seen.st_ino)
                elif not stat.S_IFMT(seen.st_mode):  # only what has no type can be one
                    epolls += os.readlink(f"/proc/{pid}/fd/{name}") == "anon_inode:[eventpoll]"
        return found, epolls * (len(names) - epolls)
    return found, 0


@lru_cache
def _bytes_of_watch() -> int:
    """Bytes that one thing which an epoll watches counts as, so that a room has no large part of a user's watches."""
    with suppress(OSError, ValueError), open("/proc/sys/fs/epoll/max_user_watches", encoding="ascii") as known:
        return max(LEAST_OF_WATCH, ALL_WATCHES // max(1, int(known.read())))
    return LEAST_OF_WATCH


@lru_cache
def _size_of_template() -> int:
    """Kilobytes of addresses that this process had when it first looked: its rooms begin with as many."""
    with open("/proc/self/status", "rb") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(b"VmSize:"))


@lru_cache
def _most_in_socket() -> int:
    """Bytes that may wait in a socket: the kernel counts each twice, for what it needs itself."""
    with suppress(OSError), open("/proc/sys/net/core/wmem_max", encoding="ascii") as known:
        return 2 * int(known.read())
    return 1 << 19


def times_of(pids: Iterable[int]) -> tuple[float, float]:
    """Seconds that some processes have run, and seconds that their threads were ready to run and had no processor.

    The first are with those of the processes that they started and saw end.
    """
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
