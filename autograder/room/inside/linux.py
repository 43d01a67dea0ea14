"""The Linux calls that Python 3.11 does not have, each with its error checked.

Numbers and layouts are those of the kernel's own headers (linux/sched.h, linux/prctl.h, linux/capability.h,
linux/landlock.h, linux/mount.h) and the same on x86-64 and arm64 where no table is given.
"""

import ctypes
import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress

libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x00020000, 0x02000000, 0x04000000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x08000000, 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096

NS_GET_USERNS = 0xB701

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_SECUREBITS = 1, 4, 24, 28
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
PR_SET_SECCOMP, SECCOMP_MODE_FILTER, BYTES_OF_INSTRUCTION = 22, 2, 8
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4

NO_ROOT = 0b11000011
"""Of the securebits: user 0 gets no capabilities, none becomes ambient, and both are for good."""

LAST_CAPABILITY = 63
"""More than any kernel has; dropping one that it has not is an error that says so (EINVAL)."""


def _check(result: int, call: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
    return result


def setns(descriptor: int, namespaces: int) -> None:
    """Join some namespaces of the process that a pidfd is of, or the one namespace that a descriptor is of.

    Args:
        descriptor: a pidfd, or an open file of /proc/<pid>/ns.
        namespaces: CLONE_NEW… of those to join, in one number.

    Raises:
        OSError: if this process has more than one thread, or the kernel refuses.
    """
    _check(libc.setns(descriptor, namespaces), "setns")


def owner_of(namespace: int) -> int:
    """A descriptor of the user namespace that another namespace belongs to."""
    return fcntl.ioctl(namespace, NS_GET_USERNS)


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount a file system, as mount(2) does.

    Args:
        source: what is mounted; any word for a tmpfs.
        target: where; it exists.
        kind: of the file system; "" where `flags` say all, as MS_BIND does.
        flags: MS_… in one number.
        options: of the file system, with commas between them; "" for none.

    Raises:
        OSError: if the kernel refuses.
    """
    _check(
        libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode() or None),
        f"mount {target}",
    )


def prctl(option: int, value: int = 0, other: int = 0) -> None:
    """Set a property of this process, as prctl(2) does.

    Args:
        option: one of PR_….
        value: the call's second argument.
        other: its third.

    Raises:
        OSError: if the kernel refuses.
    """
    arguments = (ctypes.c_ulong(number) for number in (value, other, 0, 0))
    _check(libc.prctl(option, *arguments), f"prctl {option}")


class _Program(ctypes.Structure):
    """A program of the kernel's filter of system calls: how many instructions, and where they stand."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def load_filter(code: bytes) -> None:
    """Put a filter of system calls upon this thread, for good.

    Args:
        code: as libseccomp has compiled it.

    Raises:
        OSError: if the kernel refuses.
    """
    program = _Program(len(code) // BYTES_OF_INSTRUCTION, code)
    none = ctypes.c_ulong(0)
    result = libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(program), none, none)
    _check(result, "prctl PR_SET_SECCOMP")


def forbid_capabilities() -> None:
    """Empty the bounding set: no program that is run from here on gets a capability back, not even one of root's."""
    with suppress(OSError):  # EPERM in a container whose root may not say so
        prctl(PR_SET_SECUREBITS, NO_ROOT)
    for capability in range(LAST_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # EINVAL: this kernel has none of this number; EPERM: as above
            break


def drop_capabilities() -> None:
    """Give up every capability that this process has."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = struct.pack("=Ii", 0x20080522, 0)  # version 3 of the call, of this process
    _check(libc.capset(header, bytes(24)), "capset")


@contextmanager
def acting_as(uid: int) -> Iterator[None]:
    """Look at files and processes as another user does. That user's processes still cannot signal this one."""
    libc.setfsgid(uid)
    libc.setfsuid(uid)
    try:
        yield
    finally:
        libc.setfsuid(os.geteuid())
        libc.setfsgid(os.getegid())


# ---- Landlock: what a process without privileges may still do to its own view of the machine

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
LANDLOCK_READ = 0b1101  # execute, read a file, read a folder
LANDLOCK_OF_A_FILE = 0b1100000000000111  # execute, write, read, truncate, ioctl: what a rule of a single file may say
LANDLOCK_MAKE_DEVICES = 1 << 11
LANDLOCK_FILES = {1: 13, 2: 14, 3: 15, 4: 15}  # rights to files by version; 16 since version 5
LANDLOCK_NETWORK = 0b11  # bind and connect by TCP, since version 4
LANDLOCK_SCOPES = 0b11  # abstract unix sockets, and signals, since version 6


def landlock_version() -> int:
    """The version of Landlock that this kernel has; 0 where it has none."""
    return max(0, libc.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1))


def landlock_domain() -> None:
    """Set this process and its children apart: they look into no process outside, and signal none (Landlock).

    Of files it forbids what is forbidden anyway (making devices). Nothing is done on a kernel without Landlock.
    """
    if landlock_version():
        _enter(_ruleset(LANDLOCK_MAKE_DEVICES, network=0))


def landlock(readable: list[str], writable: list[str]) -> None:
    """Restrict this process to some folders and files, for reading or for everything, and to no network.

    What the kernel's version of Landlock does not know is not restricted. It holds for good, and for all children.

    Args:
        readable: paths that exist: it may read and run what they are, or what is in them.
        writable: paths that exist, with which it may do everything.

    Raises:
        OSError: if the kernel has no Landlock, or a path is missing.
    """
    everything = (1 << LANDLOCK_FILES.get(landlock_version(), 16)) - 1
    rules = _ruleset(everything, LANDLOCK_NETWORK)
    for paths, rights in ((readable, LANDLOCK_READ), (writable, everything)):
        for path in paths:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            file_rights = rights if os.path.isdir(path) else rights & LANDLOCK_OF_A_FILE & everything
            rule = struct.pack("=Qi", file_rights, place)
            _check(libc.syscall(LANDLOCK_ADD, rules, 1, rule, 0), f"landlock_add_rule {path}")
            if path != "/proc/self":  # which the kernel may forget, and make anew without the rule, if nobody has it
                os.close(place)
    _enter(rules)


def _ruleset(files: int, network: int) -> int:
    """A ruleset that handles some rights, and signals and abstract sockets; what the kernel knows of them."""
    version = landlock_version()
    attributes = struct.pack("=QQQ", files, network if version >= 4 else 0, LANDLOCK_SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    return _check(libc.syscall(LANDLOCK_CREATE, attributes, ctypes.c_size_t(size), 0), "landlock_create_ruleset")


def _enter(rules: int) -> None:
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    _check(libc.syscall(LANDLOCK_RESTRICT, rules, 0), "landlock_restrict_self")
    os.close(rules)
