"""How tests find the processes that something has started."""

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
