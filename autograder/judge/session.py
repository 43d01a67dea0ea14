"""A student's notebook being played in a room, and played again where its code killed the room."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from autograder.course import BARE, Course, RoomNeeds
from autograder.course.questions import withheld_in
from autograder.course.submission import Cell
from autograder.judge.budget import Budget
from autograder.judge.told import error_of_cell
from autograder.room import (
    GONE,
    Allowed,
    Limits,
    NoRoom,
    Outcome,
    Reply,
    Room,
    RoomGone,
    RoomLost,
    RoomTooSlow,
    Times,
    open_room,
)

FATAL_STATUSES = {"timeout", "died", "memory", "disk"}
"""The ways in which a cell ends that take the room along."""

FORGIVEN_DEATHS = 1
"""How many rooms of a notebook may die before student code is blamed for it: code that kills one does so again."""

NOTEBOOK_PATIENCE = 2
"""How many times as long as its CPU time a notebook may take by the clock."""

TRIES = 5
"""How often something is tried whose room is lost, before it is given up."""

T = TypeVar("T")


class Session:
    """Plays cells one by one and passes requests on. A context manager: its room is thrown away at the end.

    outcomes: how each cell that was played ended. cells: all of them, in their order. starved: whether something ran
    out of time for want of a processor. knows_hidden: whether student code may have seen hidden inputs; from then on,
    not every exception of a cell is called by its name. A cell that runs out of time or kills the kernel is left out
    when the earlier cells are played again in a new room, so that what comes after it is still judged.

    folders: what the room's working folder is a copy of. attachments: a folder of files that were handed in, or None;
    it is copied there as well, and a test reads it here. withheld: modules, and names in modules, that the room does
    not have. needs: of the course. load: gives a module of the course's grading/, by name.
    """

    def __init__(
        self,
        folders: tuple[Path, ...],
        room: str,
        limits: Limits,
        attachments: Path | None = None,
        withheld: tuple[str, ...] = (),
        needs: RoomNeeds = BARE,
        load: Callable[[str], ModuleType] | None = None,
    ):
        self._folders = (*folders, attachments) if attachments else folders
        self.attachments = attachments
        self.withheld = withheld
        self.needs = needs
        self.load = load
        self.kind = room
        self.limits = limits
        self.outcomes: dict[str, Outcome] = {}
        self.cells: list[Cell] = []
        self.knows_hidden = False
        self._played: list[Cell] = []
        self._room: Room | None = None
        self._forgiven = FORGIVEN_DEATHS
        self.starved = False
        self._before = Times()
        self._clock_before = 0.0
        self._budget = Budget(self, Allowed(limits.notebook_seconds, NOTEBOOK_PATIENCE * limits.notebook_seconds))

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def play(self, cell: Cell) -> Outcome:
        """Run a cell after all that were played before it. It does not run where the notebook's time is up."""
        try:
            outcome = self.again_if_lost(lambda: self._run_or_lose(cell))
        except RoomTooSlow as slow:
            outcome = Outcome("timeout", starved=slow.starved)
        self.starved |= outcome.starved
        if self.knows_hidden:
            outcome = replace(outcome, error=error_of_cell(outcome.error, cell.source))
        self.outcomes[cell.id] = outcome
        self.cells.append(cell)
        if outcome.status in FATAL_STATUSES:
            self._drop()
        else:
            self._played.append(cell)
        return outcome

    def ask(self, request: dict[str, Any], allowed: Allowed, reply: Reply | None = None) -> dict[str, Any]:
        """The room's answer, none of which is to be trusted. After an exception, the next request finds a new room.

        Args:
            request: what the responder in the room takes: JSON data.
            allowed: CPU time and time by the clock, for this request alone. Opening a room and playing the earlier
                cells again come on top, and count as the notebook's time.
            reply: what the room is told where it asks back before it answers, None where it may not.

        Raises:
            RoomTooSlow: if it took too long, or the notebook's time is up.
            RoomGone: if student code ended the room.
            RoomLost: if the room ended through no fault of the student's.
        """
        room = self._open()
        try:
            return room.ask(request, allowed, reply)
        except RoomTooSlow as slow:
            self.starved |= slow.starved
            self._drop()
            raise
        except RoomLost:
            self._drop()
            raise
        except RoomGone as gone:
            self._drop()
            if gone.how == GONE:
                self._forgive_once()
            raise

    def again_if_lost(self, action: Callable[[], T]) -> T:
        """What `action` gives. It is done again, in a new room, if one was lost through no fault of the student's.

        Args:
            action: asks the room for something, and may be done several times.

        Raises:
            NoRoom: if rooms are lost again and again.
        """
        for _ in range(TRIES):
            try:
                return action()
            except RoomLost as lost:
                self._drop()
                reason = lost
        raise NoRoom(f"no room in {TRIES} tries: {reason}", reason.details)

    def close(self) -> None:
        """Throw the room away."""
        self._drop()

    @property
    def clock(self) -> float:
        """Seconds that its rooms have been at work, by the clock."""
        return self._clock_before + (self._room.clock if self._room else 0.0)

    def times(self) -> Times:
        """What its rooms have used, measured now."""
        if self._room is None:
            return self._before
        return self._before + (self._room.times() or self._room.known_times())

    def _open(self) -> Room:
        """The room as it stands after all played cells; a new one where the last one is gone.

        Raises RoomTooSlow if the notebook's time is up, even if playing the earlier cells again took it.
        """
        while True:
            if self._budget.left(0.0).used_up:
                raise RoomTooSlow(self._budget.starved)
            if self._room is not None:
                return self._room
            with ExitStack() as undo:
                room = undo.enter_context(open_room(self.kind, self._folders, self.limits, self.withheld, self.needs))
                undo.callback(self._count, room)
                lost = self._replay(room)
                if lost is None:
                    self._room = room
                    undo.pop_all()
                else:
                    self._played.remove(lost)

    def _run(self, room: Room, cell: Cell) -> Outcome:
        """Run a cell for as long as it and its notebook may take."""
        seconds = self.limits.cell_seconds
        return room.run(cell.source, self.limits.allowed(seconds).at_most(self._budget.left(seconds)))

    def _run_or_lose(self, cell: Cell) -> Outcome:
        """Run a cell in the room. Raises RoomLost where the room died, and might have died of something else."""
        outcome = self._run(self._open(), cell)
        if outcome.status == "died":
            self._forgive_once()
        return outcome

    def _forgive_once(self) -> None:
        """Treat a room that died as lost, once per notebook: the machine may have killed it, not the student."""
        if self._forgiven:
            self._forgiven -= 1
            raise RoomLost("the kernel ended")

    def _replay(self, room: Room) -> Cell | None:
        """Play the earlier cells again. Returns the one that ended well once and now loses the room, or None."""
        for cell in self._played:
            outcome = self._run(room, cell)
            if outcome.status in FATAL_STATUSES:
                if outcome.status == "died":
                    self._forgive_once()
                self.starved |= outcome.starved
                self.outcomes[cell.id] = outcome
                return cell
        return None

    def _drop(self) -> None:
        if self._room is not None:
            self._room.close()
            self._count(self._room)
            self._room = None

    def _count(self, room: Room) -> None:
        """Keep what a room that is given up has used."""
        self._before += room.known_times()
        self._clock_before += room.clock


def session_of(course: Course, notebook: str, kind: str, limits: Limits, attachments: Path | None) -> Session:
    """A session for one notebook of a course.

    Args:
        course: that the notebook is of.
        notebook: its name.
        kind: of its rooms.
        limits: what student code may use up.
        attachments: the folder of what was handed in beside it, or None.
    """
    withheld = withheld_in(course, notebook)
    return Session((course.release,), kind, limits, attachments, withheld, course.room_needs, course.grading_module)
