"""A processor that is busy: processes that run on it all the time, so that whatever else runs there has to wait."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PROCESSOR = min(os.sched_getaffinity(0))

PIN = f"import os\nos.sched_setaffinity(0, {{{PROCESSOR}}})\n"
"""Code that runs on that processor from then on."""

BURN = """
import time


def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return True
"""


@contextmanager
def busy_processor(processes: int = 8) -> Iterator[list[subprocess.Popen]]:
    """Keep one processor busy with so many processes, until the block or they are ended."""
    # Linux may share processors out among sessions first, so each is one of its own, as a room is.
    command = [sys.executable, "-c", f"{PIN}while os.getppid() == {os.getpid()}: pass"]  # they end with the tests
    running = [subprocess.Popen(command, start_new_session=True) for _ in range(processes)]
    try:
        yield running
    finally:
        for one in running:
            one.kill()
            one.wait()
