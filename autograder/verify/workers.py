"""Many tasks for the judge, done by worker processes that share one template of rooms."""

from collections.abc import Callable, Iterable
from concurrent.futures import as_completed
from typing import TypeVar

from autograder.course import Course
from autograder.room import place_of, use_places
from autograder.run.pool import Pool

T, Result = TypeVar("T"), TypeVar("Result")


def each_in_a_worker(
    function: Callable[[T], Result],
    tasks: Iterable[T],
    course: Course,
    kind: str,
    workers: int,
    tell: Callable[[int, int], None],
) -> dict[T, Result]:
    """What `function` gives for each task, with rooms of this kind for the course; what it raises is raised here.

    tell: called with how many tasks are done, and of how many.
    """
    place = place_of(kind, course.room_needs)
    place.warm_up()
    done: dict[T, Result] = {}
    with Pool(workers, use_places, place) as pool:
        running = {pool.submit(function, task): task for task in tasks}
        for future in as_completed(running):
            done[running[future]] = future.result()
            tell(len(done), len(running))
    return {task: done[task] for task in running.values()}
