"""Files as bytes, on their way to another machine and back: names and contents, and nothing else that files have."""

import json
from collections.abc import Mapping

COUNT = 8
"""Bytes that tell how long the list of names is."""


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files by their names as bytes."""
    names = json.dumps([[name, len(content)] for name, content in files.items()]).encode()
    return b"".join([len(names).to_bytes(COUNT), names, *files.values()])


def unpacked(data: bytes) -> dict[str, bytes]:
    """What `packed` was given.

    Raises:
        ValueError: for anything else.
    """
    start = COUNT + int.from_bytes(data[:COUNT])
    if len(data) < start:
        raise ValueError("the list of files is cut short")
    found = {}
    for name, size in json.loads(data[COUNT:start]):
        found[str(name)] = data[start : start + size]
        start += size
    if start != len(data):
        raise ValueError("the files are cut short")
    return found
