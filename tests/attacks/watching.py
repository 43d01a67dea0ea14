"""How a grading run fares: what a room sends must not fill the judge's memory, and no hand-in holds up a class."""

import threading
import time
from contextlib import suppress

import psutil

MOST = 700_000_000
"""Bytes that one judging process may take. By itself one has 180 million, and with torch imported some 400 million."""


class Watch:
    """Looks at the memory of the workers that this process has started, all the while. A context manager.

    peak: the most bytes that one of them had.
    """

    def __enter__(self) -> "Watch":
        self.peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.25):
            for process in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    if _is_worker(process):
                        self.peak = max(self.peak, process.memory_info().rss)


class Pace:
    """pause: the most seconds that passed between one call of this and the next."""

    def __init__(self):
        self.pause = 0.0
        self._last = time.monotonic()

    def __call__(self, *_) -> None:
        self.pause = max(self.pause, time.monotonic() - self._last)
        self._last = time.monotonic()


def _is_worker(process: psutil.Process) -> bool:
    """Whether it is one of multiprocessing's, and no room: a room's kernel is started, or forked, by another."""
    return any("multiprocessing" in part for part in process.cmdline())
