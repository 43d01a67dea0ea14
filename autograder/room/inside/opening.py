"""One room, as the template sees it: how it is opened, what it uses up, and how it ends."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from . import kernel
from .child import become_room, enter
from .plan import BWRAP, BY_UID, DISK, MEMORY, NONE, Plan, Walls
from .usage import bytes_on_disk, memory_of, processes_in, processes_of

HOLDER = (
    "bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
    "--die-with-parent", "--hostname", "room", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev",
    "--remount-ro", "/dev", "--clearenv",
)  # fmt: skip
"""Makes a room's namespaces. What it runs holds them open, and says that they stand."""

SECONDS_TO_STAND = 10
SECONDS_TO_END = 5


class CannotOpen(Exception):
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
        if b"}" not in info:
            process.kill()
            said = process.communicate()[1].decode(errors="replace").strip()
            raise CannotOpen(said or "bwrap did not answer")
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
        with contextlib.suppress(BlockingIOError):
            return os.read(self.trouble, 1000).decode(errors="replace")
        return ""

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
            end_all_of(self.uid, self.walls.first_uid)
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        self.signal(signal.SIGKILL)
        select.select([self.process], [], [], SECONDS_TO_END)
        os.close(self.process)
        os.close(self.trouble)
        if self.folder:
            _remove(self.folder)


def open_room(walls: Walls, plan: Plan, number: int, descriptors: list[int], rules: Any) -> OpenRoom:
    """Open the room of `plan`, the template's `number`th. rules: the seccomp filter. Raises CannotOpen."""
    as_root = os.geteuid() == 0
    uid = walls.first_uid + 1 + number % (walls.uids - 1) if as_root and walls.kind != NONE else None
    if walls.kind == BY_UID and processes_of(uid):  # of a room whose template was killed
        end_all_of(uid, walls.first_uid)
    holder = Holder.start(as_root) if walls.kind == BWRAP else None
    folder = "" if holder else tempfile.mkdtemp(prefix="room-")
    trouble, complain = os.pipe()
    os.set_blocking(trouble, False)
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
        elif folder:
            _remove(folder)
        with open(trouble, "rb") as end:
            said = end.read(1000) or b"the room's process ended early"
        raise CannotOpen(said.decode(errors="replace")) from None
    os.close(complain)
    plan = replace(plan, key="")  # which no later room is to find in its memory
    return OpenRoom(plan, walls, pid, process, holder, uid, folder, trouble, namespace)


def _remove(folder: str) -> None:
    """Not by Python, which recurses: how deep folders nest is up to student code."""
    subprocess.run(["rm", "-rf", "--one-file-system", folder], check=False)


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


def end_all_of(uid: int, spare: int) -> None:
    """Kill every process of a user.

    A child does it, which is that user in effect and can hit nobody else, and which the user's processes cannot hit:
    it is really `spare`, a user that no room is.
    """
    if not uid or not spare:
        raise ValueError("never root's")
    for _ in range(10):  # what forks all the time may get away once or twice
        child = os.fork()
        if not child:
            try:
                os.setgroups([])
                os.setresgid(spare, spare, spare)
                os.setresuid(spare, uid, spare)
                os.kill(-1, signal.SIGKILL)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        if not processes_of(uid):
            return
        time.sleep(0.02)
