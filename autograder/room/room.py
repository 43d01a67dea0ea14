"""A room as the judge has it: cells are run in it, and it is asked for values."""

import builtins
import json
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import NOT_ALL_DONE, UserError
from autograder.room.framing import Closed, Line, TooMuch
from autograder.room.inside.plan import DISK, FAILED, GONE, MEMORY, TIMES, Plan
from autograder.room.limits import Limits
from autograder.room.meter import Allowed, Meter, Times
from autograder.room.place import Place, TemplateGone, log_of, output_of
from notebook_checks import NoVerdict

MOST_COMMAS = 200_000
"""In one answer, which so has no more values than that. Python takes up to 100 bytes for a value of one character."""

SECONDS_TO_SAY = 3.0
"""How long the template may take to say how a room ended, if it does nothing else."""

SECONDS_TO_LISTEN = 30.0
"""How long it may do something else first: it opens and ends rooms one after the other, and a machine may be busy."""

Reply = Callable[[Any], dict[str, Any]]
"""What a room is told where it asks back: takes JSON data of the room, none of it to be trusted; gives JSON data."""

_rooms: set["Room"] = set()


class RoomGone(Exception):
    """The room has ended. how: GONE (student code ended it), or MEMORY or DISK (it used up too much)."""

    def __init__(self, how: str = GONE):
        super().__init__(how)
        self.how = how


class RoomLost(NoVerdict):
    """The room has ended, or was never opened, and student code had nothing to do with it. Another one can be opened.

    Its text says what is known of it. details: what the template has printed.
    """

    def __init__(self, text: str = "", details: str = ""):
        super().__init__(text)
        self.details = details


class NoRoom(NoVerdict, UserError):
    """No room could be opened: a fault of ours or of the machine, and never the student's.

    details: what the template has printed.
    """

    exit_status = NOT_ALL_DONE

    def __init__(self, text: str = "", details: str = ""):
        super().__init__(text)
        self.details = details


class RoomTooSlow(Exception):
    """The room did not answer in time, and was thrown away. starved: whether it had too little of a processor."""

    def __init__(self, starved: bool = False):
        super().__init__("starved" if starved else "")
        self.starved = starved


@dataclass(frozen=True)
class Outcome:
    """How a cell ended.

    Attributes:
        status: "ok", "error", "timeout", "died", "memory" or "disk".
        error: a built-in exception's name, or "".
        starved: whether it ran out of time for want of a processor.
    """

    status: str
    error: str = ""
    starved: bool = False


class Room:
    """One kernel, one student, one notebook. A context manager: it is closed at the end. Raises NoRoom or RoomLost.

    place: where rooms come from. folders: what the working folder is a copy of, the later ones over the earlier.
    without: modules, and names in modules, that cannot be imported there. clock: seconds that requests have taken.
    """

    def __init__(self, place: Place, folders: tuple[Path, ...], limits: Limits, without: tuple[str, ...] = ()):
        self._limits = limits
        self._place = place
        self._said = ""
        self._asked = 0
        self._times = Times()
        self.clock = 0.0
        with ExitStack() as undo:
            ours, theirs = socket.socketpair()
            self._line = Line(ours, limits.answer_bytes)
            undo.callback(self._line.close)
            plan = plan_of(limits, secrets.token_hex(16), without=without)
            with theirs, _opened(folders) as descriptors:
                try:
                    self._life = place.request(plan, [theirs.fileno(), *descriptors])
                except TemplateGone as problem:
                    raise RoomLost(f"{problem} {log_of(place)}".strip(), output_of(place)) from None
            self._open = True
            _rooms.add(self)
            undo.callback(self.close)
            try:
                self._request({"do": "get", "name": "__name__"}, Allowed(limits.start_seconds, limits.start_seconds))
            except RoomTooSlow:
                told = f"no room within {limits.start_seconds:g} seconds. {log_of(place)}".strip()
                raise NoRoom(told, output_of(place)) from None
            except RoomGone as gone:
                told = f"the room ended before any student code ran ({gone.how})"
                raise RoomLost(told, output_of(place)) from None
            undo.pop_all()

    def __enter__(self) -> "Room":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, source: str, allowed: Allowed | float | None = None) -> Outcome:
        """Run a cell. A room in which a cell did not end in time is closed.

        Args:
            source: of the cell, as IPython takes it.
            allowed: what it may take; a number is seconds of CPU time; None for the limit of a cell.

        Returns:
            How it ended. That of a closed room is "died".

        Raises:
            RoomLost: if the room ended through no fault of the student's.
        """
        try:
            reply = self._request({"do": "run", "source": source}, self._allowed(allowed, self._limits.cell_seconds))
        except RoomTooSlow as slow:
            return Outcome("timeout", starved=slow.starved)
        except RoomGone as gone:
            return Outcome("died" if gone.how == GONE else gone.how)
        if reply.get("status") == "ok":
            return Outcome("ok")
        return Outcome("error", exception_name(reply.get("ename")))

    def ask(
        self,
        request: dict[str, Any],
        allowed: Allowed | float | None = None,
        reply: Reply | None = None,
    ) -> dict[str, Any]:
        """The answer to one of the responder's requests: a dict of JSON data, none of it to be trusted.

        Args:
            request: JSON data.
            allowed: what it may take; a number is seconds of CPU time; None for the limit of a call.
            reply: what the room is told where it asks back before it answers, None where it may not. Takes JSON data of
                the room, none of it to be trusted, and gives JSON data. The time that it takes is not the room's.

        Raises:
            RoomTooSlow: if it took too long. The room is closed then.
            RoomGone: if student code ended the room, or its answer is too large. The room is closed then.
            RoomLost: if the room ended through no fault of the student's.
        """
        return self._request(request, self._allowed(allowed, self._limits.call_seconds), reply)

    def times(self, seconds: float = SECONDS_TO_SAY) -> Times | None:
        """What its processes have used since it was opened, as the template measures it; None if it says nothing.

        Args:
            seconds: how long the template may take to answer.
        """
        self._asked += 1
        answered = 0
        try:
            self._life.settimeout(seconds)
            self._life.send(b"%s %d" % (TIMES, self._asked))
            while answered != self._asked:  # one that came too late for whoever asked is passed over
                said = self._life.recv(2000).decode(errors="replace")
                if not said.startswith(TIMES.decode()):
                    self._said = said  # of its end
                    return None
                cpu, waited, number = said.split()[1:]
                answered = int(number)
        except OSError:
            return None
        self._times = Times(float(cpu), float(waited))
        return self._times

    def known_times(self) -> Times:
        """What it has used, as far as that was ever measured."""
        return self._times

    def _allowed(self, allowed: Allowed | float | None, usual: float) -> Allowed:
        if isinstance(allowed, Allowed):
            return allowed
        return self._limits.allowed(usual if allowed is None else allowed)

    def close(self) -> None:
        """End every process of the room and remove its files. May be called twice."""
        self._open = False
        _rooms.discard(self)
        self._line.close()
        self._life.close()

    def _request(self, request: dict[str, Any], allowed: Allowed, reply: Reply | None = None) -> dict[str, Any]:
        if not self._open:
            raise RoomGone
        meter = Meter(allowed, self.times)
        try:
            self._line.send(json.dumps(request).encode(), meter)
            answer = _answer(self._line.receive(meter))
            while reply is not None and "ask" in answer:
                with meter.standing_still():
                    told = reply(answer["ask"])
                self._line.send(json.dumps(told).encode(), meter)
                answer = _answer(self._line.receive(meter))
            return answer
        except TimeoutError:
            self.close()
            raise RoomTooSlow(meter.starved) from None
        except TooMuch:
            self.close()
            raise RoomGone from None
        except Closed:
            how = self._how_it_ended()
            self.close()
            raise how from None
        finally:
            self.clock += meter.clock

    def _how_it_ended(self) -> Exception:
        """What the template says of the end. Where it says nothing, it is itself what ended."""
        if not self._said:
            self.times(SECONDS_TO_LISTEN)  # an answer tells that the template listens; or else it tells of the end
        self._life.settimeout(SECONDS_TO_SAY)
        said = self._said
        try:
            while not said or said.startswith(TIMES.decode()):  # asked for, and not waited for
                said = self._life.recv(2000).decode(errors="replace")
                if not said:
                    break
        except TimeoutError:  # the room stands: its code closed the connection
            return RoomGone()
        except OSError:
            said = ""
        if said.startswith(FAILED):
            return RoomLost(said.removeprefix(FAILED).strip())
        return RoomGone(said) if said in (GONE, MEMORY, DISK) else self._template_ended()

    def _template_ended(self) -> RoomLost:
        return RoomLost(f"the template of the rooms ended. {log_of(self._place)}".strip(), output_of(self._place))


def plan_of(limits: Limits, key: str, **others: Any) -> Plan:
    """A plan with the limits that concern a room itself; the others concern whoever waits for it.

    Args:
        limits: what a room may use up.
        key: that signs the room's messages.
        **others: further fields of the plan.
    """
    shared = ("process_bytes", "memory_bytes", "processes", "file_bytes", "disk_bytes", "files")
    return Plan(key=key, **{name: getattr(limits, name) for name in shared}, **others)


def _answer(said: bytes) -> dict[str, Any]:
    """What a room has said, if it can be an answer."""
    if said.count(b",") > MOST_COMMAS or said.count(b"[") > MOST_COMMAS:
        return {"novalue": "object"}
    try:
        answer = json.loads(said.decode())
    except (ValueError, RecursionError):
        answer = None
    return answer if isinstance(answer, dict) else {"novalue": "object"}


@contextmanager
def _opened(folders: tuple[Path, ...]) -> Iterator[list[int]]:
    """Descriptors of folders, to be copied by whoever gets them."""
    descriptors: list[int] = []
    try:
        for folder in folders:
            descriptors.append(os.open(folder, os.O_RDONLY | os.O_DIRECTORY))
        yield descriptors
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def close_all_rooms() -> None:
    """Throw away every room of this process, which is about to end."""
    for room in list(_rooms):
        with suppress(Exception):
            room.close()


def exception_name(name: Any) -> str:
    """`name` where it is a built-in exception's, else "Exception"."""
    known = getattr(builtins, name, None) if isinstance(name, str) else None
    return name if isinstance(known, type) and issubclass(known, BaseException) else "Exception"
