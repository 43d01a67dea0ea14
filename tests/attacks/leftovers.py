"""Processes that a grading run should have ended and has not."""

import time
from contextlib import suppress

import psutil

SECONDS_TO_END = 20.0
"""How long what an attack has started may take to end by itself."""


def left_over(
    marks: tuple[str, ...], known: set[int], seconds: float = SECONDS_TO_END
) -> list[tuple[psutil.Process, str]]:
    """The processes that have one of `marks` in their command line, environment or folder, and that command line.

    known: ids of processes that may live. seconds: how long others may take to end.
    """
    here = psutil.Process()
    known = known | {here.pid, *(parent.pid for parent in here.parents())}
    deadline = time.monotonic() + seconds
    while True:
        found = [(one, said) for one in psutil.process_iter() if one.pid not in known and (said := _said(one, marks))]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def kill(process: psutil.Process) -> None:
    """End a process and what it has started."""
    with suppress(psutil.Error):
        for child in [*process.children(recursive=True), process]:
            child.kill()


def _said(process: psutil.Process, marks: tuple[str, ...]) -> str:
    """The command line of a process that has one of the marks, else ""."""
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return ""
        command = " ".join([process.name(), *process.cmdline()])
        if "multiprocessing.resource_tracker" in command:  # lives as long as the process that runs this
            return ""
        with suppress(psutil.AccessDenied):
            environment = " ".join(process.environ().values())
            if any(mark in f"{command} {environment} {process.cwd()}" for mark in marks):
                return command
        return command if any(mark in command for mark in marks) else ""
    except psutil.Error:
        return ""
