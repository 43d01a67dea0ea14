"""What runs in the confined process that reads notebooks."""

import json
from typing import BinaryIO

from autograder.confined.framing import Message
from autograder.confined.inside import TookTooLong, at_most, serve
from autograder.intake.read import parse_notebook
from autograder.intake.reader import TOO_LARGE
from autograder.intake.unreadable import Unreadable

MEMORY_BYTES = 800_000_000
SECONDS = 60.0
"""Address space of the process, and processor time for one notebook: one of 100 MB takes a third of it, and a sixth."""

SAMPLE = {"cells": [{"cell_type": "code", "source": ["x"], "metadata": {}, "outputs": []}], "nbformat": 4}


def main() -> None:
    """Answer requests until the other side closes the line."""
    serve(_answer, _rehearse, MEMORY_BYTES)


def _answer(request: Message, line: BinaryIO) -> Message:
    size = int(request["bytes"])
    left = size
    try:
        data = line.read(size)
        left = 0
        with at_most(SECONDS):
            return {"cells": [one.parts() for one in parse_notebook(data)]}
    except Unreadable as problem:
        return {"unreadable": str(problem)}
    except (TookTooLong, MemoryError, RecursionError):
        while left and (part := line.read(min(left, 1 << 16))):
            left -= len(part)
        return {"unreadable": TOO_LARGE}


def _rehearse() -> None:
    """Have everything imported that is imported when it is first used: no file can be opened later."""
    for text in (json.dumps(SAMPLE), '{"cells": [NaN', json.dumps(SAMPLE | {"x": float("nan")})):
        for encoding in ("utf-8", "utf-16", "utf-32", "cp1252"):
            try:
                parse_notebook((text[:-1] + ', "y": "é"}').encode(encoding))
            except Unreadable:
                continue


if __name__ == "__main__":
    main()
