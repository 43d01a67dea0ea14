"""A student's notebook being played in a room, and played again where its code killed the room."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from autograder.course import BARE, Course, RoomNeeds
from autograder.course.questions import withheld_in
from autograder.course.submission import Cell
from autograder.room import GONE, Limits, NoRoom, Outcome, Room, RoomGone, RoomLost, RoomTooSlow, open_room

FATAL_STATUSES = {"timeout", "died", "memory", "disk"}
"""The ways in which a cell ends that take the room along."""

FORGIVEN_DEATHS = 1
"""How many rooms of a notebook may die before student code is blamed for it: code that kills one does so again."""

TRIES = 5
"""How often something is tried whose room is lost, before it is given up."""

T = TypeVar("T")


class Session:
    """Plays cells one by one and passes requests on. A context manager: its room is thrown away at the end.

    outcomes: how each cell that was played ended.
    A cell that runs out of time or kills the kernel is left out when the earlier cells are played again in a new room,
    so that what comes after it is still judged.

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
        self._played: list[Cell] = []
        self._room: Room | None = None
        self._forgiven = FORGIVEN_DEATHS
        self._deadline = time.monotonic() + limits.notebook_seconds

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def play(self, cell: Cell) -> Outcome:
        """Run a cell after all that were played before it. It does not run where the notebook's time is up."""
        try:
            outcome = self.again_if_lost(lambda: self._run_or_lose(cell))
        except RoomTooSlow:
            outcome = Outcome("timeout")
        self.outcomes[cell.id] = outcome
        if outcome.status in FATAL_STATUSES:
            self._drop()
        else:
            self._played.append(cell)
        return outcome

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The room's answer. Raises RoomTooSlow, RoomGone or RoomLost: the next request finds a new room then."""
        room = self._open()
        try:
            return room.ask(request, seconds)
        except (RoomTooSlow, RoomLost):
            self._drop()
            raise
        except RoomGone as gone:
            self._drop()
            if gone.how == GONE:
                self._forgive_once()
            raise

    def again_if_lost(self, action: Callable[[], T]) -> T:
        """What `action` gives. It is done again, in a new room, where one was lost through no fault of the student's.

        Raises NoRoom where that happens again and again.
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

    def _seconds_left(self) -> float:
        return self._deadline - time.monotonic()

    def _open(self) -> Room:
        """The room as it stands after all played cells; a new one where the last one is gone.

        Raises RoomTooSlow if the notebook's time is up, even if playing the earlier cells again took it.
        """
        while True:
            if self._seconds_left() <= 0:
                raise RoomTooSlow
            if self._room is not None:
                return self._room
            with ExitStack() as undo:
                room = undo.enter_context(open_room(self.kind, self._folders, self.limits, self.withheld, self.needs))
                lost = self._replay(room)
                if lost is None:
                    self._room = room
                    undo.pop_all()
                else:
                    self._played.remove(lost)

    def _run(self, room: Room, cell: Cell) -> Outcome:
        """Run a cell for as long as it and its notebook may take."""
        return room.run(cell.source, max(0.1, min(self.limits.cell_seconds, self._seconds_left())))

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
                self.outcomes[cell.id] = outcome
                return cell
        return None

    def _drop(self) -> None:
        if self._room is not None:
            self._room.close()
            self._room = None


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
