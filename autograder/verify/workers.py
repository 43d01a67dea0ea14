"""Many tasks for the judge, done by worker processes that share one template of rooms."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from autograder.course import Course
from autograder.errors import CourseError
from autograder.room import place_of, use_places
from autograder.run.workers.attempts import WorkerDied, each_done
from autograder.run.workers.pool import Pool

T = TypeVar("T")
Result = TypeVar("Result")


def each_in_a_worker(
    function: Callable[[T], Result],
    tasks: Iterable[T],
    course: Course,
    kind: str,
    workers: int,
    tell: Callable[[int, int], None],
    came: Callable[[T, Result], None] = lambda task, result: None,
) -> dict[T, Result]:
    """Do each task in some worker.

    Args:
        function: what is done with a task.
        tasks: what `str` gives for one names it.
        course: the rooms that workers open are for it.
        kind: of these rooms.
        workers: how many processes there are.
        tell: called with how many tasks are done, and of how many.
        came: called with each task and what was given for it, as soon as it is there.

    Returns:
        What `function` gives for each task.

    Raises:
        CourseError: if a task ends its worker each time.
        Exception: whatever else `function` raises.
    """
    place = place_of(kind, course.room_needs)
    place.warm_up()
    tasks = list(tasks)
    done: dict[T, Result] = {}
    with Pool(workers, use_places, place) as pool:
        for task, future in each_done(pool, function, tasks):
            try:
                done[task] = future.result()
            except WorkerDied as problem:
                raise CourseError(f"{task}: {problem}") from None
            came(task, done[task])
            tell(len(done), len(tasks))
    return {task: done[task] for task in tasks}
