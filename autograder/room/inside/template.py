"""The warm template: a process with everything imported that student code may import, and a child of it is a room.

It is a router and, for each set of withheld names, a *warm* process that has the rest of the imports. A request is
one message on a connection of its own: a Plan, with descriptors. The room lives as long as its connection. The
template says on it how the room ended, if that was not by closing it.

It is single-threaded throughout: a child may join namespaces only then.
"""

import gc
import importlib
import os
import select
import selectors
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from . import flight, groups, linux, seccomp
from .child import close_all_but
from .opening import CannotOpen, OpenRoom, open_room, remove
from .plan import BY_UID, DISK, FAILED, GONE, MEMORY, NONE, TIMES, Plan, Walls
from .usage import available_memory, tasks
from .users import NoUserLeft, Users
from .withheld import withhold

MAX_MESSAGE, MAX_DESCRIPTORS = 1_000_000, 32
"""Bytes and descriptors that a request may have."""

FIRST = (
    "notebook_checks", "numpy", "IPython", "pdb",
    "IPython.core.completer", "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger",
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect",
    "IPython.extensions.storemagic", "stack_data", "tornado.platform.asyncio",
)  # fmt: skip
"""Imported by the router, after what the course wants, before it is known what is to be withheld."""

LAST = ("otter.execute",)
"""Imported by a warm process. otter is available only if there are no walls: its own kernel is such a room."""

LOOK_EVERY, MEASURE_EVERY = 0.05, 0.4
"""Seconds between two looks at the machine, and between two at what each room uses up, which take a while."""

SECONDS_TO_END = 3.0
"""How long the rooms of a template may take to end when it ends."""

MEMORY_STEP, TASK_STEP = 100_000_000, 8
"""All rooms are measured again at once if the machine has lost this many bytes of memory, or has this many processes
more, since they were measured."""


def main() -> None:
    """Serve on the listening socket whose descriptor is the first argument, within the walls of the second."""
    listening = socket.socket(fileno=int(sys.argv[1]))
    walls = Walls.from_json(sys.argv[2])
    os.environ["MPLBACKEND"] = "Agg"
    linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; who asked for rooms ends them
    for slow in ("debugpy", "rfc3987_syntax"):  # nobody debugs a room, or has jsonschema check addresses in it
        sys.modules[slow] = None  # type: ignore[assignment]  # typeshed knows of modules only
    gc.set_threshold(50_000, 20, 100)  # in a room there is little garbage, and looking for it takes a tenth of the time
    _import((*walls.preload, *FIRST))
    if walls.rehearsal:
        importlib.import_module(walls.rehearsal).draw_numbers()
    router = Router(listening, walls)
    router.serve()
    router.end()
    if walls.files:
        remove(walls.files)
    os._exit(0)  # at once: Python would take a second to forget all that is imported


def _import(names: tuple[str, ...]) -> None:
    gc.disable()  # nearly all that comes now stays, and looking for what does not takes a seventh of the time
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:  # a withheld name is in its way: the import is left to student code
            for loaded in [loaded for loaded in sys.modules if (loaded + ".").startswith(name + ".")]:
                del sys.modules[loaded]
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    gc.freeze()  # children need not look at what is here now, and so do not copy it
    gc.enable()


class Router:
    """Passes each request on to the warm process that withholds the same names, and starts it if it is missing."""

    def __init__(self, listening: socket.socket, walls: Walls):
        self.listening = listening
        self.walls = walls
        self.warm: dict[tuple[str, ...], WarmLine] = {}
        self.users = Users(walls.uids - 1) if os.geteuid() == 0 and walls.kind != NONE else None

    def serve(self) -> None:
        """Until whoever started the template is gone: its end of our standard input is closed then."""
        while True:
            ready = select.select([self.listening, sys.stdin], [], [])[0]
            if sys.stdin in ready:
                return
            connection, _ = self.listening.accept()
            with connection:
                self._take(connection)

    def _take(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        try:
            request, descriptors, *_ = socket.recv_fds(connection, MAX_MESSAGE, MAX_DESCRIPTORS)
        except OSError:
            return  # whoever asked is gone
        if request.startswith(flight.MAKE_WAY):
            self._make_way(request)
        elif request:  # or else somebody has only looked whether we are here
            plan = Plan.from_json(request.decode())
            if plan.key:
                self._ask_for(plan, request, connection, descriptors)
            else:
                self._warm_without(plan.without)
        for descriptor in descriptors:
            os.close(descriptor)

    def _ask_for(self, plan: Plan, request: bytes, connection: socket.socket, descriptors: list[int]) -> None:
        """Have a room opened, whichever warm process does it: as a user that no room is that stands."""
        if self.users is None:
            self._pass_on(plan, b"0 " + request, [connection.fileno(), *descriptors])
            return
        try:
            number, lease = self.users.lend()
        except NoUserLeft as problem:
            _say(connection, f"{FAILED} {problem}")
            return
        try:
            self._pass_on(plan, b"%d %s" % (number, request), [connection.fileno(), lease, *descriptors])
        finally:
            os.close(lease)

    def _pass_on(self, plan: Plan, request: bytes, descriptors: list[int]) -> None:
        for _ in range(3):  # a warm process that was killed is missed when something is sent to it
            try:
                socket.send_fds(self._warm_without(plan.without).line, [request], descriptors)
                return
            except OSError as problem:
                if flight.is_hoarded(problem):
                    self._make_way(flight.asked_for())
                else:
                    self.warm.pop(plan.without).line.close()

    def _make_way(self, request: bytes) -> None:
        """Have the rooms ended that keep others from sending descriptors. Returns when one can be sent, or in time."""
        most_files = int(request.removeprefix(flight.MAKE_WAY))
        for warm in self.warm.values():
            with suppress(OSError):
                warm.line.send(request)
        deadline = time.monotonic() + SECONDS_TO_END
        while not flight.can_send(most_files) and time.monotonic() < deadline:
            time.sleep(0.01)

    def end(self) -> None:
        """Let the warm processes end their rooms. One that still gets ready has none, and ends at once."""
        for warm in self.warm.values():
            warm.line.close()
            with suppress(ProcessLookupError):
                os.kill(warm.pid, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_END
        for warm in self.warm.values():
            while time.monotonic() < deadline and not _has_ended(warm.pid):
                time.sleep(0.005)

    def _warm_without(self, names: tuple[str, ...]) -> "WarmLine":
        """The line to the warm process that withholds these names, which is started if it is missing."""
        if names not in self.warm:
            self.warm[names] = self._start(names)
        return self.warm[names]

    def _start(self, without: tuple[str, ...]) -> "WarmLine":
        _reap()

        def get_ready() -> None:
            withhold(without, self.walls.withheld_hint)
            _import((*self.walls.preload_last, *LAST))
            if self.walls.rehearsal:
                importlib.import_module(self.walls.rehearsal).rehearse()

        return start_warm(self.walls, get_ready)


@dataclass(frozen=True)
class WarmLine:
    """A warm process, and the line to it."""

    line: socket.socket
    pid: int


def start_warm(walls: Walls, get_ready: Callable[[], None] = lambda: None) -> WarmLine:
    """Fork a warm process, which gets ready and then opens rooms.

    Each request on it is "NUMBER PLAN", with the descriptors of the room's connection, of the lease of that number,
    where it is not 0 (see Users), and of all that the plan names.

    Args:
        walls: what all of its rooms have in common.
        get_ready: is called in the new process: it imports, say.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if pid := os.fork():
        theirs.close()
        return WarmLine(ours, pid)
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGTERM)  # while it gets ready; later it ends with its line
        linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
        close_all_but([theirs.fileno(), *walls.groups.values()])
        get_ready()
        Warm(theirs, walls).serve()
    except BaseException:
        traceback.print_exc()  # into the template's log
        sys.stderr.flush()
    finally:
        os._exit(1)


@dataclass
class Warm:
    """Opens rooms for requests, watches them, and ends them."""

    requests: socket.socket
    walls: Walls

    def __post_init__(self):
        self.rooms: dict[int, OpenRoom] = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.requests, selectors.EVENT_READ, self._open)
        self.filters = seccomp.prepare(self.walls.kind == BY_UID) if self.walls.kind != NONE else None
        self.looked = self.measured = 0.0
        self.available = self.tasks = 0
        self.leaving: list[groups.RoomGroup] = []

    def serve(self) -> None:
        """Until the router is gone."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # see Router.end
        while True:
            for key, _ in self.selector.select(LOOK_EVERY if self.rooms or self.leaving else None):
                key.data()
            _reap()
            self._remove_groups()
            if self.rooms and time.monotonic() - self.looked > LOOK_EVERY:
                self._look()

    def _open(self) -> None:
        request, descriptors, *_ = socket.recv_fds(self.requests, MAX_MESSAGE + 100, MAX_DESCRIPTORS)
        if not request:
            self._leave()
        if request.startswith(flight.MAKE_WAY):
            self._make_way(int(request.removeprefix(flight.MAKE_WAY)))
            return
        connection = socket.socket(fileno=descriptors.pop(0))
        first, _, plan = request.decode().partition(" ")
        number = int(first)
        lease = descriptors.pop(0) if number else None
        try:
            room = open_room(self.walls, Plan.from_json(plan), number, descriptors, self.filters)
        except (CannotOpen, OSError, ValueError) as problem:
            _say(connection, f"{FAILED} {problem}")
            connection.close()
            if lease is not None:
                os.close(lease)
        else:
            self.rooms[connection.fileno()] = room
            room.connection, room.lease = connection, lease
            self.selector.register(connection, selectors.EVENT_READ, lambda: self._hear(room))
            self.selector.register(room.process, selectors.EVENT_READ, lambda: self._end(room, GONE))
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _make_way(self, most_files: int) -> None:
        """End rooms until someone with so many files can send a descriptor.

        The last one that had to go hoarded them: the others are lost through no doing of theirs, and are opened again.
        """

        def how() -> str:
            deadline = time.monotonic() + 1
            while not (sent := flight.can_send(most_files)) and time.monotonic() < deadline:
                time.sleep(0.01)  # the kernel collects what is in flight a moment after the end
            return GONE if sent else f"{FAILED} it was ended while a room that hoards descriptors was looked for"

        rooms = sorted(self.rooms.values(), key=lambda room: flight.in_flight(room.processes()), reverse=True)
        for room in rooms:
            if flight.can_send(most_files):
                return
            self._end(room, how)

    def _leave(self) -> None:
        """The router is gone: leave nothing behind."""
        for room in list(self.rooms.values()):
            self._end(room, "")
        deadline = time.monotonic() + SECONDS_TO_END / 2
        while self.leaving and time.monotonic() < deadline:
            _reap()
            self._remove_groups()
            time.sleep(0.005)
        os._exit(0)

    def _remove_groups(self) -> None:
        """Those whose processes have all ended by now."""
        self.leaving = [group for group in self.leaving if not group.remove()]

    def _hear(self, room: OpenRoom) -> None:
        """A signal for the room, or the end of its connection, which is the end of the room."""
        try:
            asked = room.connection.recv(100)
        except OSError:
            asked = b""
        if asked.startswith(TIMES):
            cpu, waited = room.times()
            number = asked.removeprefix(TIMES).decode()
            _say(room.connection, f"{TIMES.decode()} {cpu:.3f} {waited:.3f}{number}")
        elif asked:
            room.signal(int(asked))
        else:
            self._end(room, "")

    def _look(self) -> None:
        self.looked = time.monotonic()
        available, running = available_memory(), tasks()
        calm = available > self.available - MEMORY_STEP and running < self.tasks + TASK_STEP
        in_memory = not any(room.folder for room in self.rooms.values())  # what lies in a folder is in no such number
        if calm and in_memory and self.looked - self.measured < MEASURE_EVERY:
            return
        self.available, self.tasks, self.measured = available, running, self.looked
        for room in list(self.rooms.values()):
            try:
                exceeded = room.exceeded()
            except Exception:  # whatever student code has made that cannot be measured
                traceback.print_exc()
                exceeded = DISK
            if exceeded:
                self._end(room, exceeded)

    def _end(self, room: OpenRoom, how: str | Callable[[], str]) -> None:
        """End a room, and say how it ended; a function says it when the room has ended."""
        if self.rooms.pop(room.connection.fileno(), None) is None:
            return
        self.selector.unregister(room.connection)
        self.selector.unregister(room.process)
        if how == GONE and (trouble := room.failed()):
            how = f"{FAILED} {trouble}"
        elif how == GONE and room.group is not None and room.group.ran_out_of_memory():
            how = MEMORY
        if isinstance(how, str) and how:  # at once: to remove what it has written may take longer than anyone waits
            _say(room.connection, how)
        try:
            room.end()
        except Exception:  # one room must not end the others
            traceback.print_exc()
        if callable(how):
            _say(room.connection, how())
        room.connection.close()
        if room.group is not None and not room.group.remove():
            self.leaving.append(room.group)


def _has_ended(child: int) -> bool:
    try:
        return os.waitpid(child, os.WNOHANG)[0] == child
    except ChildProcessError:
        return True


def _reap() -> None:
    """Take note of all children that have ended, those included that rooms have left to us."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _say(connection: socket.socket, text: str) -> None:
    with suppress(OSError):
        connection.send(text.encode()[:1000], socket.MSG_DONTWAIT)
