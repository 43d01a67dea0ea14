"""Tasks for a pool of workers, each of which is done although workers die: what may have killed one is tried alone."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from autograder.errors import NoWorker
from autograder.run.workers.pool import Pool

QUEUED_PER_WORKER = 2
"""How many tasks are under way for each worker: one is done, one waits, however many there are."""

TRIES_ALONE = 2
"""How often a task is tried with nothing beside it, after a worker died while it was under way."""

T = TypeVar("T")


class WorkerDied(Exception):
    """A task's worker died each time, and nothing else was under way the last times."""


def each_done(pool: Pool, function: Callable[[T], Any], tasks: Iterable[T]) -> Iterator[tuple[T, Future]]:
    """Every task as it is done, with the future of what `function` gives for it, or raises.

    When a worker dies, any task that is under way may have killed it. Each of them is then tried again with nothing
    beside it, so that only a task that kills its own worker is ever given up: its future has WorkerDied.

    Args:
        pool: the workers, entered.
        function: called in a worker, so it has to be known there by its name.
        tasks: what it is called with, one by one.

    Raises:
        NoWorker: if a worker could not get ready, which would be so for any task.
    """
    waiting = deque(tasks)
    under_way: dict[Future, T] = {}
    while waiting or under_way:
        while waiting and len(under_way) < QUEUED_PER_WORKER * pool.workers:
            task = waiting.popleft()
            under_way[pool.submit(function, task)] = task
        suspects = []
        ended = wait(under_way, return_when=FIRST_COMPLETED).done
        if any(map(_worker_died, ended)):
            ended = wait(under_way).done  # the others have lost theirs as well, or are done soon
        for future in ended:
            task = under_way.pop(future)
            if isinstance(problem := future.exception(), NoWorker):
                raise problem
            if _worker_died(future):
                suspects.append(task)
            else:
                yield task, future
        for task in suspects:
            yield task, _tried_alone(pool, function, task)


def _tried_alone(pool: Pool, function: Callable[[T], Any], task: T) -> Future:
    """The future of a task that nothing else was under way with."""
    for _ in range(TRIES_ALONE):
        future = pool.submit(function, task)
        wait([future])
        if not _worker_died(future):
            return future
    given_up: Future = Future()
    given_up.set_exception(WorkerDied(f"its worker died {TRIES_ALONE + 1} times, at last with nothing else to do"))
    return given_up


def _worker_died(future: Future) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)
