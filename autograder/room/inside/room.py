"""One room, as the template sees it: how it is opened, what it uses up, and how it ends."""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from . import kernel
from .child import become_room, enter
from .plan import BWRAP, DISK, MEMORY, NONE, Plan, Walls
from .usage import bytes_on_disk, memory_of, processes_in, processes_of

HOLDER = (
    "bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
    "--die-with-parent", "--hostname", "room", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev",
    "--remount-ro", "/dev", "--clearenv",
)  # fmt: skip
"""Makes a room's namespaces. What it runs holds them open, and says that they stand."""

SECONDS_TO_STAND = 10


class CannotOpen(OSError):
    """A room could not be opened, for a reason of the machine's or ours."""


@dataclass
class Holder:
    """bwrap, holding namespaces open. It ends, and every process in them, when its input ends."""

    process: subprocess.Popen
    pid: int
    """Of the process in the namespaces."""
    child: int
    """A pidfd of the same."""

    @classmethod
    def start(cls, as_root: bool) -> "Holder":
        """New namespaces. Raises CannotOpen."""
        told, tell = os.pipe()
        more = [] if as_root else ["--unshare-user"]
        command = [*HOLDER, *more, "--info-fd", str(tell), "sh", "-c", "echo; exec cat"]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, pass_fds=(tell,))
        os.close(tell)
        stands = select.select([process.stdout], [], [], SECONDS_TO_STAND)[0] and process.stdout.read(1)
        info = os.read(told, 1000) if stands else b""  # written before anything is run
        os.close(told)
        if not info:
            process.kill()
            said = process.communicate()[1].decode(errors="replace").strip()
            raise CannotOpen(0, said or "bwrap did not answer")
        pid = json.loads(info)["child-pid"]
        return cls(process, pid, os.pidfd_open(pid))

    def end(self) -> None:
        """End all that is in the namespaces: with its first process a PID namespace ends."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.child, signal.SIGKILL)
        os.close(self.child)
        self.process.kill()
        self.process.communicate()


@dataclass
class OpenRoom:
    """A room that stands. process: a pidfd of its kernel. namespace: the number of its PID namespace, or None.

    trouble: where its process says why it could not become a room.
    """

    plan: Plan
    walls: Walls
    pid: int
    process: int
    holder: Holder | None
    uid: int | None
    folder: str
    trouble: int
    namespace: int | None = None
    connection: socket.socket = field(default=None)

    def signal(self, number: int) -> None:
        """Send the kernel a signal."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.process, number)

    def failed(self) -> str:
        """Why the process ended before it was a room, or "" where it ended as one."""
        return os.read(self.trouble, 1000).decode(errors="replace")

    def exceeded(self) -> str:
        """MEMORY or DISK where the room uses up too much, else ""."""
        if self.walls.kind == NONE:
            return ""
        pids = processes_in(self.namespace) if self.namespace else processes_of(self.uid)
        if memory_of(pids) > self.plan.memory_bytes:
            return MEMORY
        if self.folder and bytes_on_disk(self.folder, self.plan.files) > self.plan.disk_bytes:
            return DISK
        return ""

    def end(self) -> None:
        """End every process of the room, and remove its files."""
        if self.holder is not None:
            self.holder.end()
        elif self.uid is not None:
            end_all_of(self.uid)
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        self.signal(signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        os.close(self.process)
        os.close(self.trouble)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def open_room(walls: Walls, plan: Plan, number: int, descriptors: list[int], rules: Any) -> OpenRoom:
    """Open the room of `plan`, the template's `number`th. rules: the seccomp filter. Raises CannotOpen."""
    as_root = os.geteuid() == 0
    uid = walls.first_uid + number % walls.uids if as_root and walls.kind != NONE else None
    holder = Holder.start(as_root) if walls.kind == BWRAP else None
    folder = "" if holder else tempfile.mkdtemp(prefix="room-")
    trouble, complain = os.pipe()
    become = partial(become_room, walls, plan, uid, folder, descriptors, rules, complain, kernel.serve)
    try:
        if holder:
            pid = _fork_into(holder, uid is not None, become, complain)
            namespace = os.stat(f"/proc/{pid}/ns/pid").st_ino
        else:
            pid, namespace = _fork(become, complain), None
        process = os.pidfd_open(pid)
    except (OSError, ValueError):
        os.close(complain)
        if holder:
            holder.end()
        raise CannotOpen(0, os.read(trouble, 1000).decode(errors="replace")) from None
    os.close(complain)
    return OpenRoom(plan, walls, pid, process, holder, uid, folder, trouble, namespace)


def _fork(action: Callable[[], None], complain: int) -> int:
    """A child that does `action` and ends. It says on `complain` what went wrong."""
    pid = os.fork()
    if pid:
        return pid
    try:
        action()
    except BaseException as problem:
        with contextlib.suppress(OSError):
            os.write(complain, f"{type(problem).__name__}: {problem}".encode()[:1000])
    finally:
        os._exit(1)


def _fork_into(holder: Holder, as_root: bool, action: Callable[[], None], complain: int) -> int:
    """The same in the holder's namespaces: a process is not in the PID namespace that it has joined, but its children
    are. The one between ends at once, and the child is then this process's own (PR_SET_CHILD_SUBREAPER)."""
    said, say = os.pipe()

    def between() -> None:
        enter(holder.pid, holder.child, as_root)
        os.write(say, b"%d" % _fork(action, complain))
        os._exit(0)

    first = _fork(between, complain)
    os.close(say)
    with open(said, "rb") as answer:
        pid = answer.read()
    os.waitpid(first, 0)
    return int(pid)


def end_all_of(uid: int) -> None:
    """Kill every process of a user: by a child that is that user, so that it can hit nobody else."""
    if not uid:
        raise ValueError("never root's")
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
