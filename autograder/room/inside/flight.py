"""Descriptors that are sent and not yet received: a user has only so many, and a room may be of the grader's user.

A room that hoards them keeps everyone of that user from sending one, and so from opening a room.
"""

import errno
import os
import resource
import socket
from collections.abc import Iterable
from contextlib import suppress

MAKE_WAY = b"make way "
"""Asks a template for an end of the room that hoards descriptors. The open files that the asker may have follow."""


def asked_for() -> bytes:
    """The request of this process."""
    return MAKE_WAY + b"%d" % resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def is_hoarded(problem: OSError) -> bool:
    """Whether this is why a descriptor could not be sent."""
    return problem.errno == errno.ETOOMANYREFS


def can_send(most_files: int) -> bool:
    """Whether a process that may have so many open files could send a descriptor now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, most_files), hard))
        try:
            socket.send_fds(ours, [b"x"], [theirs.fileno()])
        except OSError as problem:
            if is_hoarded(problem):
                return False
            raise
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return True


def in_flight(pids: Iterable[int]) -> int:
    """Descriptors that wait in sockets which some processes have open: a hint, as a socket may itself be waiting."""
    found = 0
    for pid in pids:
        with suppress(OSError):
            for descriptor in os.listdir(f"/proc/{pid}/fdinfo"):
                with suppress(OSError), open(f"/proc/{pid}/fdinfo/{descriptor}", "rb") as known:
                    found += sum(int(line.split()[1]) for line in known if line.startswith(b"scm_fds:"))
    return found
