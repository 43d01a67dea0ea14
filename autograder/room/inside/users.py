"""Which user each room of a template is: no two that stand are the same, however many have been opened."""

import os
import select


class NoUserLeft(Exception):
    """Every user that a room could be is a room's that stands."""


class Users:
    """The users of a template, by number from 1 on. A room has its number for as long as it holds on to the lease.

    A lease is the writing end of a pipe. Whoever opens the room keeps it until the room has ended, and loses it when
    killed.
    """

    def __init__(self, count: int):
        self._count = count
        self._last = 0
        self._leases: dict[int, int] = {}

    def lend(self) -> tuple[int, int]:
        """A free number, the one longest unused first, and its lease.

        Raises:
            NoUserLeft: if all are lent.
        """
        self._take_back()
        for step in range(self._count):
            number = (self._last + step) % self._count + 1
            if number not in self._leases:
                self._last = number
                self._leases[number], lease = os.pipe()
                return number, lease
        raise NoUserLeft(f"all {self._count} users that rooms can be are in use")

    def _take_back(self) -> None:
        """Free the numbers whose leases are closed."""
        ended = select.poll()
        for watched in self._leases.values():
            ended.register(watched, 0)
        closed = {watched for watched, _ in ended.poll(0)}
        for number, watched in list(self._leases.items()):
            if watched in closed:
                os.close(watched)
                del self._leases[number]
