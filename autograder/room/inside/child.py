"""How a child of the template becomes a room: it joins the room's namespaces, gives up all rights, and is a kernel.

Order matters throughout. Whatever fails here ends the process before any student code has run.
"""

import os
import random
import resource
import shutil
import signal
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress

from . import linux
from .groups import have_shares
from .plan import BWRAP, NONE, WORK, Plan, Walls
from .seccomp import Filters

KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL")
"""Environment variables of the template's that a room keeps."""

MOST_TIMERS = 1_000
"""Timers and waiting signals of a room: they lie in memory of the kernel that is nobody's."""

NO_CRASH_REPORTS = 1
"""The limit that the kernel takes for this. For any other, 0 as well, it starts the machine's collector of crashes, if
there is one: as root, and outside of the room."""

MOST_OPEN = 1024
"""Files that a process has open; and at most half of what the grader may have, as this limits how many descriptors of
a user are on their way, too."""

BEFORE_OTHERS = -15
"""The niceness of a room's kernel, which counts within the room's group alone."""

COVERED = (
    *("buddyinfo", "diskstats", "locks", "pressure", "vmstat", "zoneinfo"),
    *("cgroups", "interrupts", "key-users", "schedstat", "softirqs", "swaps", "sys/fs", "sys/kernel/pty"),
)
"""Of /proc: empty in a room of the kind bwrap. Each takes time; others that tell as much are for root alone."""

NOTHING_OF = ("Buffers", "Cached", "Active", "Inactive", "Shmem", "Slab", "SReclaimable", "SwapTotal", "SwapFree")
"""Lines of a room's own /proc/meminfo, which says how much a room may use and nothing of the machine."""

NAMESPACES = linux.CLONE_NEWNS | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS | linux.CLONE_NEWPID


def enter(pid: int, pidfd: int, as_root: bool) -> None:
    """Join the namespaces of a process. Children of this process are in its PID namespace; this process itself is not.

    Others than root join first the user namespace that the mounts belong to, and have root's rights there. It need not
    be the process's own: bwrap makes two, one in the other, to mount what only root may mount.

    Args:
        pid: of the process, which holds the namespaces of one room.
        pidfd: a descriptor of the same process.
        as_root: whether this process is root's.

    Raises:
        OSError: if the process has ended, or the kernel refuses.
    """
    if not as_root:
        mounts = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY)
        linux.setns(linux.owner_of(mounts), linux.CLONE_NEWUSER)
    linux.setns(pidfd, NAMESPACES)


def become_room(
    walls: Walls,
    plan: Plan,
    uid: int | None,
    work: str,
    descriptors: list[int],
    filters: Filters | None,
    complain: int,
    serve: Callable,
) -> None:
    """Be the room of `plan` until it is thrown away.

    Args:
        walls: the kind of the room, and where its disk is.
        plan: what the room may do.
        uid: the user to be; None to stay who one is.
        work: the working folder, where the kind has none of its own.
        descriptors: those of the plan's channels, then of its folders.
        filters: of system calls, or None.
        complain: where to say what went wrong, until it is a room.
        serve: runs the kernel.
    """
    os.setsid()
    if have_shares(walls.groups):
        _go_before_all_others()
    channels = dict(zip(plan.channels, descriptors, strict=False))
    folders = descriptors[len(plan.channels) :]
    close_all_but([*descriptors, complain])
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    if walls.kind == BWRAP:
        work = _make_disk(plan, uid, walls.tmp)
        _cover_proc(plan)
    for folder in folders:
        shutil.copytree(f"/proc/self/fd/{folder}", work, symlinks=True, dirs_exist_ok=True, ignore=_not_to_copy)
        os.close(folder)
    temporary = "/room/tmp" if work == WORK else f"{work}/.tmp"
    os.makedirs(temporary, exist_ok=True)
    if uid is not None:
        _give(work, uid)
    os.chdir(plan.work if walls.kind == NONE and plan.work else work)
    _set_environment(work, temporary)
    if walls.kind != NONE:
        _limit(plan)
        _give_up_rights(walls, uid, work, filters)
    if walls.kind != BWRAP:  # whose rooms end with their namespaces
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    _forget_the_past()

    def stand() -> None:
        if filters is not None:
            filters.late.load()
        os.close(complain)

    serve(channels, plan.key, temporary, stand)


def _not_to_copy(folder: str, names: list[str]) -> list[str]:
    """Sockets, pipes and devices, of which there is no copy."""
    kinds = [os.lstat(os.path.join(folder, name)).st_mode for name in names]
    is_kept = (stat.S_ISREG, stat.S_ISDIR, stat.S_ISLNK)
    return [name for name, kind in zip(names, kinds, strict=True) if not any(kept(kind) for kept in is_kept)]


def _go_before_all_others() -> None:
    """Of all processes of the room, this one gets a processor first; what it starts is as any process is.

    So background processes of a student slow themselves down, and not the answers to the judge, which is waiting. The
    room's group has its share of the processors with or without this.
    """
    with suppress(PermissionError):  # in a user namespace, where nobody may
        os.sched_setscheduler(0, os.SCHED_OTHER | os.SCHED_RESET_ON_FORK, os.sched_param(0))
        os.setpriority(os.PRIO_PROCESS, 0, BEFORE_OTHERS)


def close_all_but(kept: list[int]) -> None:
    """Close every descriptor but the standard ones and those in `kept`."""
    below = 3
    for descriptor in sorted(kept):
        os.closerange(below, descriptor)
        below = descriptor + 1
    os.closerange(below, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _make_disk(plan: Plan, uid: int | None, tmp: bool) -> str:
    """The room's whole disk: one tmpfs of limited size, which /dev/shm is a part of, and /tmp if `tmp`."""
    owner = "" if uid is None else f",uid={uid},gid={uid}"
    options = f"size={plan.disk_bytes},nr_inodes={plan.files},mode=0700{owner}"
    linux.mount("room", "/room", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, options)
    for name, place in (("tmp", "/tmp" if tmp else ""), ("shm", "/dev/shm")):
        os.mkdir(f"/room/{name}", 0o700)
        if uid is not None:
            os.chown(f"/room/{name}", uid, uid)
        if place:
            linux.mount(f"/room/{name}", place, "", linux.MS_BIND)
    # No pseudo-terminals: what is typed into one that nobody reads keeps the kernel busy, in no room's time.
    linux.mount("room", "/dev/pts", "tmpfs", linux.MS_RDONLY)
    os.mkdir(WORK, 0o700)
    return WORK


def _cover_proc(plan: Plan) -> None:
    """What tells of the whole machine's memory, disks, locks and files: a room could read there what another does."""
    for name in COVERED:
        place = f"/proc/{name}"
        if os.path.isdir(place):
            linux.mount("room", place, "tmpfs", linux.MS_RDONLY)
        elif os.path.exists(place):
            linux.mount("/dev/null", place, "", linux.MS_BIND)
    memory = [f"{name}: {plan.memory_bytes // 1024} kB" for name in ("MemTotal", "MemFree", "MemAvailable")]
    _put_into_proc("meminfo", [*memory, *(f"{name}: 0 kB" for name in NOTHING_OF)])
    _put_into_proc("loadavg", ["0.00 0.00 0.00 1/1 1"])
    processors = [f"cpu{number} 0 0 0 0 0 0 0 0 0 0" for number in range(os.cpu_count() or 1)]
    counts = ["intr 0", "ctxt 0", "btime 0", "processes 1", "procs_running 1", "procs_blocked 0", "softirq 0"]
    _put_into_proc("stat", ["cpu  0 0 0 0 0 0 0 0 0 0", *processors, *counts])


def _put_into_proc(name: str, lines: list[str]) -> None:
    """A file of /proc as this room has it: what programs ask for, and nothing of the machine."""
    with open(f"/room/{name}", "w", encoding="ascii") as made:
        made.writelines(f"{line}\n" for line in lines)
    os.chmod(f"/room/{name}", 0o444)
    linux.mount(f"/room/{name}", f"/proc/{name}", "", linux.MS_BIND)


def _give(folder: str, uid: int) -> None:
    os.chown(folder, uid, uid)
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            os.chown(os.path.join(place, name), uid, uid, follow_symlinks=False)


def _set_environment(work: str, temporary: str) -> None:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    os.environ.clear()
    os.environ.update(kept | {"HOME": work, "TMPDIR": temporary, "IPYTHONDIR": f"{temporary}/ipython"})


def _limit(plan: Plan) -> None:
    limits = {
        resource.RLIMIT_DATA: plan.process_bytes,
        resource.RLIMIT_NPROC: plan.processes,
        resource.RLIMIT_FSIZE: plan.file_bytes,
        resource.RLIMIT_CORE: _at_most(NO_CRASH_REPORTS, resource.RLIMIT_CORE),
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: _at_most(MOST_TIMERS, resource.RLIMIT_SIGPENDING),
        resource.RLIMIT_NOFILE: min(MOST_OPEN, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2),
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def _at_most(wanted: int, limit: int) -> int:
    """What is wanted, or what this process may have at most where that is less."""
    hard = resource.getrlimit(limit)[1]
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def _give_up_rights(walls: Walls, uid: int | None, work: str, filters: Filters | None) -> None:
    linux.forbid_capabilities()
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    linux.drop_capabilities()
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    linux.prctl(linux.PR_SET_DUMPABLE, 1)  # or else /proc/self is root's, and honest code stumbles over it
    if walls.kind == BWRAP:
        linux.landlock_domain()  # bwrap's own processes in the room have no filter, and may be the same user's
    elif linux.landlock_version():
        linux.landlock(list(walls.readable), [work, os.devnull])
    if filters is not None:
        filters.early.load()


def _forget_the_past() -> None:
    """Random numbers of its own, signals as a new process has them, nothing of ours to be imported."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "torch" in sys.modules:
        sys.modules["torch"].seed()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    tempfile.tempdir = None  # where the template's is
    sys.argv = ["ipykernel_launcher"]
