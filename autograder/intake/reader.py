"""The line to the confined process that reads notebooks: one at a time, and each costs no more than itself."""

import atexit
import os
from pathlib import Path
from typing import Any

from autograder.confined import Confined, Gone
from autograder.intake.unreadable import Unreadable

WALL_SECONDS = 240.0
LONGEST_ANSWER = 300_000_000

TOO_LARGE = "takes too much memory or time to be read; clear its outputs"

_readers: dict[int, Confined] = {}


def cells_in(path: Path, size: int) -> list[list[Any]]:
    """The parts of each cell of a notebook file, as `autograder.intake.reader_child` gives them.

    Args:
        path: a regular file.
        size: so many bytes of it are read.

    Raises:
        Unreadable: if it is no notebook, or takes too much to be read.
        OSError: if it cannot be read.
        MachineTrouble: if no such process can be started.
    """
    with path.open("rb") as file:
        try:
            answer = reader().request({"bytes": size}, file, size)
        except Gone:
            raise Unreadable(TOO_LARGE) from None
    if "cells" not in answer:
        raise Unreadable(str(answer.get("unreadable", TOO_LARGE)))
    return list(answer["cells"])


def reader() -> Confined:
    """The one of this process. After a fork each process has its own."""
    if os.getpid() not in _readers:
        _readers.clear()
        made = Confined("autograder.intake.reader_child", "reads notebooks", WALL_SECONDS, LONGEST_ANSWER)
        _readers[os.getpid()] = made
        atexit.register(made.close)
    return _readers[os.getpid()]
