"""Grades a class: gives every student to an executor, and writes down what comes back. This process alone writes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from autograder.course.skeleton import load_skeletons
from autograder.errors import WrongCall
from autograder.intake.handed_over import ClassHandins
from autograder.judge.store import Store
from autograder.portable import need_folders
from autograder.run.best import best_attempts
from autograder.run.gradebook.patience import Patience
from autograder.run.graded import Graded, NotGraded
from autograder.run.hand_ins import AS_IT_IS, Intake
from autograder.run.records import Records, finish
from autograder.run.run import Run
from autograder.run.workers.executor import Executor, LocalWorkers
from autograder.run.workers.interrupts import noticed_interrupts
from autograder.run.workers.judged import Judged, none_graded
from autograder.scratch import scratch_folder

SCRATCH = "grading-run-"
"""What the name of a run's temporary folder begins with."""


def grade_class(
    run: Run,
    tell: Callable[[Graded | NotGraded, int, int], None],
    intake: Intake = AS_IT_IS,
    found: Callable[[ClassHandins], None] = lambda _: None,
    executor: Callable[[Run, Path], Executor] = LocalWorkers,
    patience: Patience | None = None,
) -> list[Graded | NotGraded]:
    """Grade every notebook of every student.

    Args:
        run: what to grade, and how.
        tell: called with what came of each notebook, how many are done, and of how many.
        intake: how the class is read.
        found: called with what intake has found, before anything is judged.
        executor: makes who judges, of the run and a folder for what lies there until the run ends.
        patience: with a gradebook that does not answer.

    Returns:
        What came of each notebook. An exception of ours leaves the notebooks of one student not graded.

    Raises:
        NothingHandedIn: if there is nothing to grade.
        WrongCall: if the class cannot be read as `intake` says.
        GradebookTrouble: if the gradebook stays away, or refuses to be written to.
    """
    skeletons = load_skeletons(run.grading.course)
    if run.grading.seed is None:
        run = replace(run, grading=replace(run.grading, seed=Store(run.grading.store).seed()))
    with (
        noticed_interrupts() as raise_if_interrupted,
        scratch_folder(SCRATCH) as scratch,
        executor(run, scratch) as workers,
        Records(run, patience) as records,
    ):
        gathered = _only(run.students, intake.gather(run.handins, scratch, run.grading.course))
        students = {one.student for one in gathered.handins}
        for place in (run.grading.store, run.course_folder):
            if place.is_dir() or place == run.grading.store:
                need_folders(place, students)
        if intake.counts_best:
            best = best_attempts(run, gathered.handins, executor, scratch, intake.due)
            gathered = replace(gathered, handins=best)
        found(gathered)
        handins = [replace(one, earlier=()) for one in gathered.handins]  # a worker needs those that count alone
        total = len(handins) * len(skeletons)
        outcomes: list[Graded | NotGraded] = []
        for handin, future in workers.each_judged(handins, records.as_written(one.student for one in handins)):
            error = future.exception()
            judged = future.result() if error is None else Judged(none_graded(run, handin.student, error))
            finished = finish(run, records, judged)
            raise_if_interrupted()
            for one in finished:
                outcomes.append(one)
                tell(one, len(outcomes), total)
    return sorted(outcomes, key=lambda one: (one.student, one.notebook))


def _only(students: frozenset[str], found: ClassHandins) -> ClassHandins:
    """The hand-ins of those who were asked for, or of all. Raises WrongCall for someone who has handed in nothing."""
    strangers = sorted(students - {one.student for one in found.handins})
    if strangers:
        raise WrongCall(
            f"--only {strangers[0]}: is no question or notebook of this course, and nobody of that name has handed in"
        )
    return replace(found, handins=tuple(one for one in found.handins if not students or one.student in students))
