"""An executor whose submissions are judged on a Dask cluster. Intake, otter's own run and all writing stay here."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Self

from distributed import Future as Remote
from pydantic import TypeAdapter, ValidationError

from autograder.intake.gather import Handin
from autograder.judge import Results
from autograder.judge.store import Store
from autograder.room import NONE, place_of
from autograder.run.cluster.agent import PROBLEM, RESULTS, Problem
from autograder.run.cluster.connection import Cluster
from autograder.run.cluster.on_worker import DIED, GONE
from autograder.run.cluster.packing import unpacked
from autograder.run.cluster.prepare import (
    Prepared,
    Wanted,
    get_ready,
    prepare_student,
    remove_attached,
    run_otter_for,
)
from autograder.run.graded import Graded, NotGraded
from autograder.run.run import Run
from autograder.run.workers.attempts import QUEUED_PER_WORKER, TRIES_ALONE, WorkerDied, each_done
from autograder.run.workers.judged import Judged, Written
from autograder.run.workers.pool import Pool

SECONDS_TO_WAIT = 0.5
SECONDS_FOR_ANSWER = 20
"""How long an answer may take that is ready on its worker."""

STUDENTS_AHEAD = 8
"""How many students are read before others are done, beside two for each slot of the cluster."""


@dataclass(eq=False)
class Student:
    """One under way. verdicts: notebook → what is known by now. missing: the notebooks that are still judged."""

    handin: Handin
    prepared: Prepared
    verdicts: dict[str, Results | NotGraded]
    missing: set[str]


@dataclass(eq=False)
class Submission:
    """One to be judged. deaths: how often its worker died. retries: whether it was starved of a processor before."""

    student: Student
    notebook: str
    wanted: Wanted
    deaths: int = 0
    retries: bool = False
    sent: Remote | None = field(default=None, repr=False)


class ClusterWorkers:
    """An Executor: see `autograder.run.workers.executor`.

    Args:
        cluster: connected, with a worker that may judge.
        run: what to grade, and how; its seed is known.
        scratch: a folder that the workers of this machine may use.
    """

    def __init__(self, cluster: Cluster, run: Run, scratch: Path):
        self._cluster, self._run, self._scratch = cluster, run, scratch
        kernels = place_of(NONE) if run.engine == "otter" else None
        self._pool = Pool(run.workers, get_ready, run.engine, kernels)
        self._store = Store(run.grading.store)
        self._queue: deque[Submission] = deque()
        self._suspects: deque[Submission] = deque()
        self._starved: deque[Submission] = deque()
        self._under_way: dict[str, list[Submission]] = {}
        self._alone: set[str] = set()
        self._active: list[Student] = []
        self._in_otter: list[tuple[Handin, Callable[[], Judged], Future[Judged]]] = []
        self._events: SimpleQueue[Submission] = SimpleQueue()

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
            SchedulerGone: if the scheduler goes away and does not come back.
            NoWorker: if no worker of this machine, which do intake, can get ready.
        """
        students = self._prepared(handins, written)
        reading = True
        while reading or self._active or self._in_otter:
            may_read = reading and len(self._active) < STUDENTS_AHEAD + QUEUED_PER_WORKER * self._all_slots()
            if may_read:
                handin, future = next(students, (None, None))
                reading = future is not None
                if handin is not None and future is not None and (done := self._begun(handin, future)) is not None:
                    yield handin, done
            self._send(last=not reading)
            self._take_answers(wait=not may_read)
            for student in [one for one in self._active if not one.missing]:
                self._active.remove(student)
                if (done := self._finished(student)) is not None:
                    yield student.handin, done
            yield from self._done_by_otter()

    def _all_slots(self) -> int:
        return sum(self._cluster.slots.values())

    def _prepared(self, handins: list[Handin], written: Written) -> Iterator[tuple[Handin, "Future[Prepared]"]]:
        return each_done(self._pool, partial(prepare_student, self._run, self._scratch, written), handins)

    def _begun(self, handin: Handin, future: "Future[Prepared]") -> "Future[Judged] | None":
        """Queue a student's submissions; or what came of them, if intake has told already."""
        if (problem := future.exception()) is not None:
            return _future(problem)
        prepared = future.result()
        if prepared.done is not None:
            return _future(prepared.done)
        wanted = prepared.wanted or {}
        student = Student(handin, prepared, dict(prepared.known or {}), set(wanted))
        self._active.append(student)
        self._queue.extend(Submission(student, name, one) for name, one in wanted.items())
        return None

    def _finished(self, student: Student) -> "Future[Judged] | None":
        """What came of a student, all of whose submissions are judged; None if otter is still to say."""
        prepared, verdicts = student.prepared, student.verdicts
        results = {name: one for name, one in verdicts.items() if isinstance(one, Results)}
        if len(results) == len(prepared.rebuilt) and self._run.engine == "otter":
            otter = partial(run_otter_for, self._run, self._scratch, prepared.rebuilt)
            self._in_otter.append((student.handin, partial(otter, results), self._pool.submit(otter, results)))
            return None
        remove_attached(prepared.rebuilt)
        outcomes: list[Graded | NotGraded] = []
        for one in prepared.rebuilt:
            verdict = verdicts[one.submission.notebook]
            graded = isinstance(verdict, Results)
            outcomes.append(Graded(prepared.student, one.submission.notebook, verdict) if graded else verdict)  # type: ignore[arg-type]
        return _future(Judged(outcomes, prepared.made_of))

    def _done_by_otter(self) -> Iterator[tuple[Handin, "Future[Judged]"]]:
        """Students whose scores otter has told."""
        waiting, self._in_otter = self._in_otter, []
        for handin, otter, future in waiting:
            if not future.done():
                self._in_otter.append((handin, otter, future))
            elif isinstance(future.exception(), BrokenProcessPool):  # another may have killed its worker
                [(_, again)] = each_done(self._pool, _called, [otter])
                yield handin, again
            else:
                yield handin, future

    def _send(self, last: bool) -> None:
        """Give every worker what it has room for. What may have killed one is sent to a worker with nothing else."""
        gone = self._cluster.look(at_once=not self._cluster.slots)
        for worker in gone.workers:
            self._lost(worker, is_suspect=not gone.by_scheduler)
        for worker, threads in list(self._cluster.slots.items()):
            if self._suspects and not self._under_way.get(worker):
                self._give(worker, self._suspects.popleft(), alone=True)
            while self._queue and self._has_room(worker, threads):
                self._give(worker, self._queue.popleft())
        idle = not self._queue and not self._suspects and not any(self._under_way.values())
        if idle and last and self._starved and self._cluster.slots:
            self._give(next(iter(self._cluster.slots)), self._starved.popleft(), alone=True)

    def _has_room(self, worker: str, threads: int) -> bool:
        """Whether a worker that is still there may get one more submission."""
        free = len(self._under_way.get(worker, ())) < QUEUED_PER_WORKER * threads
        return free and worker in self._cluster.slots and worker not in self._alone

    def _give(self, worker: str, one: Submission, alone: bool = False) -> None:
        try:
            task = one.wanted.packed(self._run)
        except OSError as problem:  # of this machine's disk
            self._settle(one, NotGraded.because_of(problem, one.student.prepared.student, one.notebook))
            return
        self._under_way.setdefault(worker, []).append(one)
        if alone:
            self._alone.add(worker)
        try:
            one.sent = self._cluster.submit(task, worker)
        except Exception:  # Dask's, of a scheduler that has just gone: the next look tells
            self._cluster.forget(worker)
            self._lost(worker, is_suspect=False)
            return
        one.sent.add_done_callback(lambda _: self._events.put(one))

    def _lost(self, worker: str, is_suspect: bool) -> None:
        """A worker has ended. is_suspect: whether what it was at may have ended it."""
        for one in self._under_way.pop(worker, []):
            if one.sent is not None and is_suspect:
                one.sent.cancel()
            one.sent = None
            if is_suspect:
                self._suspect(one)
            else:
                self._queue.appendleft(one)
        self._alone.discard(worker)

    def _suspect(self, one: Submission) -> None:
        one.sent = None
        one.deaths += 1
        if one.deaths <= TRIES_ALONE:
            self._suspects.append(one)
            return
        died = WorkerDied(f"its worker died {one.deaths} times, at last with nothing else to do")
        self._settle(one, NotGraded.because_of(died, one.student.prepared.student, one.notebook))

    def _settle(self, one: Submission, verdict: Results | NotGraded) -> None:
        one.student.verdicts[one.notebook] = verdict
        one.student.missing.discard(one.notebook)

    def _take_answers(self, wait: bool) -> None:
        """Take what has been judged. wait: a moment, if nothing has."""
        try:
            one = self._events.get(timeout=SECONDS_TO_WAIT if wait and not self._in_otter else 0.02)
            while True:
                self._take(one)
                one = self._events.get_nowait()
        except Empty:
            pass

    def _take(self, one: Submission) -> None:
        worker = next((name for name, of in self._under_way.items() if one in of), None)
        if worker is None or one.sent is None or not one.sent.done():
            return  # it was given to another worker meanwhile
        self._under_way[worker].remove(one)
        self._alone.discard(worker)
        raised = one.sent.status == "error"
        answer = _answer(one.sent)
        one.sent = None
        if answer is None and not raised:  # its worker is gone before it has told, or the scheduler is
            self._queue.appendleft(one)
        elif answer is None or DIED in answer:
            self._suspect(one)
        elif GONE in answer:
            self._cluster.forget(worker)
            self._queue.appendleft(one)
        else:
            self._judged(one, answer)

    def _judged(self, one: Submission, answer: dict[str, bytes]) -> None:
        """Keep a verdict at once, so that nothing is judged twice."""
        verdict = _verdict(one, answer, self._run.grading.seed)
        if isinstance(verdict, Results):
            verdict = replace(verdict, parts=one.wanted.parts, retried=one.retries)
            if verdict.starved and not one.retries:
                self._store.save(verdict, "")  # no verdict yet: a run that is stopped judges it again
                self._starved.append(replace(one, retries=True))
                return
            verdict = self._store.save(verdict, one.wanted.key)
        self._settle(one, verdict)


def _verdict(one: Submission, answer: dict[str, bytes], seed: int | None) -> Results | NotGraded:
    """What an agent answered, if it is about this submission."""
    student = one.student.prepared.student
    try:
        if PROBLEM in answer:
            problem = TypeAdapter(Problem).validate_json(answer[PROBLEM])
            return NotGraded(student, one.notebook, problem.told, problem.trace)
        results = Results.from_json(answer[RESULTS].decode())
    except (ValueError, ValidationError, LookupError):
        return NotGraded(student, one.notebook, "what its worker answered is no verdict")
    if (results.student, results.notebook, results.seed) != (student, one.notebook, seed):
        return NotGraded(student, one.notebook, "its worker answered for another submission")
    return results


def _answer(sent: Remote) -> dict[str, bytes] | None:
    """What a worker has sent back; None if it is lost."""
    try:
        return unpacked(sent.result(timeout=SECONDS_FOR_ANSWER))
    except Exception:  # Dask raises whatever it met; the submission is judged again
        return None


def _called(otter: Callable[[], Judged]) -> Judged:
    return otter()


def _future(what: Any) -> Future:
    done: Future = Future()
    if isinstance(what, BaseException):
        done.set_exception(what)
    else:
        done.set_result(what)
    return done
