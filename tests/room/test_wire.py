"""The wire counts every byte that a room sends, whatever it sends."""

import socket
import struct
import threading
import time
from pathlib import Path

import pytest
import zmq

from autograder.room.wire import GREETING, Closed, TooMuch, Wire


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "s"


def soon() -> float:
    return time.monotonic() + 5


def answering(path: Path, data: bytes) -> None:
    """A peer that greets as ZeroMQ does, and then sends `data`."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen(1)

    def serve() -> None:
        connection, _ = listening.accept()
        ready = b"\x05READY\x0bSocket-Type" + struct.pack(">I", 6) + b"ROUTER"
        connection.sendall(GREETING + struct.pack(">BB", 4, len(ready)) + ready + data)
        time.sleep(1)
        connection.close()

    threading.Thread(target=serve, daemon=True).start()


def test_it_speaks_with_a_real_router_socket_in_both_directions(path):
    router = zmq.Context.instance().socket(zmq.ROUTER)
    router.bind(f"ipc://{path}")
    wire = Wire(path, 1_000_000)
    wire.send([b"a", b"", b"x" * 100_000], soon())
    identity, *frames = router.recv_multipart()
    assert frames == [b"a", b"", b"x" * 100_000]
    router.send_multipart([identity, b"y" * 300, b"z"])
    assert wire.receive(soon()) == [b"y" * 300, b"z"]
    wire.close()
    router.close(0)


def test_a_frame_that_claims_to_be_huge_is_not_waited_for(path):
    answering(path, struct.pack(">BQ", 2, 1 << 60))
    wire = Wire(path, 1000)
    wire.send([b"a"], soon())
    with pytest.raises(TooMuch):
        wire.receive(soon())


def test_many_small_frames_are_too_much_together(path):
    answering(path, struct.pack(">BB", 1, 1) + b"x" + (struct.pack(">BB", 1, 1) + b"x") * 5000)
    wire = Wire(path, 1_000_000)
    wire.send([b"a"], soon())
    with pytest.raises(TooMuch):
        wire.receive(soon())


def test_frames_count_together_against_the_most_bytes(path):
    answering(path, (struct.pack(">BB", 1, 200) + b"x" * 200) * 6)
    wire = Wire(path, 1000)
    wire.send([b"a"], soon())
    with pytest.raises(TooMuch):
        wire.receive(soon())


def test_an_end_in_the_middle_of_a_message_is_an_end(path):
    answering(path, struct.pack(">BB", 0, 200) + b"x" * 10)
    wire = Wire(path, 1000)
    wire.send([b"a"], soon())
    with pytest.raises(Closed):
        wire.receive(soon())


def test_who_trickles_bytes_runs_into_the_deadline(path):
    answering(path, b"")
    wire = Wire(path, 1000)
    wire.send([b"a"], soon())
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        wire.receive(time.monotonic() + 0.3)
    assert time.monotonic() - started < 0.9
