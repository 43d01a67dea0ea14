"""How messages stand on the line between a process and the confined one that it started: a length, then JSON."""

import json
from typing import Any, BinaryIO

LENGTH = 8
"""Bytes that say how long a message is."""

Message = dict[str, Any]


def framed(message: Message) -> bytes:
    """A message as it stands on the line."""
    data = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
    return len(data).to_bytes(LENGTH, "big") + data


def send(line: BinaryIO, message: Message) -> None:
    """Write one message.

    Args:
        line: is flushed, so that the other end gets the message now.
        message: JSON data. Lone surrogates in its texts become "?".
    """
    line.write(framed(message))
    line.flush()


def receive(line: BinaryIO) -> Message | None:
    """Read one message; None at the end of the line."""
    head = line.read(LENGTH)
    if len(head) < LENGTH:
        return None
    message: Message = json.loads(line.read(int.from_bytes(head, "big")))
    return message
