"""What a worker does for one student: intake, and the verdict on each notebook."""

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import nbformat

from autograder.course.skeleton import load_skeletons
from autograder.engines.clean import CLEAN, with_remarks
from autograder.engines.results import results_for
from autograder.engines.sanitize import render_students_texts
from autograder.intake.collect import clean
from autograder.intake.gather import Handin, unpacked
from autograder.intake.rebuild import Rebuilt
from autograder.intake.timestamps import write_timestamp
from autograder.judge.store import Store
from autograder.run.graded import Graded, NotGraded
from autograder.run.run import Run
from autograder.run.unchanged import digest_of_hand_in, results_as_written
from autograder.run.workers.otter_run import run_otter


@dataclass(frozen=True)
class Written:
    """What a worker needs to tell that a student has been written down as they are.

    digest: of `digest_of_run`; "" where nothing is told. students: of whom nbgrader has what it had.
    """

    digest: str = ""
    students: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Judged:
    """What came of a student in a worker.

    made_of: see `autograder.run.unchanged`. is_written: whether nbgrader has all of it already.
    """

    outcomes: list[Graded | NotGraded]
    made_of: str = ""
    is_written: bool = False


def judge_student(run: Run, scratch: Path, written: Written, handin: Handin) -> Judged:
    """In a worker: the verdicts on all notebooks of a student. What is judged is kept, and not judged again.

    Args:
        run: what is graded, and how.
        scratch: the run's folder for what is unpacked.
        written: of whom everything is written down already.
        handin: the student's.

    Returns:
        A verdict on each notebook, or why it has none. A fault of ours is among those, and never raised.

    Raises:
        MemoryError: which ends the worker.
    """
    with unpacked(handin) as whole, tempfile.TemporaryDirectory(dir=scratch) as own:
        return _judge_unpacked(run, scratch, Path(own), written, whole)


def _judge_unpacked(run: Run, scratch: Path, own: Path, written: Written, handin: Handin) -> Judged:
    student = handin.student
    made_of = digest_of_hand_in(written.digest, handin, scratch) if written.digest else ""
    if (known := as_written(run, written, student, made_of)) is not None:
        return known
    try:
        cleaned = clean(handin, run.grading.course, own)
        write_clean(run, student, cleaned, handin.origin.handed_in)
    except MemoryError:  # which ends this worker
        raise
    except Exception as problem:
        return Judged(none_graded(run, student, problem))
    return Judged([_judge_one(run, rebuilt, own) for rebuilt in cleaned.values()], made_of)


def as_written(run: Run, written: Written, student: str, made_of: str) -> Judged | None:
    """A student of whom nothing has changed since they were written down; None for others.

    Args:
        run: what is graded, and how.
        written: of whom nbgrader has what it had.
        student: the student's id.
        made_of: what they would be judged with now, of `digest_of_hand_in`; "" if that is not known.
    """
    if student not in written.students:
        return None
    known = results_as_written(Store(run.grading.store), student, made_of)
    if known is None:
        return None
    return Judged([Graded(student, one.notebook, one) for one in known], made_of, is_written=True)


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
    except MemoryError:  # which ends this worker
        raise
    except Exception as problem:  # a fault of ours, or of the machine, with one notebook must not stop the class
        return NotGraded.because_of(problem, student, notebook)


def none_graded(run: Run, student: str, problem: BaseException) -> list[Graded | NotGraded]:
    """Every notebook of a student, as not graded because of this problem.

    Args:
        run: what is graded; its course says which notebooks there are.
        student: the student's id.
        problem: what was raised.
    """
    return [NotGraded.because_of(problem, student, notebook) for notebook in load_skeletons(run.grading.course)]


def write_clean(run: Run, student: str, cleaned: dict[str, Rebuilt], handed_in: datetime | None = None) -> None:
    """The clean notebooks, where nbgrader will read them. What was handed in stays as it is.

    nbgrader itself gives nothing for a notebook that is not there; but one at least there has to be. Attachments stay
    with what was handed in: the verdicts are there already, and weights would be kept three times.

    Args:
        run: what is graded, and how. Without nbgrader, nothing is written.
        student: the student's id. What an earlier run has written of them is removed.
        cleaned: notebook → what was rebuilt, for all notebooks of the course.
        handed_in: when; None, or without a time zone, if nbgrader is not to be told.
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
