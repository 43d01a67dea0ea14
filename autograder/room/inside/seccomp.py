"""System calls that a room does not have, by libseccomp.

What this closes behind the namespaces: new user namespaces (in which a process would get capabilities, and with them
the larger part of the kernel that only those reach), looking into other processes, keys of the user's keyring
(which no namespace separates), and parts of the kernel with a long record of holes that no student needs.

Rooms read the same files, so it also closes what leaves a mark on a file that is only read (its pages in memory,
locks, leases, hints) and what tells of such a mark.

In a room by uid, which has no network namespace, it closes sockets as well.
"""

import errno
import os
import resource
import socket
import tempfile
from dataclasses import dataclass
from typing import Any

from . import linux

FORBIDDEN = (
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "mount_setattr", "move_mount", "open_tree"),
    *("open_tree_attr", "fsopen", "fsconfig", "fsmount", "fspick", "open_by_handle_at", "name_to_handle_at"),
    *("ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "process_madvise"),
    *("add_key", "request_key", "keyctl"),
    *("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff"),
    *(
        "memfd_create",
        "memfd_secret",
        "shmget",
        "msgget",
        "semget",
        "mq_open",
    ),  # memory that no process of the room is seen to have
    *("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"),  # the kernel's memory, without an end
    *("io_setup", "io_submit", "io_getevents", "io_pgetevents", "io_cancel", "io_destroy"),  # so many for the machine
    "sysinfo",  # the machine's free memory and processes, which /proc does not tell
    "vmsplice",  # a byte of a huge page in a pipe keeps all of it, and no process is seen to have it
    *("fanotify_init", "quotactl", "acct", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "sethostname"),
    *("setdomainname", "syslog", "vhangup", "iopl", "ioperm", "lookup_dcookie", "nfsservctl", "vm86", "modify_ldt"),
)

OF_PAGES = (
    *("fadvise64", "readahead", "sync_file_range", "sync", "syncfs", "remap_file_pages"),
    *("mincore", "cachestat", "move_pages", "migrate_pages", "mbind", "set_mempolicy_home_node"),
)
"""What moves pages of files into memory, out of it, or tells which are there."""

OF_WATCHING = ("flock", "inotify_init", "inotify_init1", "inotify_add_watch", "fanotify_mark")
"""Locks and watches: seccomp cannot see whose file it is."""

NUMBERS = {
    **{"landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446},
    **{"memfd_secret": 447, "set_mempolicy_home_node": 450, "cachestat": 451, "open_tree_attr": 467},
}
"""Of calls that a libseccomp in use does not know by name, on every kind of processor."""

INT = 0xFFFF_FFFF
"""What the kernel looks at of an argument that is an int. What stands above it must not hide a forbidden value."""

ADVICE = (3, 12, 20, 21, 22, 23, 25, 100, 101)
"""Of madvise: what loads pages, merges them with equal ones of others, evicts them, or breaks them."""

FILE_COMMANDS = (
    *(5, 6, 7, 12, 13, 14, 36, 37, 38),  # locks, those of an open file too
    *(1024, 1025, 1026, 1029, 1039, 1040),  # leases, notes of changes, what cancels a lock, delegations
    *(1035, 1036, 1037, 1038),  # hints about what will be written, which stay with the file
)
"""Of fcntl: what others that have the same file open would see."""

PROPERTIES = frozenset(
    {
        *(1, 2, 3, 13, 15, 16),  # the parent's death, whether it may be looked into, time, its name
        *(21, 22, 23, 27, 29, 30),  # filters of calls, until the late ones stand, what rights there are, idle timers
        *(36, 37, 38, 39, 40, 41, 42),  # orphans, privileges, the thread's address, large pages
        *(51, 64),  # how long vectors are
    }
)
"""Of prctl: all that a room may ask for. Among the others are a table in the kernel of any size, names of memory that
lie there too, to be hidden from a template that is not root's, and what reaches whoever shares a core or a page."""

LAST_PROPERTY = 127
"""Those above it, which the kernel does not have yet or gives odd numbers, are forbidden by this one."""

REQUESTS = (
    *(0xC020660B, 0xC0C0583B),  # where a file lies on the disk, what others have copies of, and where there is space
    *(0xC0506617, 0xC0406618, 0xC0406619, 0xC080661A),  # keys of a disk, which stay, and whether somebody has left one
)
"""Of ioctl: what tells of a file or a disk that is only read, or leaves a mark there."""

FILTERS_OF_SOCKETS = (26, 44, 50, 51, 52)
"""Of setsockopt: programs that filter messages. They lie in memory of the kernel that is nobody's, and of which the
whole machine has so much: once it is used up, no room can load its filters."""

MAP_POPULATE, MAP_HUGETLB = 0x8000, 0x40000

MPOL_F_ADDR = 2
"""Of get_mempolicy: on which node of the machine's memory a page lies."""

NEW_NAMESPACES = (
    linux.CLONE_NEWNS, linux.CLONE_NEWCGROUP, linux.CLONE_NEWUTS, linux.CLONE_NEWIPC,
    linux.CLONE_NEWUSER, linux.CLONE_NEWPID, linux.CLONE_NEWNET,
)  # fmt: skip


@dataclass(frozen=True)
class Compiled:
    """A filter as the kernel reads it: libseccomp takes a millisecond and more to compile one, at each opening."""

    code: bytes

    def load(self) -> None:
        """Put it upon this thread, for good.

        Raises:
            OSError: if the kernel refuses.
        """
        linux.load_filter(self.code)


@dataclass(frozen=True)
class Filters:
    """Both are loaded by each room. early: before anything of it runs. late: when its own sockets stand.

    The late one is for all threads at once, which libseccomp knows how to ask for on each kind of processor.
    """

    early: Compiled
    late: Any


def prepare(without_network: bool) -> Filters:
    """The filters of a template's rooms.

    Args:
        without_network: whether the rooms have no network namespace. They have no sockets then that connect, that send
            to a name, or that get one themselves.

    Raises:
        OSError: if libseccomp is missing.
    """
    return Filters(_compiled(_early(without_network)), _late(without_network))


def _compiled(rules: Any) -> Compiled:
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        return Compiled(os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0))


def _early(without_network: bool) -> Any:
    rules, libseccomp = _empty()
    refused = libseccomp.ERRNO(errno.EPERM)
    for call in (*FORBIDDEN, *OF_PAGES, *OF_WATCHING):
        _forbid(rules, refused, call)

    def forbid_int(call: str, place: int, value: int) -> None:
        rules.add_rule(refused, call, libseccomp.Arg(place, libseccomp.MASKED_EQ, INT, value))

    def forbid_flag(call: str, place: int, flag: int) -> None:
        rules.add_rule(refused, call, libseccomp.Arg(place, libseccomp.MASKED_EQ, flag, flag))

    for flag in NEW_NAMESPACES:
        forbid_flag("clone", 0, flag)
    # clone3 hides its flags behind a pointer. Who is told that there is none falls back to clone.
    rules.add_rule(libseccomp.ERRNO(errno.ENOSYS), "clone3")
    for flag in (MAP_POPULATE, MAP_HUGETLB):
        forbid_flag("mmap", 3, flag)
    forbid_flag("get_mempolicy", 4, MPOL_F_ADDR)
    for call in ("preadv2", "pwritev2"):
        rules.add_rule(refused, call, libseccomp.Arg(5, libseccomp.NE, 0))
    for advice in ADVICE:
        forbid_int("madvise", 2, advice)
    for command in FILE_COMMANDS:
        forbid_int("fcntl", 1, command)
    for item in set(range(LAST_PROPERTY + 1)) - PROPERTIES:
        rules.add_rule(refused, "prctl", libseccomp.Arg(0, libseccomp.EQ, item))
    rules.add_rule(refused, "prctl", libseccomp.Arg(0, libseccomp.GT, LAST_PROPERTY))
    for request in REQUESTS:
        forbid_int("ioctl", 1, request)
    forbid_int("setrlimit", 0, resource.RLIMIT_CORE)
    of_crashes = libseccomp.Arg(1, libseccomp.MASKED_EQ, INT, resource.RLIMIT_CORE)
    rules.add_rule(refused, "prlimit64", of_crashes, libseccomp.Arg(2, libseccomp.NE, 0))
    for family in set(range(64)) - {socket.AF_UNIX, socket.AF_NETLINK}:
        forbid_int("socket", 0, family)
    if without_network:
        rules.add_rule(refused, "connect")
        unix = libseccomp.Arg(0, libseccomp.MASKED_EQ, INT, socket.AF_UNIX)
        for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):  # need no connect; raw is another word for datagrams
            for call in ("socket", "socketpair"):
                rules.add_rule(refused, call, unix, libseccomp.Arg(1, libseccomp.MASKED_EQ, 0xF, kind))
    return rules


def _late(without_network: bool) -> Any:
    """What is refused once the kernel's sockets are open.

    libzmq asks by netlink which addresses there are, and gives its sockets names. Later there is no netlink, and where
    names are the machine's, no new name: one that is in use could tell another room something. Nor are there further
    filters.
    """
    rules, libseccomp = _empty()
    rules.set_attr(libseccomp.Attr.CTL_TSYNC, 1)  # for libzmq's and the kernel's threads, too
    refused = libseccomp.ERRNO(errno.EPERM)
    for call in ("socket", "socketpair"):
        rules.add_rule(refused, call, libseccomp.Arg(0, libseccomp.NE, socket.AF_UNIX))
    for option in FILTERS_OF_SOCKETS:
        level = libseccomp.Arg(1, libseccomp.MASKED_EQ, INT, socket.SOL_SOCKET)
        rules.add_rule(refused, "setsockopt", level, libseccomp.Arg(2, libseccomp.MASKED_EQ, INT, option))
    rules.add_rule(refused, "seccomp")
    rules.add_rule(refused, "prctl", libseccomp.Arg(0, libseccomp.MASKED_EQ, INT, linux.PR_SET_SECCOMP))
    if without_network:
        rules.add_rule(refused, "bind")
    return rules


def _empty() -> tuple[Any, Any]:
    """A filter that forbids nothing, and libseccomp."""
    try:
        import pyseccomp as libseccomp
    except (ImportError, RuntimeError, OSError) as problem:
        lacking = f"libseccomp is missing ({problem}); on Debian: apt-get install libseccomp2"
        raise OSError(errno.ENOSYS, lacking) from None
    rules = libseccomp.SyscallFilter(libseccomp.ALLOW)
    rules.set_attr(libseccomp.Attr.ACT_BADARCH, libseccomp.KILL_PROCESS)
    return rules, libseccomp


def _forbid(rules: Any, refused: int, call: str) -> None:
    for name in (call, NUMBERS.get(call)):
        try:
            if name is not None:
                rules.add_rule(refused, name)
                return
        except (OSError, RuntimeError, ValueError):  # this machine's kind of processor lacks it, or it is a newer one
            continue
