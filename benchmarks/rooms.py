"""The room alone: milliseconds to open, from there to the first cell's end, and to close, over many rooms."""

import argparse
import itertools
import statistics
import time
from pathlib import Path

from autograder.course import find_course
from autograder.room import Limits, open_room

COURSE = find_course(Path(__file__).parent)

CELL = "import torch\ntorch.ones(2, 2).sum()"
"""The first cell: what a notebook of this course begins with."""


def times_of(kind: str) -> tuple[float, float, float]:
    """Milliseconds that one room takes to open, for its first cell, and to close. Raises RoomLost or NoRoom."""
    moments = [time.perf_counter()]
    room = open_room(kind, (COURSE.release,), Limits(), needs=COURSE.room_needs)
    moments.append(time.perf_counter())
    try:
        outcome = room.run(CELL)
        moments.append(time.perf_counter())
    finally:
        room.close()
    moments.append(time.perf_counter())
    if outcome.status != "ok":
        raise SystemExit(f"the first cell ended with {outcome.status} {outcome.error}")
    opened, played, closed = (1000 * (later - earlier) for earlier, later in itertools.pairwise(moments))
    return opened, played, closed


def main() -> None:
    """Print the 10th percentile, the median and the 90th percentile of each, by kind of room."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=["none"], help="kinds of room")
    parser.add_argument("--rooms", type=int, default=200)
    chosen = parser.parse_args()
    for kind in chosen.kinds:
        times_of(kind)  # the first one pays for what the others find ready
        columns = zip(*(times_of(kind) for _ in range(chosen.rooms)), strict=True)
        for name, column in zip(("open", "first cell", "close"), columns, strict=True):
            tenths = statistics.quantiles(column, n=10, method="inclusive")
            told = f"10% {tenths[0]:7.1f}, median {tenths[4]:7.1f}, 90% {tenths[8]:7.1f} ms"
            print(f"{kind:6} {name:10} {told} ({chosen.rooms} rooms)")


if __name__ == "__main__":
    main()
