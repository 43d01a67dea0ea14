"""Grades a class. Workers judge; this process alone writes."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import active_children, get_context
from pathlib import Path

import nbformat

from autograder.course import ASSIGNMENT
from autograder.engines.nbgrader import CLEAN, with_remarks
from autograder.engines.verdicts import Grading, results_for
from autograder.intake.collect import Handin, clean, collect
from autograder.intake.rebuild import Rebuilt
from autograder.intake.skeleton import load_skeletons
from autograder.intake.trained import find_trained
from autograder.judge import Results
from autograder.judge.store import Store
from autograder.room import close_all_rooms
from autograder.run.gradebook import record_in_nbgrader
from autograder.run.otter_run import run_otter


@dataclass(frozen=True)
class Graded:
    """One notebook of one student. scores: question → what the engine itself has written down; None where a
    person grades. problem: why it could not be graded, or "".
    """

    student: str
    notebook: str
    results: Results | None
    scores: dict[str, float | None] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True)
class Run:
    """A grading run. engine: "nbgrader" or "otter". course_folder: nbgrader's course."""

    handins: Path
    grading: Grading
    engine: str
    course_folder: Path
    workers: int
    gradebook: str = ""


def grade_class(run: Run, tell: Callable[[Graded, int, int], None]) -> list[Graded]:
    """Grade every notebook of every student. tell: called with each result, how many are done, and of how many.

    Raises NothingHandedIn. An exception of ours on one submission becomes that submission's `problem`.
    """
    skeletons = load_skeletons(run.grading.course)
    if run.grading.seed is None:
        run = replace(run, grading=replace(run.grading, seed=Store(run.grading.store).seed()))
    with tempfile.TemporaryDirectory() as scratch:
        handins = collect(run.handins, Path(scratch), tuple(skeletons))
        total = len(handins) * len(skeletons)
        graded: list[Graded] = []
        with _workers(run.workers) as pool:
            for one in _as_graded(pool, run, handins, Path(scratch)):
                graded.append(one)
                tell(one, len(graded), total)
    return sorted(graded, key=lambda one: (one.student, one.notebook))


@contextmanager
def _workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """A pool that ends at once, rooms and all, when this process is interrupted.

    Workers are spawned, not forked: this process has threads (zmq's and SQLAlchemy's) that a fork would tear.
    They ignore Ctrl-C, which reaches the whole group: it is this process that ends them.
    """
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_end_well)
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for _ in range(count):  # started now, they inherit that SIGINT is ignored
            pool.submit(_nothing)
    finally:
        signal.signal(signal.SIGINT, interrupt)
    try:
        yield pool
    except BaseException:
        for worker in active_children():
            worker.terminate()
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def _end_well() -> None:
    """In a worker: when it is to end, its rooms end with it."""

    def end(*_) -> None:
        close_all_rooms()
        os._exit(143)

    signal.signal(signal.SIGTERM, end)


def _nothing() -> None:
    """The first task of each worker."""


def _as_graded(pool: ProcessPoolExecutor, run: Run, handins: list[Handin], scratch: Path) -> Iterator[Graded]:
    skeletons = load_skeletons(run.grading.course)
    waiting: dict[str, dict[str, Future]] = {}
    students: dict[Future, str] = {}
    for handin in handins:
        cleaned = clean(handin, skeletons, scratch)
        _write_clean(run, handin.student, cleaned)
        waiting[handin.student] = {}
        for name, rebuilt in cleaned.items():
            future = pool.submit(_judge_one, run, rebuilt, scratch)
            waiting[handin.student][name] = future
            students[future] = handin.student
    left = {student: len(futures) for student, futures in waiting.items()}
    for future in as_completed(students):
        student = students[future]
        left[student] -= 1
        if left[student] == 0:
            yield from _finish(run, student, waiting.pop(student))


def _judge_one(run: Run, rebuilt: Rebuilt, scratch: Path) -> tuple[Results, dict[str, float | None]]:
    """In a worker: the verdict on one notebook, and with otter, otter's own scores."""
    results = results_for(rebuilt.submission, run.grading)
    if run.engine != "otter":
        return results, {}
    return results, run_otter(replace(run.grading, known=results), rebuilt, scratch)


def _finish(run: Run, student: str, futures: dict[str, Future]) -> list[Graded]:
    """Write one student down, now that all of their notebooks are judged."""
    judged = {name: (future, future.exception()) for name, future in futures.items()}
    problems = {name: f"{type(error).__name__}: {error}" for name, (_, error) in judged.items() if error}
    recorded: dict[str, dict[str, float | None]] = {}
    if run.engine == "nbgrader" and not problems:
        try:
            recorded = record_in_nbgrader(run.grading, run.course_folder, student, run.gradebook)
        except Exception as error:  # nbgrader's own trouble with one student must not stop the class
            problems = dict.fromkeys(futures, f"nbgrader: {error}")
    graded = []
    for name, (future, _) in judged.items():
        if name in problems:
            graded.append(Graded(student, name, None, problem=problems[name]))
            continue
        results, otters = future.result()
        scores = otters if run.engine == "otter" else recorded[name]
        graded.append(Graded(student, name, results, scores, _disagreement(results, scores)))
    return graded


def _disagreement(results: Results, scores: dict[str, float | None]) -> str:
    """What the engine has written down otherwise than the judge said. There must never be any."""
    for question in results.questions:
        written = scores.get(question.question)
        if question.score is not None and (written is None or abs(written - question.score) > 1e-6):
            return f"{question.question}: the judge gave {question.score:g}, the engine has {written}"
    return ""


def _write_clean(run: Run, student: str, cleaned: dict[str, Rebuilt]) -> None:
    """The clean notebooks, and what training made, where nbgrader will read them. What was handed in stays as it is."""
    if run.engine != "nbgrader":
        return
    folder = run.course_folder / CLEAN / student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    for path in find_trained(folder):  # of an earlier run
        path.unlink()
    for name, rebuilt in cleaned.items():
        nbformat.write(with_remarks(rebuilt).notebook, folder / f"{name}.ipynb")
        if rebuilt.submission.folder is not None:
            shutil.copytree(rebuilt.submission.folder, folder, dirs_exist_ok=True)
