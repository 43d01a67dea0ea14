"""Grades a class. Workers judge; this process alone writes."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from autograder.course.questions import withheld_in
from autograder.course.skeleton import load_skeletons
from autograder.engines.clean import CLEAN, with_remarks
from autograder.engines.grading import Grading, WhenStarved
from autograder.engines.results import results_for
from autograder.engines.sanitize import render_students_texts
from autograder.errors import WrongCall
from autograder.intake.collect import clean
from autograder.intake.gather import Handin
from autograder.intake.handed_over import ClassHandins
from autograder.intake.read import shown
from autograder.intake.rebuild import Rebuilt
from autograder.intake.timestamps import write_timestamp
from autograder.judge import Results
from autograder.judge.store import Store
from autograder.log import log_fault, told_of, trace_of
from autograder.rendering import renderer
from autograder.room import NONE, Place, place_of, use_places
from autograder.run.attempts import each_done
from autograder.run.graded import Graded, NotGraded, with_verdict, without_verdict
from autograder.run.hand_ins import AS_IT_IS, Intake
from autograder.run.interrupts import noticed_interrupts
from autograder.run.otter_run import run_otter
from autograder.run.pool import Pool
from autograder.run.unchanged import (
    digest_of_hand_in,
    digest_of_run,
    is_as_written,
    results_as_written,
    write_record,
)

if TYPE_CHECKING:  # imports nbgrader, and otter works without it
    from autograder.run.gradebook import Record, Recorded
    from autograder.run.marks import Mark


@dataclass(frozen=True)
class Run:
    """A grading run.

    engine: "nbgrader" or "otter". course_folder: nbgrader's course. students: the only ones; all if there are none.
    """

    handins: Path
    grading: Grading
    engine: str
    course_folder: Path
    workers: int
    gradebook: str = ""
    students: frozenset[str] = frozenset()

    def autograded(self, student: str) -> Path:
        """The folder of a student's autograded notebooks."""
        return self.course_folder / "autograded" / student / self.grading.course.name


@dataclass(frozen=True)
class Judged:
    """What came of a student in a worker.

    made_of: see `autograder.run.unchanged`. is_written: whether nbgrader has all of it already.
    """

    outcomes: list[Graded | NotGraded]
    made_of: str = ""
    is_written: bool = False


def grade_class(
    run: Run,
    tell: Callable[[Graded | NotGraded, int, int], None],
    intake: Intake = AS_IT_IS,
    found: Callable[[ClassHandins], None] = lambda _: None,
) -> list[Graded | NotGraded]:
    """Grade every notebook of every student.

    Args:
        run: what to grade, and how.
        tell: called with what came of each notebook, how many are done, and of how many.
        intake: how the class is read.
        found: called with what intake has found, before anything is judged.

    Returns:
        What came of each notebook. An exception of ours leaves the notebooks of one student not graded.

    Raises:
        NothingHandedIn: if there is nothing to grade.
        WrongCall: if the class cannot be read as `intake` says.
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
        gathered = _only(run.students, intake.gather(run.handins, Path(scratch), run.grading.course))
        found(gathered)
        handins = [replace(one, earlier=()) for one in gathered.handins]  # a worker needs those that count alone
        total = len(handins) * len(skeletons)
        outcomes: list[Graded | NotGraded] = []
        for handin, future in _judged(run, Path(scratch), pool, handins, records.as_written(handins)):
            error = future.exception()
            judged = future.result() if error is None else Judged(_none_graded(run, handin.student, error))
            finished = _finish(run, records, judged)
            raise_if_interrupted()
            for one in finished:
                outcomes.append(one)
                tell(one, len(outcomes), total)
    return sorted(outcomes, key=lambda one: (one.student, one.notebook))


def _only(students: frozenset[str], found: ClassHandins) -> ClassHandins:
    """The hand-ins of those who were asked for, or of all. Raises WrongCall for someone who has handed in nothing."""
    strangers = sorted(students - {one.student for one in found.handins})
    if strangers:
        raise WrongCall(f"--only {strangers[0]}: is no question of this course, and nobody of that name has handed in")
    return replace(found, handins=tuple(one for one in found.handins if not students or one.student in students))


def _judged(
    run: Run, scratch: Path, pool: Pool, handins: list[Handin], written: "Written"
) -> Iterator[tuple[Handin, Future]]:
    """Every student's verdicts, as they come. Who was starved of a processor comes last, judged with nothing beside."""
    starved = []
    first = replace(run, grading=replace(run.grading, starved=WhenStarved.LATER))
    for handin, future in each_done(pool, partial(_judge_student, first, scratch, written), handins):
        if future.exception() is None and any(
            one.results.waits_for_retry for one in with_verdict(future.result().outcomes)
        ):
            starved.append(handin)
        else:
            yield handin, future
    last = replace(run, grading=replace(run.grading, starved=WhenStarved.LAST))
    for handin in starved:
        yield from each_done(pool, partial(_judge_student, last, scratch, Written()), [handin])


def _prepare(run: Run, places: list[Place]) -> None:
    """In a worker, at its start. otter's own kernels are forked from the worker, which has imported all of otter."""
    course = run.grading.course
    use_places(*places)
    places[0].warm_up({withheld_in(course, name) for name in load_skeletons(course)})
    if run.engine == "nbgrader":
        renderer().warm_up()
    if run.engine == "otter":
        from autograder.room.forked import ForkedPlace  # imports a kernel, which nothing else here needs

        use_places(ForkedPlace(folder=places[1].folder))


@dataclass(frozen=True)
class Written:
    """What a worker needs to tell that a student has been written down as they are.

    digest: of `digest_of_run`; "" where nothing is told. students: of whom nbgrader has what it had.
    """

    digest: str = ""
    students: frozenset[str] = frozenset()


class Records:
    """A context: nbgrader's gradebook, which is opened when the first student is written down."""

    def __init__(self, run: Run):
        self._run = run
        self._record: Record | None = None
        self._marks: dict[tuple[str, str], dict[str, Mark]] = {}

    def __enter__(self) -> "Records":
        self._until_done = ExitStack()
        return self

    def __exit__(self, *_: object) -> None:
        self._until_done.close()

    def as_written(self, handins: list[Handin]) -> Written:
        """Of whom nbgrader has exactly what it had when they were written down."""
        run, students = self._run, set()
        if run.engine != "nbgrader" or run.grading.questions:  # notebooks that were not asked for may be out of date
            return Written()
        from autograder.run.gradebook import open_gradebook
        from autograder.run.marks import marks_of_class

        store, course = Store(run.grading.store), run.grading.course
        digest = digest_of_run(run.grading, run.course_folder, run.gradebook)
        if run.grading.again:
            return Written(digest)
        with open_gradebook(course, run.course_folder, run.gradebook) as book:
            self._marks = marks_of_class(book, course.name)
        for one in handins:
            marks = {name: self._marks.get((one.student, name), {}) for name in load_skeletons(course)}
            by_tests = {name: {q: mark.by_tests for q, mark in of.items()} for name, of in marks.items()}
            if is_as_written(store, one.student, run.autograded(one.student), by_tests):
                students.add(one.student)
        return Written(digest, frozenset(students))

    def of_gradebook(self, graded: list[Graded | NotGraded]) -> list[Graded | NotGraded]:
        """A student who is not written down again, with the points that the gradebook had at the beginning."""
        from autograder.run.marks import with_marks

        return with_marks(graded, self._marks).graded

    def write(self, student: str, results: tuple[Results, ...]) -> dict[str, dict[str, "Recorded"]]:
        """What the gradebook holds of a student after nbgrader has graded them; see `open_for_class`."""
        if self._record is None:
            from autograder.run.gradebook import open_for_class  # imports nbgrader, and otter works without it

            run = self._run
            self._record = self._until_done.enter_context(open_for_class(run.grading, run.course_folder, run.gradebook))
        return self._record(student, results)


def _judge_student(run: Run, scratch: Path, written: Written, handin: Handin) -> Judged:
    """In a worker: the verdicts on all notebooks of a student. What is judged is kept, and not judged again."""
    student = handin.student
    made_of = digest_of_hand_in(written.digest, handin, scratch) if written.digest else ""
    if student in written.students:
        known = results_as_written(Store(run.grading.store), student, made_of)
        if known is not None:
            return Judged([Graded(student, one.notebook, one) for one in known], made_of, is_written=True)
    try:
        cleaned = clean(handin, run.grading.course, scratch)
        _write_clean(run, student, cleaned, handin.origin.handed_in)
    except Exception as problem:
        return Judged(_none_graded(run, student, problem))
    return Judged([_judge_one(run, rebuilt, scratch) for rebuilt in cleaned.values()], made_of)


def _judge_one(run: Run, rebuilt: Rebuilt, scratch: Path) -> Graded | NotGraded:
    """The verdict on one notebook and, with otter, otter's own scores."""
    student, notebook = rebuilt.submission.student, rebuilt.submission.notebook
    try:
        results = results_for(rebuilt.submission, run.grading)
        if run.engine != "otter" or results.waits_for_retry:
            return Graded(student, notebook, results)
        if rebuilt.submission.missing:  # nobody calls otter without a notebook
            scores = {question.question: question.score for question in results.questions}
        else:
            scores = run_otter(replace(run.grading, known=(results,)), rebuilt, scratch)
        return Graded(student, notebook, results, scores)
    except Exception as problem:  # a fault of ours, or of the machine, with one notebook must not stop the class
        return NotGraded.because_of(problem, student, notebook)


def _none_graded(run: Run, student: str, problem: BaseException) -> list[Graded | NotGraded]:
    return [NotGraded.because_of(problem, student, notebook) for notebook in load_skeletons(run.grading.course)]


def _finish(run: Run, records: Records, judged: Judged) -> list[Graded | NotGraded]:
    """Write one student down, now that all of their notebooks are judged."""
    if judged.is_written:
        return records.of_gradebook(judged.outcomes)
    failed = without_verdict(judged.outcomes)
    _log_faults(failed)
    if failed:
        return [one if isinstance(one, NotGraded) else _beside_a_failure(one) for one in judged.outcomes]
    graded = with_verdict(judged.outcomes)
    if run.engine == "otter":
        return [_unless_disagreeing(one, one.scores) for one in graded]
    try:
        return _recorded(run, records, graded, judged.made_of)
    except Exception as problem:  # nbgrader's own trouble with one student must not stop the class
        log_fault(f"{shown(graded[0].student)}: not recorded by nbgrader", trace_of(problem))
        return [NotGraded(one.student, one.notebook, f"nbgrader: {told_of(problem)}") for one in graded]


def _beside_a_failure(one: Graded) -> NotGraded:
    reason = "not written down, as another notebook of this student has no verdict"
    return NotGraded(one.student, one.notebook, reason)


def _log_faults(failed: list[NotGraded]) -> None:
    """Log each trace once, with the notebooks of a student that have it in common."""
    for trace in dict.fromkeys(one.trace for one in failed if one.trace):
        alike = [one for one in failed if one.trace == trace]
        log_fault(f"{shown(alike[0].student)}, {', '.join(one.notebook for one in alike)}", trace)


def _recorded(run: Run, records: Records, graded: list[Graded], made_of: str) -> list[Graded | NotGraded]:
    """What nbgrader has written down of a student. Raises what nbgrader raises."""
    student, results = graded[0].student, [one.results for one in graded]
    recorded = records.write(student, tuple(results))
    outcomes: list[Graded | NotGraded] = []
    for one in graded:
        written = recorded[one.notebook]
        scores = {question: grade.score for question, grade in written.items()}
        by_tests = {question: grade.by_tests for question, grade in written.items()}
        outcomes.append(_unless_disagreeing(replace(one, scores=scores), by_tests))
    had = {name: {question: grade.by_tests for question, grade in of.items()} for name, of in recorded.items()}
    agreed = made_of if not without_verdict(outcomes) else ""
    write_record(Store(run.grading.store), student, agreed, results, run.autograded(student), had)
    return outcomes


def _unless_disagreeing(one: Graded, scores: dict[str, float | None]) -> Graded | NotGraded:
    """A notebook as graded, if its engine has written down what the judge said: `scores`, by question."""
    disagreement = _disagreement(one.results, scores)
    return NotGraded(one.student, one.notebook, disagreement) if disagreement else one


def _disagreement(results: Results, scores: dict[str, float | None]) -> str:
    """What the engine has written down otherwise than the judge said. There must never be any."""
    for question in results.questions:
        written = scores.get(question.question)
        if question.score is not None and (written is None or abs(written - question.score) > 1e-6):
            return f"{question.question}: the judge gave {question.score:g}, the engine has {written}"
    return ""


def _write_clean(run: Run, student: str, cleaned: dict[str, Rebuilt], handed_in: datetime | None = None) -> None:
    """The clean notebooks, and their attachments, where nbgrader will read them. What was handed in stays as it is.

    nbgrader itself gives nothing for a notebook that is not there; but one at least there has to be.
    """
    if run.engine != "nbgrader":
        return
    folder = run.course_folder / CLEAN / student / run.grading.course.name
    shutil.rmtree(folder, ignore_errors=True)  # of an earlier run
    folder.mkdir(parents=True)
    if handed_in is not None and handed_in.tzinfo is not None:
        write_timestamp(folder, handed_in)
    there = {name: rebuilt for name, rebuilt in cleaned.items() if not rebuilt.submission.missing}
    for name, rebuilt in (there or cleaned).items():
        clean_notebook = with_remarks(rebuilt).notebook
        render_students_texts(clean_notebook)  # here, where many are at it, and not where all is written
        nbformat.write(clean_notebook, folder / f"{name}.ipynb")
        if rebuilt.submission.folder is not None:
            shutil.copytree(rebuilt.submission.folder, folder, dirs_exist_ok=True)
