"""System calls that a room does not have, by libseccomp.

What this closes behind the namespaces: new user namespaces (in which a process would get capabilities, and with them
the larger part of the kernel that only those reach), looking into other processes, keys of the user's keyring
(which no namespace separates), and parts of the kernel with a long record of holes that no student needs.
In a room by uid, which has no network namespace, it closes sockets as well.
"""

import errno
import socket
from typing import Any

from . import linux

FORBIDDEN = (
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "mount_setattr", "move_mount", "open_tree"),
    *("fsopen", "fsconfig", "fsmount", "fspick", "open_by_handle_at", "name_to_handle_at"),
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
    ),  # memory that no process of the room is seen to have
    *("fanotify_init", "quotactl", "acct", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "sethostname"),
    *("setdomainname", "syslog", "vhangup", "iopl", "ioperm", "lookup_dcookie", "nfsservctl", "vm86", "modify_ldt"),
)
FAMILIES = {socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK}
"""Of sockets. Others know no network namespace (vsock leads out of a virtual machine), or are parts of the kernel that
no student needs."""

NEW_NAMESPACES = (
    linux.CLONE_NEWNS, linux.CLONE_NEWCGROUP, linux.CLONE_NEWUTS, linux.CLONE_NEWIPC,
    linux.CLONE_NEWUSER, linux.CLONE_NEWPID, linux.CLONE_NEWNET,
)  # fmt: skip


def prepare(without_network: bool) -> Any:
    """The filter, to be loaded by each room. without_network: only for unix sockets that it makes in pairs or
    listens on; nothing that connects. Raises OSError where libseccomp is missing."""
    try:
        import pyseccomp as libseccomp
    except (ImportError, RuntimeError, OSError) as problem:
        lacking = f"libseccomp is missing ({problem}); on Debian: apt-get install libseccomp2"
        raise OSError(errno.ENOSYS, lacking) from None
    rules = libseccomp.SyscallFilter(libseccomp.ALLOW)
    rules.set_attr(libseccomp.Attr.ACT_BADARCH, libseccomp.KILL_PROCESS)
    refused = libseccomp.ERRNO(errno.EPERM)
    for call in FORBIDDEN:
        _forbid(rules, refused, call)
    for flag in NEW_NAMESPACES:
        rules.add_rule(refused, "clone", libseccomp.Arg(0, libseccomp.MASKED_EQ, flag, flag))
    # clone3 hides its flags behind a pointer. Who is told that there is none falls back to clone.
    rules.add_rule(libseccomp.ERRNO(errno.ENOSYS), "clone3")
    # Who is not dumpable hides what it uses up from a template that is not root's.
    rules.add_rule(refused, "prctl", libseccomp.Arg(0, libseccomp.EQ, linux.PR_SET_DUMPABLE))
    families = {socket.AF_UNIX, socket.AF_NETLINK} if without_network else FAMILIES  # libzmq needs both
    for family in set(range(64)) - families:
        rules.add_rule(refused, "socket", libseccomp.Arg(0, libseccomp.EQ, family))
    if without_network:
        rules.add_rule(refused, "connect")
        unix = libseccomp.Arg(0, libseccomp.EQ, socket.AF_UNIX)
        datagrams = libseccomp.Arg(1, libseccomp.MASKED_EQ, 0xF, socket.SOCK_DGRAM)  # need no connect
        rules.add_rule(refused, "socket", unix, datagrams)
    return rules


def _forbid(rules: Any, refused: int, call: str) -> None:
    try:
        rules.add_rule(refused, call)
    except (OSError, RuntimeError, ValueError):  # a call that this machine's kind of processor has not
        return
