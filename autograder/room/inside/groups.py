"""Control groups: the kernel itself holds a room's memory, its processes and its share of the processors.

What /proc tells of processes leaves out memory that no process has mapped: shared pages that were given back,
and what waits in sockets and pipes. A group counts all of it. Folders of groups are reached by descriptors, as neither
a template nor a room sees them.
"""

import errno
import os
import sys
from dataclasses import dataclass, field

from .plan import Plan

PREFIX = "autograder-room-"
"""What the names of rooms' groups begin with."""

CPU = "cpu"
"""The controller, and its folder of version 1, that gives a group a share of the processors."""

V2 = "v2"
"""The one folder of version 2, where each controller of version 1 has a folder of its own."""

SETTLED = 100
"""The descriptor of the folder that a settled command has."""

LIMITS = {
    "memory": (("memory.limit_in_bytes", "memory_bytes"), ("memory.memsw.limit_in_bytes", "memory_bytes")),
    "pids": (("pids.max", "processes"),),
    CPU: (),  # a group has the share of one process, however many processes it has
    V2: (("memory.max", "memory_bytes"), ("pids.max", "processes")),
}
"""By folder: which files limit a room, and the number of its plan that goes there."""

OF_SWAP = {"memory.memsw.limit_in_bytes", "memory.swap.max"}
"""Files that a kernel without swap lacks."""

OUT_OF_MEMORY = {"memory": "memory.oom_control", V2: "memory.events"}
"""Where it is counted how many processes were ended for want of memory, as "oom_kill 1"."""


@dataclass
class RoomGroup:
    """The groups of one room, one in each folder. They are removed once all its processes have ended."""

    name: str
    folders: dict[str, int]
    procs: list[int] = field(default_factory=list)
    events: int | None = None

    @classmethod
    def make(cls, parents: dict[str, int], name: str, plan: Plan) -> "RoomGroup":
        """New groups with the limits of a plan.

        Args:
            parents: folder of groups → its descriptor: one for each controller of version 1, or the one of V2.
            name: of the groups, below their folders; PREFIX is put before it. No other room may have it.
            plan: its `memory_bytes` and `processes` count.

        Raises:
            OSError: if a group cannot be made or limited. Nothing is left behind then.
        """
        made = cls(PREFIX + name, dict(parents))
        try:
            for folder, parent in parents.items():
                os.mkdir(made.name, dir_fd=parent)
                for file, limit in LIMITS[folder]:
                    made._write(folder, file, getattr(plan, limit))
                if folder == V2:
                    made._write(folder, "memory.swap.max", 0)
                made.procs.append(made._open(folder, "cgroup.procs", os.O_WRONLY))
                if folder in OUT_OF_MEMORY:
                    made.events = made._open(folder, OUT_OF_MEMORY[folder], os.O_RDONLY)
        except OSError:
            made.remove()
            raise
        return made

    def enter(self) -> None:
        """Move the process that calls this into the groups, for good: it cannot reach them from inside a room."""
        for procs in self.procs:
            os.write(procs, b"0")

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel has ended a process of the room for want of memory."""
        if self.events is None:
            return False
        lines = os.pread(self.events, 1000, 0).split(b"\n")
        return any(line.startswith(b"oom_kill ") and line != b"oom_kill 0" for line in lines)

    def remove(self) -> bool:
        """Remove the groups.

        Returns:
            Whether they are gone: not while a process of theirs is still ending.
        """
        for descriptor in (*self.procs, *(() if self.events is None else (self.events,))):
            os.close(descriptor)
        self.procs, self.events = [], None
        for folder, parent in list(self.folders.items()):
            try:
                os.rmdir(self.name, dir_fd=parent)
            except FileNotFoundError:
                pass
            except OSError as problem:
                if problem.errno == errno.EBUSY:
                    continue
                raise
            del self.folders[folder]
        return not self.folders

    def _open(self, folder: str, file: str, flags: int) -> int:
        return os.open(f"{self.name}/{file}", flags | os.O_CLOEXEC, dir_fd=self.folders[folder])

    def _write(self, folder: str, file: str, number: int) -> None:
        try:
            descriptor = self._open(folder, file, os.O_WRONLY)
        except FileNotFoundError:
            if file in OF_SWAP:
                return
            raise
        try:
            os.write(descriptor, b"%d" % number)
        finally:
            os.close(descriptor)


def have_shares(parents: dict[str, int]) -> bool:
    """Whether each group that is made there has a share of the processors of its own.

    Args:
        parents: as of `RoomGroup.make`; may be empty.
    """
    if V2 not in parents:
        return CPU in parents
    given = os.open("cgroup.subtree_control", os.O_RDONLY, dir_fd=parents[V2])
    try:
        return CPU.encode() in os.read(given, 1000).split()
    finally:
        os.close(given)


def own_folder() -> str:
    """The group of version 2 that this process is in.

    Raises:
        OSError, StopIteration: if there are no groups of version 2.
    """
    with open("/proc/self/cgroup", encoding="utf-8") as known:
        path = next(line[3:].rstrip("\n") for line in known if line.startswith("0::"))
    with open("/proc/self/mountinfo", encoding="utf-8") as mounts:
        return next(line.split()[4] for line in mounts if " - cgroup2 " in line) + path


def start_settled() -> None:
    """Run the command that the arguments are, in a group of version 2 that is this process's own, with its folder open.

    A group that has groups below it has no processes: so the command goes into one below.

    Raises:
        OSError: if other processes are in the group, or it may not limit anything.
    """
    folder = own_folder()
    os.mkdir(f"{folder}/template")
    _put(f"{folder}/template/cgroup.procs", "0")
    with open(f"{folder}/cgroup.controllers", encoding="ascii") as known:
        controllers = {"memory", "pids", "cpu"} & set(known.read().split())
    _put(f"{folder}/cgroup.subtree_control", " ".join(f"+{name}" for name in sorted(controllers)))
    os.dup2(os.open(folder, os.O_RDONLY | os.O_DIRECTORY), SETTLED, inheritable=True)
    os.execvp(sys.argv[1], sys.argv[1:])


def _put(file: str, text: str) -> None:
    with open(file, "w", encoding="ascii") as content:
        content.write(text)
