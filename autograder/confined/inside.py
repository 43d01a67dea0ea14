"""What runs in a confined process: limits, then a wall, then one answer for each request.

It begins with limits on memory and open files, imports all that it needs, and then may ask the system for nothing but
memory, the time, and bytes on the two lines to the process that started it. Whatever else is tried in it, even by a
decoder that has been taken over, is refused by the kernel.
"""

import ctypes
import os
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from autograder.confined.framing import Message, receive, send

PR_SET_PDEATHSIG = 1

KILL_AFTER = 0.5
"""Seconds past its time, and the process is ended: a library that is not written in Python cannot be interrupted."""

CALLS = (
    *("read", "write", "readv", "writev", "close", "lseek", "fstat", "newfstatat"),
    *("mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "futex", "sched_yield", "getrandom"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "setitimer", "getitimer", "restart_syscall"),
    *("clock_gettime", "gettimeofday", "getpid", "gettid", "exit", "exit_group"),
)
"""All that the kernel does for it once it is ready."""


class TookTooLong(BaseException):
    """A request has used up its seconds. Nothing but what answers it catches this."""


def serve(answer: Callable[[Message, BinaryIO], Message], rehearse: Callable[[], None], memory: int) -> None:
    """Answer requests until the other side closes the line.

    Args:
        answer: of a request, and of the line that more of it may stand on.
        rehearse: has everything imported and read that is imported when it is first used: no file can be opened later.
        memory: bytes of address space.
    """
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    start_no_collector()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    signal.signal(signal.SIGVTALRM, _too_long)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    _end_with_parent()
    rehearse()
    walls = close_walls()
    send(answers, {"ready": True, "walls": walls})
    while (request := receive(requests)) is not None:
        send(answers, answer(request, requests))


def start_no_collector() -> None:
    """Have no crash of this process start the machine's collector of crashes: the kernel does, for all limits but 1.

    Where a process may not have that limit, it has 0, and writes nothing itself.
    """
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    limit = 0 if hard == 0 else 1
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """A context that raises TookTooLong after so many seconds of processor time."""
    try:
        # The first stops what is written in Python; the second, which nothing here handles, ends the process.
        signal.setitimer(signal.ITIMER_PROF, seconds + KILL_AFTER)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)


def _too_long(*_: object) -> None:
    raise TookTooLong


def _end_with_parent() -> None:
    """Have the kernel end this process when the one that started it ends, in whatever way."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != int(sys.argv[1]):
            os._exit(0)  # it has ended already


def close_walls() -> bool:
    """Let the kernel do nothing but CALLS for this process, for good.

    Returns:
        Whether it could be done here: it needs libseccomp.
    """
    try:
        import pyseccomp as libseccomp
    except (ImportError, RuntimeError, OSError):
        return False
    from errno import EPERM

    rules = libseccomp.SyscallFilter(libseccomp.ERRNO(EPERM))
    for call in CALLS:
        try:
            rules.add_rule(libseccomp.ALLOW, call)
        except (OSError, ValueError):
            continue  # this machine has no such call
    try:
        rules.load()
    except OSError:
        return False
    return True
