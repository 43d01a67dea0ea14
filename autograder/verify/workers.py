"""Many tasks for the judge, done by worker processes that share one template of rooms."""

from collections.abc import Callable, Iterable
from concurrent.futures import as_completed
from typing import TypeVar

from autograder.room import place_of, share_places
from autograder.run.pool import Pool

T, Result = TypeVar("T"), TypeVar("Result")


def each_in_a_worker(
    function: Callable[[T], Result], tasks: Iterable[T], kind: str, workers: int, tell: Callable[[int, int], None]
) -> dict[T, Result]:
    """What `function` gives for each task, where rooms of this kind are to be had; what it raises is raised here.

    tell: called with how many tasks are done, and of how many.
    """
    place = place_of(kind)
    place.warm_up()
    done: dict[T, Result] = {}
    with Pool(workers, share_places, {kind: place.folder}) as pool:
        running = {pool.submit(function, task): task for task in tasks}
        for future in as_completed(running):
            done[running[future]] = future.result()
            tell(len(done), len(running))
    return {task: done[task] for task in running.values()}
