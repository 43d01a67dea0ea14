"""A pool of worker processes that outlives its workers, and ends with the process that made it.

Workers are forked from a server that has imported what they need, once: a further worker costs little time and
little memory. They are not forked from this process, which has threads that a fork would tear.
"""

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing import active_children, forkserver, get_context, parent_process, resource_tracker
from multiprocessing.connection import wait
from threading import Thread
from time import monotonic
from typing import Any

from autograder.errors import NoWorker
from autograder.log import told_of, trace_of
from autograder.room import close_all_rooms
from autograder.run.workers.interrupts import holding_interrupts
from autograder.run.workers.memory import ended_by_memory, limit_memory
from autograder.scratch import folder_until_exit
from autograder.socket_names import short_name

IMPORTED = ("autograder.run.workers.preloaded",)
"""By the server that workers are forked from."""

AGAIN, PATIENCE = 0.5, 20.0
"""Seconds until a worker that has been told to end is told again; until it is killed, with no time for its rooms."""

OTTER = ("autograder.engines.otter", "autograder.room.forked", "nbconvert.preprocessors")
"""What it imports beside that, where workers run otter."""


def start_server(*more: str) -> None:
    """Start the server of workers, if none runs, and do not wait for what it imports: `more`, among others."""
    get_context("forkserver").set_forkserver_preload([*more, *IMPORTED])
    resource_tracker.ensure_running()  # it lets signals through again, and so must not be started below
    with holding_interrupts(), _temporary_files_in(_own_folder()):
        forkserver.ensure_running()


@lru_cache
def _own_folder() -> str:
    """Where the server's socket lies. Python's own choice is a folder that stays there if this process is killed."""
    return short_name(folder_until_exit("workers-of-"))[1]


@contextmanager
def _temporary_files_in(folder: str) -> Iterator[None]:
    before = tempfile.tempdir
    tempfile.tempdir = folder
    try:
        yield
    finally:
        tempfile.tempdir = before


_unprepared: list[NoWorker] = []
"""In a worker: why it could not get ready, if so."""


class Pool:
    """A context: its workers end when it is left, whatever they are at.

    prepare: called with `arguments` in each worker at its start, before it has any threads. If it raises, every call
    in that worker raises NoWorker.
    """

    def __init__(self, workers: int, prepare: Callable[..., None], *arguments: Any):
        self.workers = workers
        self._prepare = (prepare, *arguments)
        self._context = get_context("forkserver")

    def __enter__(self) -> "Pool":
        start_server()
        self._pool = self._new()
        return self

    def __exit__(self, *_: Any) -> None:
        _end_workers()  # they have nothing to say any more, and would take a second to end by themselves
        self._pool._result_queue._writer.close()  # type: ignore[attr-defined]  # else who reads half a result waits on
        self._pool.shutdown(cancel_futures=True)

    def submit(self, function: Callable, *arguments: Any) -> Future:
        """A call in some worker. Its future has BrokenProcessPool if a worker dies meanwhile, even another one."""
        try:
            return self._pool.submit(_call, function, *arguments)
        except BrokenProcessPool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = self._new()
            return self._pool.submit(_call, function, *arguments)

    def _new(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self.workers, mp_context=self._context, initializer=_begin, initargs=self._prepare)
        try:
            with holding_interrupts():  # so that all are started, or none
                for _ in range(self.workers):
                    pool.submit(_nothing)
        except EOFError:
            raise RuntimeError("the server that workers are forked from has ended; what it said stands above") from None
        return pool


def _end_workers() -> None:
    """Each is told again until it has ended: a process that is just about to wait for something misses a signal."""
    patience = monotonic() + PATIENCE
    while left := active_children():
        for worker in left:
            if monotonic() < patience:
                worker.terminate()
            else:
                worker.kill()
        wait([worker.sentinel for worker in left], timeout=AGAIN)


def _begin(prepare: Callable[..., None], *arguments: Any) -> None:
    """In a worker: when it is to end, and when the process that made the pool has ended, its rooms end with it."""

    def end() -> None:
        close_all_rooms()
        os._exit(143)

    def end_at_once(*_: Any) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        end()

    os.environ["OMP_NUM_THREADS"] = "1"  # there are as many workers as cores, so torch uses no threads in a worker
    try:
        prepare(*arguments)  # before this process has threads: it may fork
    except Exception as problem:
        _unprepared.append(NoWorker(f"a worker process could not get ready: {told_of(problem)}"))
        _unprepared[0].details = trace_of(problem)
    limit_memory()  # of this process, and not of what it has forked to get ready
    signal.signal(signal.SIGTERM, end_at_once)
    Thread(target=_end_with_parent, args=(end,), daemon=True).start()


def _end_with_parent(end: Callable[[], None]) -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        end()


def _call(function: Callable, *arguments: Any) -> Any:
    """In a worker: a task, unless the worker could not get ready."""
    if _unprepared:
        raise _unprepared[0]
    return ended_by_memory(function, *arguments)


def _nothing() -> None:
    """The first task of each worker."""
