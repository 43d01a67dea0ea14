"""The line counts every byte that a room sends, whatever it sends."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from autograder.room.framing import Closed, Line, TooMuch
from autograder.room.inside.plan import LENGTH


def soon(seconds: float = 5) -> float:
    return time.monotonic() + seconds


@pytest.fixture
def ends() -> Iterator[tuple[Line, socket.socket]]:
    ours, theirs = socket.socketpair()
    with theirs:
        line = Line(ours, 1000)
        yield line, theirs
        line.close()


def test_messages_go_both_ways_whole_and_in_order(ends):
    line, theirs = ends
    line.send(b"a", soon())
    line.send(b"", soon())
    assert theirs.recv(100) == LENGTH.pack(1) + b"a" + LENGTH.pack(0)
    theirs.sendall(LENGTH.pack(3) + b"one" + LENGTH.pack(0) + LENGTH.pack(3) + b"two")
    assert [line.receive(soon()) for _ in range(3)] == [b"one", b"", b"two"]


def test_a_message_that_claims_to_be_huge_is_not_waited_for(ends):
    line, theirs = ends
    theirs.sendall(LENGTH.pack(1 << 60))
    with pytest.raises(TooMuch):
        line.receive(soon())


def test_the_limit_is_one_byte_below_too_much(ends):
    line, theirs = ends
    theirs.sendall(LENGTH.pack(1000) + b"x" * 1000 + LENGTH.pack(1001))
    assert line.receive(soon()) == b"x" * 1000
    with pytest.raises(TooMuch):
        line.receive(soon())


def test_an_end_in_the_middle_of_a_message_is_an_end(ends):
    line, theirs = ends
    theirs.sendall(LENGTH.pack(200) + b"x" * 10)
    theirs.close()
    with pytest.raises(Closed):
        line.receive(soon())


def test_bytes_that_trickle_do_not_move_the_deadline(ends):
    line, theirs = ends

    def trickle() -> None:
        theirs.sendall(LENGTH.pack(900))
        try:
            for _ in range(900):
                theirs.sendall(b"x")
                time.sleep(0.01)
        except OSError:  # nobody listens any more
            pass

    threading.Thread(target=trickle, daemon=True).start()
    with pytest.raises(TimeoutError):  # else all 900 arrive, after nine seconds
        line.receive(soon(0.3))


def test_a_reader_that_does_not_read_does_not_move_the_deadline(ends):
    line, _ = ends
    with pytest.raises(TimeoutError):
        line.send(b"x" * 50_000_000, soon(0.3))


def test_sending_to_nobody_is_an_end(ends):
    line, theirs = ends
    theirs.close()
    with pytest.raises(Closed):
        line.send(b"x", soon())
