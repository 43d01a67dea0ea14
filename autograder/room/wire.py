"""Speaks to a room's kernel: as much of ZeroMQ's wire protocol (ZMTP 3.0, RFC 23) as a shell channel's client needs.

libzmq takes a message whole before anyone sees it, and knows no limit to how many frames one has: a hostile room could
fill the judge's memory. Here every byte is counted as it comes.
"""

import socket
import struct
import time
from pathlib import Path

GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
MORE, LONG, COMMAND = 1, 2, 4


class Closed(Exception):
    """The other end has closed the connection, or sends what is no ZMTP."""


class TooMuch(Exception):
    """A message is larger than is allowed."""


class Wire:
    """A connection to a kernel's shell channel. most_bytes: of a message; most_frames as well."""

    def __init__(self, path: Path, most_bytes: int, most_frames: int = 32):
        self._most_bytes, self._most_frames = most_bytes, most_frames
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._come = bytearray()
        self._greeted = False

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def send(self, frames: list[bytes], deadline: float) -> None:
        """Send a message. Raises Closed, or TimeoutError at the deadline (of time.monotonic())."""
        self._greet(deadline)
        last = len(frames) - 1
        self._write(
            b"".join(_frame(frame, MORE if place < last else 0) for place, frame in enumerate(frames)), deadline
        )

    def receive(self, deadline: float) -> list[bytes]:
        """The next message. Raises Closed, TooMuch, or TimeoutError at the deadline."""
        frames, taken = [], 0
        while True:
            flags, body = self._read_frame(self._most_bytes - taken, deadline)
            if flags & COMMAND:
                continue
            frames.append(body)
            taken += len(body)
            if not flags & MORE:
                return frames
            if len(frames) >= self._most_frames:
                raise TooMuch

    def _greet(self, deadline: float) -> None:
        if self._greeted:
            return
        self._write(GREETING + _frame(b"\x05READY" + _property("Socket-Type", b"DEALER"), COMMAND), deadline)
        theirs = self._read(len(GREETING), deadline)
        if theirs[:1] != b"\xff" or theirs[10] < 3:
            raise Closed
        if not self._read_frame(10_000, deadline)[0] & COMMAND:
            raise Closed
        self._greeted = True

    def _read_frame(self, most_bytes: int, deadline: float) -> tuple[int, bytes]:
        flags = self._read(1, deadline)[0]
        size = struct.unpack(">Q", self._read(8, deadline))[0] if flags & LONG else self._read(1, deadline)[0]
        if size > most_bytes:
            raise TooMuch
        return flags, self._read(size, deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        while len(self._come) < size:
            self._wait(deadline)
            try:
                more = self._socket.recv(min(1 << 20, max(1 << 16, size - len(self._come))))
            except TimeoutError:
                continue
            except OSError:
                raise Closed from None
            if not more:
                raise Closed
            self._come += more
        taken = bytes(self._come[:size])
        del self._come[:size]
        return taken

    def _write(self, data: bytes, deadline: float) -> None:
        rest = memoryview(data)
        while rest:
            self._wait(deadline)
            try:
                rest = rest[self._socket.send(rest) :]
            except TimeoutError:
                continue
            except OSError:
                raise Closed from None

    def _wait(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)


def _frame(body: bytes, flags: int) -> bytes:
    if len(body) > 255:
        return struct.pack(">BQ", flags | LONG, len(body)) + body
    return struct.pack(">BB", flags, len(body)) + body


def _property(name: str, value: bytes) -> bytes:
    return struct.pack(">B", len(name)) + name.encode() + struct.pack(">I", len(value)) + value
