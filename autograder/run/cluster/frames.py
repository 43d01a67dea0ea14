"""Messages on a pipe: each after its length."""

from typing import BinaryIO

COUNT = 8


def write_frame(pipe: BinaryIO, message: bytes) -> None:
    """Write a message.

    Args:
        pipe: is flushed, so that the other end gets the message now.
        message: any bytes, even none.

    Raises:
        OSError: if nobody reads any more.
    """
    pipe.write(len(message).to_bytes(COUNT))
    pipe.write(message)
    pipe.flush()


def read_frame(pipe: BinaryIO) -> bytes | None:
    """The next message; None if there is none any more."""
    length = pipe.read(COUNT)
    if len(length) < COUNT:
        return None
    message = pipe.read(size := int.from_bytes(length))
    return message if len(message) == size else None
