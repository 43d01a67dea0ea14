"""A student's notebook being played in a room, and played again where its code killed the room."""

import time
from pathlib import Path
from typing import Any

from autograder.intake.submission import Cell
from autograder.room import Limits, Outcome, Room, RoomGone, RoomTooSlow, open_room


class Session:
    """Plays cells one by one and passes requests on. `outcomes`: how each cell that was played ended.

    folders: what the room's working folder is a copy of. A cell that runs out of time or kills the kernel is left out when the earlier cells are played again in a
    new room, so that what comes after it is still judged.
    """

    def __init__(self, folders: tuple[Path, ...], room: str, limits: Limits):
        self._folders = folders
        self._kind = room
        self.limits = limits
        self.outcomes: dict[str, Outcome] = {}
        self._played: list[Cell] = []
        self._room: Room | None = None

    def play(self, cell: Cell) -> Outcome:
        """Run a cell after all that were played before it."""
        outcome = self._open().run(cell.source)
        self.outcomes[cell.id] = outcome
        if outcome.status in {"timeout", "died"}:
            self._drop()
        else:
            self._played.append(cell)
        return outcome

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The room's answer. Raises RoomTooSlow or RoomGone, after which the next request finds a new room."""
        room = self._open()
        try:
            return room.ask(request, seconds)
        except (RoomTooSlow, RoomGone):
            self._drop()
            raise

    def close(self) -> None:
        """Throw the room away."""
        self._drop()

    def _open(self) -> Room:
        """The room as it stands after all played cells; a new one where the last one is gone."""
        if self._room is None:
            self._room = open_room(self._kind, self._folders, self.limits)
            self._replay(self._room)
        return self._room

    def _replay(self, room: Room) -> None:
        """Play the earlier cells again. What ended well once may still end otherwise now: it is left out then."""
        deadline = time.monotonic() + self.limits.cell_seconds * 2
        for cell in list(self._played):
            outcome = room.run(cell.source, max(1.0, deadline - time.monotonic()))
            if outcome.status in {"timeout", "died"}:
                self._played.remove(cell)
                self.outcomes[cell.id] = outcome
                self._room = None
                raise RoomGone(f"the cell {cell.id} ended otherwise when it was played again")

    def _drop(self) -> None:
        if self._room is not None:
            self._room.close()
            self._room = None
