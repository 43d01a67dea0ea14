"""Rooms without walls that are forked from the very process that asks for them: they cost no template of their own."""

import socket
from pathlib import Path

from autograder.course import BARE, RoomNeeds
from autograder.room.inside.plan import NONE, Plan, Walls
from autograder.room.inside.template import start_warm
from autograder.room.place import Place


class ForkedPlace(Place):
    """Rooms that have imported what this process has when this is made, which must be before it has any threads.

    If what they are forked from dies, they come from a template, as at any other place. folder: of that.
    """

    def __init__(self, needs: RoomNeeds = BARE, folder: Path | None = None):
        super().__init__(NONE, needs, folder)
        self._line = start_warm(Walls(NONE)).line

    def request(self, plan: Plan, descriptors: list[int]) -> socket.socket:
        """Ask for a room, of a template if what this process is forked from has died.

        Args:
            plan: what the room is to be. It has no walls, whatever else the plan says.
            descriptors: those of the plan's channels, then of folders to copy. They stay open here.

        Returns:
            The connection that the room lives as long as.

        Raises:
            TemplateGone: if no template takes the request.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                socket.send_fds(self._line, [b"0 " + plan.to_json().encode()], [theirs.fileno(), *descriptors])
            except OSError:
                ours.close()
                return super().request(plan, descriptors)
        return ours
