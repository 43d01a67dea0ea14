"""One room, as the template sees it: how it is opened, what it uses up, and how it ends."""

import contextlib
import itertools
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

from . import kernel, linux
from .child import become_room, enter
from .disk import Disk
from .groups import RoomGroup
from .plan import BWRAP, BY_UID, DISK, HOLDER, MEMORY, NONE, Plan, Walls
from .seccomp import Filters
from .usage import memory_of, processes_in, processes_of, processes_of_session, times_of

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
    def start(cls, as_root: bool, group: int) -> "Holder":
        """New namespaces for one room.

        Args:
            as_root: whether this process is root's.
            group: a process group that there is. All of bwrap is in it, and it is killed if this fails.

        Raises:
            CannotOpen: if they cannot be made.
        """
        told, tell = os.pipe()
        more = [] if as_root else ["--unshare-user"]
        command = [*HOLDER, *more, "--info-fd", str(tell), "sh", "-c", "echo; exec cat"]
        pipe = subprocess.PIPE
        with open(told, "rb", buffering=0) as answer:
            try:
                process = subprocess.Popen(
                    command, stdin=pipe, stdout=pipe, stderr=pipe, pass_fds=(tell,), process_group=group
                )
            finally:
                os.close(tell)
            try:
                output = process.stdout
                stands = output and select.select([output], [], [], SECONDS_TO_STAND)[0] and output.read(1)
                info = answer.read(1000) if stands else b""  # written before anything is run
                pid = json.loads(info)["child-pid"] if b"}" in info else None
                if pid is not None:
                    return cls(process, pid, os.pidfd_open(pid))
            except BaseException:
                os.killpg(group, signal.SIGKILL)
                process.communicate()
                raise
        os.killpg(group, signal.SIGKILL)
        said = process.communicate()[1].decode(errors="replace").strip()
        raise CannotOpen(said or "bwrap did not answer")

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

    trouble: where its process says why it could not become a room. lease: of its user, kept until all has ended.
    group: its control group, if the machine has any for rooms. disk: the machine's, if it has none of its own.
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
    lease: int | None = None
    group: RoomGroup | None = None
    disk: Disk | None = None
    connection: socket.socket = field(init=False, repr=False)

    def signal(self, number: int) -> None:
        """Send the kernel a signal."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.process, number)

    def failed(self) -> str:
        """Why the process ended before it was a room, or "" where it ended as one."""
        return _said_on(self.trouble)

    def processes(self) -> list[int]:
        """Those of the room."""
        if self.namespace is not None:
            return processes_in(self.namespace)
        return processes_of(self.uid) if self.uid is not None else processes_of_session(self.pid)

    def times(self) -> tuple[float, float]:
        """Seconds that its processes have run, and that they waited for a processor."""
        return times_of(self.processes())

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel says so or, where it does not hold the room's memory, the processes have too much."""
        if self.group is not None:
            return self.group.ran_out_of_memory()
        with linux.acting_as(os.geteuid() if self.uid is None else self.uid):  # see Disk.is_exceeded
            return memory_of(self.processes()) > self.plan.memory_bytes

    def exceeded(self) -> str:
        """MEMORY or DISK where the room uses up too much, else ""."""
        if self.walls.kind == NONE:
            return ""
        if self.ran_out_of_memory():
            return MEMORY
        if self.disk is not None and self.uid is not None and self.disk.is_exceeded(self.processes(), self.uid):
            return DISK
        return ""

    def end(self) -> None:
        """End every process of the room, and remove its files. All of it is tried, whatever fails."""
        with contextlib.ExitStack() as last_first:
            if self.lease is not None:
                last_first.callback(os.close, self.lease)
            if self.folder:
                last_first.callback(remove, self.folder)
            last_first.callback(os.close, self.trouble)
            last_first.callback(os.close, self.process)
            last_first.callback(select.select, [self.process], [], [], SECONDS_TO_END)
            last_first.callback(self.signal, signal.SIGKILL)
            self._end_processes()

    def _end_processes(self) -> None:
        if self.holder is not None:
            self.holder.end()
        elif self.uid is not None:
            end_all_of(self.uid, self.walls.first_uid)
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)


def open_room(walls: Walls, plan: Plan, number: int, descriptors: list[int], filters: Filters | None) -> OpenRoom:
    """Open the room of `plan`.

    Args:
        walls: of all rooms of the template.
        plan: of this one.
        number: of the user that it is, counted from `walls.first_uid`; 0 if it stays the template's.
        descriptors: what the plan names.
        filters: of system calls, if its kind has walls.

    Raises:
        CannotOpen: if the room's process ended early. What it had is given back.
        OSError: if the machine lacks something.
    """
    uid = walls.first_uid + number if number else None
    if walls.kind == BY_UID and uid is not None and processes_of(uid):  # of a room whose template was killed
        end_all_of(uid, walls.first_uid)
    with contextlib.ExitStack() as undo:
        holder, folder, namespace, disk = None, "", None, None
        if walls.kind != BWRAP:
            folder = tempfile.mkdtemp(prefix="room-", dir=walls.files or None)
            undo.callback(remove, folder)
            disk = Disk(folder, plan.disk_bytes, plan.files)
        trouble, complain = os.pipe()
        undo.callback(os.close, trouble)
        os.set_blocking(trouble, False)
        group = _group_of(walls, plan)
        if group is not None:
            undo.callback(group.remove)
        become = partial(become_room, walls, plan, uid, folder, descriptors, filters, complain, kernel.serve)
        enter_group = group.enter if group is not None else _enter_nothing
        try:
            if walls.kind == BWRAP:
                holder, pid = _fork_into_namespaces(os.geteuid() == 0, enter_group, become, complain)
                undo.callback(holder.end)
                namespace = os.stat(f"/proc/{pid}/ns/pid").st_ino
            else:
                pid = _fork(partial(_one_after_the_other, enter_group, become), complain)
                undo.callback(_kill, pid)
            process = os.pidfd_open(pid)
        except (OSError, ValueError):
            raise CannotOpen(_said_on(trouble) or "the room's process ended early") from None
        finally:
            os.close(complain)
        undo.pop_all()
    plan = replace(plan, key="")  # which no later room is to find in its memory
    return OpenRoom(plan, walls, pid, process, holder, uid, folder, trouble, namespace, group=group, disk=disk)


_numbers = itertools.count()


def _group_of(walls: Walls, plan: Plan) -> RoomGroup | None:
    if not walls.groups or walls.kind == NONE:
        return None
    return RoomGroup.make(walls.groups, f"{walls.first_uid}-{os.getpid()}-{next(_numbers)}", plan)


def _said_on(trouble: int) -> str:
    with contextlib.suppress(BlockingIOError):
        return os.read(trouble, 1000).decode(errors="replace")
    return ""


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def remove(folder: str) -> None:
    """Remove a folder. Not by Python, which recurses: how deep folders nest is up to student code."""
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


def _enter_nothing() -> None:
    """What a room does on a machine without control groups."""


def _one_after_the_other(*actions: Callable[[], None]) -> None:
    for action in actions:
        action()


def _fork_into_namespaces(
    as_root: bool, enter_group: Callable[[], None], action: Callable[[], None], complain: int
) -> tuple[Holder, int]:
    """A holder of new namespaces, and a child in them that does `action`, and says on `complain` what went wrong.

    A process is not in the PID namespace that it has joined, but its children are: so there is one between, which ends
    at once, and the child is then this process's own (PR_SET_CHILD_SUBREAPER). The one between enters the room's groups
    while the namespaces are made: the kernel lets it wait for some 10 ms there, and its child is in them from the
    beginning.

    It also ends what is left if this process is killed meanwhile: bwrap itself then ends (--die-with-parent), but what
    it has forked may still wait for a word from it, and would wait for ever. All three are one process group.

    Raises:
        CannotOpen: if there are no namespaces.
        ValueError: if the child ended early.
    """
    held, hold = os.pipe()
    said, say = os.pipe()

    def between() -> None:
        os.setpgid(0, 0)
        os.close(hold)  # or else the end of it would not be seen
        enter_group()
        pid = int(os.read(held, 20) or b"0")
        if not pid:
            os.killpg(0, signal.SIGKILL)  # itself as well
        enter(pid, os.pidfd_open(pid), as_root)
        os.write(say, b"%d" % _fork(action, complain))
        os._exit(0)

    with open(said, "rb") as answer, open(hold, "wb", buffering=0) as tell:
        try:
            first = _fork(between, complain)
        finally:
            os.close(say)
            os.close(held)
        with contextlib.ExitStack() as undo:
            undo.callback(os.waitpid, first, 0)
            undo.callback(tell.close)
            with contextlib.suppress(ProcessLookupError):  # it has failed already, and has said so
                os.setpgid(first, first)  # the child does so, too: whoever comes first
            try:
                holder = Holder.start(as_root, first)
            except OSError as problem:
                raise CannotOpen(f"bwrap cannot be started: {problem.strerror}") from None
            undo.callback(holder.end)
            tell.write(b"%d" % holder.pid)
            pid = int(answer.read())
            undo.pop_all()
    os.waitpid(first, 0)
    return holder, pid


def end_all_of(uid: int, spare: int) -> None:
    """Kill every process of a user.

    A child does it, which is that user in effect and can hit nobody else, and which the user's processes cannot hit:
    it is really `spare`.

    Args:
        uid: the user of a room; never root.
        spare: a user that no room is; never root.

    Raises:
        ValueError: if one of them is root.
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
