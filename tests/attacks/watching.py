"""How much memory the judging processes of a run take: what a room sends must not fill the judge's."""

import threading
from contextlib import suppress

import psutil

MOST = 1_500_000_000
"""Bytes that one judging process may take. With torch imported it has some 500 million by itself."""


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


def _is_worker(process: psutil.Process) -> bool:
    """Whether it is one of multiprocessing's, and no room: a room's kernel is started, or forked, by another."""
    return any("multiprocessing" in part for part in process.cmdline())
