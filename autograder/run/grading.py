"""Grades a class. Workers judge; this process alone writes."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import nbformat

from autograder.course.questions import withheld_in
from autograder.course.skeleton import load_skeletons
from autograder.engines.clean import CLEAN, with_remarks
from autograder.engines.grading import Grading
from autograder.engines.results import results_for
from autograder.intake.collect import Handin, clean, collect
from autograder.intake.rebuild import Rebuilt
from autograder.judge import QuestionResult, Results, Status
from autograder.judge.store import Store
from autograder.log import log_fault, told_of, trace_of
from autograder.room import NONE, Place, place_of, use_places
from autograder.run.attempts import each_done
from autograder.run.interrupts import noticed_interrupts
from autograder.run.otter_run import run_otter
from autograder.run.pool import Pool


@dataclass(frozen=True)
class Graded:
    """One notebook of one student. scores: question → what the engine itself has written down, or a TA in its
    gradebook; None where that waits for a person. problem: why it could not be graded, or "".
    """

    student: str
    notebook: str
    results: Results | None
    scores: dict[str, float | None] = field(default_factory=dict)
    problem: str = ""

    def status_of(self, question: QuestionResult) -> Status:
        """The judge's, or for a written answer that a TA has graded what the points say."""
        score = self.scores.get(question.question)
        if question.status != Status.UNGRADED or score is None:
            return question.status
        if score >= question.max_score:
            return Status.CORRECT
        return Status.PARTIAL if score > 0 else Status.WRONG


@dataclass(frozen=True)
class Judged:
    """What a worker says of one notebook. scores: otter's own. problem: why there is no verdict, or "".

    trace: how that came about, for the log; "" if there is nothing to tell.
    """

    results: Results | None = None
    scores: dict[str, float | None] = field(default_factory=dict)
    problem: str = ""
    trace: str = ""

    @classmethod
    def failed(cls, problem: Exception) -> "Judged":
        """No verdict, as something was raised."""
        return cls(problem=told_of(problem), trace=trace_of(problem))


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
    places = [place_of(run.grading.room, run.grading.course.room_needs)]
    if run.engine == "otter":
        places.append(place_of(NONE))
    places[0].warm_up()
    with (
        noticed_interrupts() as raise_if_interrupted,
        tempfile.TemporaryDirectory() as scratch,
        Pool(run.workers, _prepare, run, places) as pool,
        Records(run) as records,
    ):
        handins = collect(run.handins, Path(scratch), run.grading.course)
        total = len(handins) * len(skeletons)
        graded: list[Graded] = []
        for handin, future in each_done(pool, partial(_judge_student, run, Path(scratch)), handins):
            error = future.exception()
            finished = _finish(run, records, handin.student, {} if error else future.result(), error)
            raise_if_interrupted()
            for one in finished:
                graded.append(one)
                tell(one, len(graded), total)
    return sorted(graded, key=lambda one: (one.student, one.notebook))


def _prepare(run: Run, places: list[Place]) -> None:
    """In a worker, at its start. otter's own kernels are forked from the worker, which has imported all of otter."""
    course = run.grading.course
    use_places(*places)
    places[0].warm_up({withheld_in(course, name) for name in load_skeletons(course)})
    if run.engine == "otter":
        from autograder.room.forked import ForkedPlace  # imports a kernel, which nothing else here needs

        use_places(ForkedPlace(folder=places[1].folder))


class Records:
    """A context: nbgrader's gradebook, which is opened when the first student is written down."""

    def __init__(self, run: Run):
        self._run = run
        self._record = None

    def __enter__(self) -> "Records":
        self._until_done = ExitStack()
        return self

    def __exit__(self, *_: object) -> None:
        self._until_done.close()

    def write(self, student: str, results: tuple[Results, ...]) -> dict:
        """What the gradebook holds of a student after nbgrader has graded them; see `open_for_class`."""
        if self._record is None:
            from autograder.run.gradebook import open_for_class  # imports nbgrader, and otter works without it

            run = self._run
            self._record = self._until_done.enter_context(open_for_class(run.grading, run.course_folder, run.gradebook))
        return self._record(student, results)


def _judge_student(run: Run, scratch: Path, handin: Handin) -> dict[str, Judged]:
    """In a worker: the verdicts on all notebooks of a student. What is judged is kept, and not judged again."""
    try:
        cleaned = clean(handin, run.grading.course, scratch)
        _write_clean(run, handin.student, cleaned)
    except Exception as problem:
        return dict.fromkeys(load_skeletons(run.grading.course), Judged.failed(problem))
    return {name: _judge_one(run, rebuilt, scratch) for name, rebuilt in cleaned.items()}


def _judge_one(run: Run, rebuilt: Rebuilt, scratch: Path) -> Judged:
    """The verdict on one notebook and, with otter, otter's own scores."""
    try:
        results = results_for(rebuilt.submission, run.grading)
        if run.engine != "otter":
            return Judged(results)
        if rebuilt.submission.missing:  # nobody calls otter without a notebook
            return Judged(results, {question.question: question.score for question in results.questions})
        return Judged(results, run_otter(replace(run.grading, known=(results,)), rebuilt, scratch))
    except Exception as error:  # a fault of ours, or of the machine, with one notebook must not stop the class
        return Judged.failed(error)


def _finish(
    run: Run, records: Records, student: str, judged: dict[str, Judged], error: BaseException | None
) -> list[Graded]:
    """Write one student down, now that all of their notebooks are judged."""
    if error is not None:
        judged = dict.fromkeys(load_skeletons(run.grading.course), Judged.failed(error))
    problems = {name: one.problem for name, one in judged.items() if one.problem}
    for trace in dict.fromkeys(one.trace for one in judged.values() if one.trace):
        log_fault(f"{student}, {', '.join(name for name, one in judged.items() if one.trace == trace)}", trace)
    recorded = {}
    if run.engine == "nbgrader" and not problems:
        try:
            recorded = records.write(student, tuple(one.results for one in judged.values() if one.results))
        except Exception as error:  # nbgrader's own trouble with one student must not stop the class
            problems = dict.fromkeys(judged, f"nbgrader: {told_of(error)}")
            log_fault(f"{student}: not recorded by nbgrader", trace_of(error))
    graded = []
    for name, one in judged.items():
        if problems:
            reason = problems.get(name) or "not written down, as another notebook of this student has no verdict"
            graded.append(Graded(student, name, None, problem=reason))
            continue
        scores = by_tests = one.scores
        if run.engine == "nbgrader":
            scores = {question: written.score for question, written in recorded[name].items()}
            by_tests = {question: written.by_tests for question, written in recorded[name].items()}
        graded.append(Graded(student, name, one.results, scores, _disagreement(one.results, by_tests)))
    return graded


def _disagreement(results: Results, scores: dict[str, float | None]) -> str:
    """What the engine has written down otherwise than the judge said. There must never be any."""
    for question in results.questions:
        written = scores.get(question.question)
        if question.score is not None and (written is None or abs(written - question.score) > 1e-6):
            return f"{question.question}: the judge gave {question.score:g}, the engine has {written}"
    return ""


def _write_clean(run: Run, student: str, cleaned: dict[str, Rebuilt]) -> None:
    """The clean notebooks, and their attachments, where nbgrader will read them. What was handed in stays as it is.

    nbgrader itself gives nothing for a notebook that is not there; but one at least there has to be.
    """
    if run.engine != "nbgrader":
        return
    folder = run.course_folder / CLEAN / student / run.grading.course.name
    shutil.rmtree(folder, ignore_errors=True)  # of an earlier run
    folder.mkdir(parents=True)
    there = {name: rebuilt for name, rebuilt in cleaned.items() if not rebuilt.submission.missing}
    for name, rebuilt in (there or cleaned).items():
        nbformat.write(with_remarks(rebuilt).notebook, folder / f"{name}.ipynb")
        if rebuilt.submission.folder is not None:
            shutil.copytree(rebuilt.submission.folder, folder, dirs_exist_ok=True)
