"""The judge's end of its line into a room: messages of bytes, each behind its length.

Whatever comes is a hostile room's: it is taken up to a limit, and waited for up to a deadline. The other end is
autograder.room.inside.responder.
"""

import socket
import time

from autograder.room.inside.plan import LENGTH
from autograder.room.meter import Meter

Until = float | Meter
"""A deadline of time.monotonic(), or a meter that says when the time is up."""


class Closed(Exception):
    """The other end has closed the line."""


class TooMuch(Exception):
    """A message is larger than is allowed."""


class Line:
    """A connected stream socket. most_bytes: of a message that comes."""

    def __init__(self, connected: socket.socket, most_bytes: int):
        self._socket = connected
        self._most_bytes = most_bytes

    def close(self) -> None:
        """Close the line."""
        self._socket.close()

    def send(self, message: bytes, deadline: Until) -> None:
        """Send a message, of any length.

        Args:
            message: its bytes; the length is put before them.
            deadline: a time of time.monotonic(), or a meter.

        Raises:
            Closed: if the other end has closed the line.
            TimeoutError: at the deadline. A part of the message may have been sent by then.
        """
        rest = memoryview(LENGTH.pack(len(message)) + message)
        while rest:
            self._wait(deadline)
            try:
                rest = rest[self._socket.send(rest) :]
            except TimeoutError:
                continue
            except OSError:
                raise Closed from None

    def receive(self, deadline: Until) -> bytes:
        """The next message.

        Args:
            deadline: a time of time.monotonic(), or a meter.

        Raises:
            Closed: if the other end has closed the line.
            TooMuch: if the message is larger than is allowed.
            TimeoutError: at the deadline.
        """
        size = LENGTH.unpack(self._read(LENGTH.size, deadline))[0]
        if size > self._most_bytes:
            raise TooMuch
        return self._read(size, deadline)

    def _read(self, size: int, deadline: Until) -> bytes:
        come = bytearray()
        while len(come) < size:
            self._wait(deadline)
            try:
                more = self._socket.recv(min(1 << 20, size - len(come)))
            except TimeoutError:
                continue
            except OSError:
                raise Closed from None
            if not more:
                raise Closed
            come += more
        return bytes(come)

    def _wait(self, deadline: Until) -> None:
        left = deadline.left() if isinstance(deadline, Meter) else deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
