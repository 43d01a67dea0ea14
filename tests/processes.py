"""How tests find the processes that something has started, and wait for what these do."""

import time
from collections.abc import Callable
from contextlib import suppress

import psutil


def below(process: psutil.Process, marks: str) -> list[psutil.Process]:
    """The processes that a process has started, and those have, that have `marks` in their command."""
    found = []
    for one in process.children(recursive=True):
        with suppress(psutil.Error):
            if marks in " ".join(one.cmdline()):
                found.append(one)
    return found


def wait_until_gone(marks: str, seconds: float) -> list[str]:
    """The commands of processes that still have `marks` in them after so long; [] as soon as there are none."""
    deadline = time.monotonic() + seconds
    while True:
        running = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
        found = [line for line in running if marks in line]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    """Return as soon as the condition holds; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
