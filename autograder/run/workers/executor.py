"""Who judges: the workers of this machine, or others that judge students in the same way."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol, Self

from autograder.course.questions import withheld_in
from autograder.course.skeleton import load_skeletons
from autograder.engines.grading import WhenStarved
from autograder.intake.gather import Handin
from autograder.judge.shared import share_in
from autograder.judge.store import Store
from autograder.rendering import renderer
from autograder.room import NONE, Place, place_of, use_places
from autograder.run.graded import with_verdict
from autograder.run.run import Run
from autograder.run.workers.attempts import each_done
from autograder.run.workers.judged import Judged, Written, judge_student
from autograder.run.workers.pool import Pool

REFERENCES = ".references"
"""The folder in a run's scratch folder by which its workers share what they compute."""


class Executor(Protocol):
    """A context: whatever it has started ends when it is left."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def each_judged(self, handins: list[Handin], written: Written) -> Iterator[tuple[Handin, "Future[Judged]"]]:
        """Every student's verdicts, as they come; an exception in a future leaves that student not graded.

        Args:
            handins: those to judge.
            written: of whom everything is written down already.

        Raises:
            NoWorker: if nobody can judge anyone.
        """
        ...


class LocalWorkers:
    """An Executor: a pool of processes on this machine.

    Args:
        run: what to grade, and how; its seed is known.
        scratch: a folder that all workers may use.
    """

    def __init__(self, run: Run, scratch: Path):
        self._run = run
        self._scratch = scratch
        places = [place_of(run.grading.room, run.grading.course.room_needs)]
        if run.engine == "otter":
            places.append(place_of(NONE))
        self._place = places[0]
        self._store = Store(run.grading.store)
        is_first = self._store.is_empty  # else everything may be as it was, and no room be opened
        if is_first:
            self._place.warm_up()
        references = scratch / REFERENCES
        references.mkdir(mode=0o700, exist_ok=True)
        self._pool = Pool(run.workers, prepare, run, places, references, is_first)

    def __enter__(self) -> Self:
        self._pool.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.__exit__()

    def each_judged(self, handins: list[Handin], written: Written) -> Iterator[tuple[Handin, "Future[Judged]"]]:
        """Every student's verdicts, as they come. Who was starved of a processor comes last, judged alone.

        Args:
            handins: those to judge.
            written: of whom everything is written down already.

        Raises:
            NoWorker: if no worker can get ready.
        """
        if not all(self._store.knows(one.student) for one in handins):
            self._place.warm_up()
        starved = []
        first = self._when_starved(WhenStarved.LATER)
        for handin, future in each_done(self._pool, partial(judge_student, first, self._scratch, written), handins):
            if future.exception() is None and any(
                one.results.waits_for_retry for one in with_verdict(future.result().outcomes)
            ):
                starved.append(handin)
            else:
                yield handin, future
        last = self._when_starved(WhenStarved.LAST)
        for handin in starved:
            yield from each_done(self._pool, partial(judge_student, last, self._scratch, Written()), [handin])

    def _when_starved(self, starved: WhenStarved) -> Run:
        return replace(self._run, grading=replace(self._run.grading, starved=starved))


def prepare(run: Run, places: list[Place], references: Path, is_first: bool) -> None:
    """In a worker, at its start. otter's own kernels are forked from the worker, which has imported all of otter.

    Args:
        run: what is graded, and how.
        places: where rooms for student code come from; with otter, also where its own kernels do.
        references: the folder by which workers share what answers are compared with.
        is_first: whether everything is to be judged, so that what is sure to be needed starts now.
    """
    share_in(references)
    course = run.grading.course
    use_places(*places)
    if is_first:
        places[0].warm_up({withheld_in(course, name) for name in load_skeletons(course)})
    if is_first and run.engine == "nbgrader":
        renderer().warm_up()
    if run.engine == "otter":
        from autograder.room.forked import ForkedPlace  # imports a kernel, which nothing else here needs

        use_places(ForkedPlace(folder=places[1].folder))
