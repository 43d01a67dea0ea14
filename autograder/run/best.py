"""`attempt = "best"`: every attempt of a student is judged, and the one with the most points counts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course
from autograder.intake.gather import Handin
from autograder.intake.handed_over import not_graded
from autograder.judge.store import Store
from autograder.run.deadlines import Due
from autograder.run.graded import Graded, NotGraded, with_verdict
from autograder.run.records import scores_by_tests
from autograder.run.run import Run
from autograder.run.students import points_of
from autograder.run.workers.executor import Executor
from autograder.run.workers.judged import Written

STORE = ".attempts"
"""The folder of attempts' results, among those of students: no student is called so."""


@dataclass(frozen=True)
class Attempt:
    """One attempt, judged. points: what tests give it, after its penalty; None if it has no verdict."""

    handin: Handin
    outcomes: list[Graded | NotGraded]
    points: float | None


def best_attempts(
    run: Run,
    handins: Iterable[Handin],
    executor: Callable[[Run, Path], Executor],
    scratch: Path,
    due: Due,
) -> tuple[Handin, ...]:
    """The hand-ins that count. Written answers, which nobody has graded yet, are left out of the comparison.

    Args:
        run: the grading run. What is judged here is kept, so that nothing is judged twice.
        handins: the newest of each student, with all other attempts in `earlier`.
        executor: see `autograder.run.grading.grade_class`.
        scratch: as well.
        due: the deadline.

    Returns:
        One for each student, in the same order, with a remark that says which attempt counts, and why.
    """
    handins = tuple(handins)
    attempts = {one.student: usable_attempts(one) for one in handins}
    several = {student: of for student, of in attempts.items() if len(of) > 1}
    if not several:
        return handins
    store = run.grading.store / STORE
    alone = replace(
        run, engine="", into_gradebook=False, grading=replace(run.grading, store=store, questions=frozenset())
    )
    numbered = {_name(student, of, one): (student, one) for student, of in several.items() for one in of}
    judged: dict[str, list[Attempt]] = {student: [] for student in several}
    with executor(alone, scratch) as workers:
        asked = [replace(one, student=name, earlier=()) for name, (_, one) in numbered.items()]
        for asked_of, future in workers.each_judged(asked, Written()):
            student, attempt = numbered[asked_of.student]
            outcomes = [] if future.exception() else future.result().outcomes
            judged[student].append(_judged(run.grading.course, student, attempt, outcomes, due))
    return tuple(_counted(run, one, judged[one.student], due) if one.student in judged else one for one in handins)


def usable_attempts(handin: Handin) -> list[Handin]:
    """A student's attempts that hold anything to grade, the newest first where systems tell their times."""
    every = [replace(handin, earlier=()), *handin.earlier]
    return [one for one in every if one.notebooks or one.attachments]


def _name(student: str, of: list[Handin], one: Handin) -> str:
    """What an attempt is called among results: its number from the oldest on, so that a new one renames none."""
    return f"{student}~{len(of) - of.index(one)}"


def _judged(course: Course, student: str, attempt: Handin, outcomes: list[Graded | NotGraded], due: Due) -> Attempt:
    graded: list[Graded | NotGraded] = [
        replace(one, scores=scores_by_tests(one.results)) for one in with_verdict(outcomes)
    ]
    if len(graded) < len(outcomes):
        return Attempt(attempt, outcomes, None)
    points, _ = points_of(course, graded)
    if points is None:
        return Attempt(attempt, outcomes, None)
    lost = due.penalty(points, due.lateness(student, attempt.origin).seconds)
    return Attempt(attempt, outcomes, round(points.total - lost, 6))


def _counted(run: Run, handin: Handin, judged: list[Attempt], due: Due) -> Handin:
    """The hand-in that counts. The newest does if attempts are equal, or if one of them could not be judged."""
    order = usable_attempts(handin)
    judged = sorted(judged, key=lambda one: order.index(one.handin))
    if any(one.points is None for one in judged):
        told = "which attempt is the best is not known, as one could not be judged: the newest counts"
        return _with_remark(handin, judged[0].handin, told)
    best = max(judged, key=lambda one: one.points or 0.0)
    store = Store(run.grading.store)
    for one in with_verdict(best.outcomes):
        if store.load(handin.student, one.notebook, one.results.key) is None:
            store.save(replace(one.results, student=handin.student), one.results.key)
    others = "; ".join(f"{_when(one.handin, due)}: {one.points:g}" for one in judged if one is not best)
    counts = f"the attempt {_when(best.handin, due)} counts, as the best by tests after its penalty"
    told = f"{counts}: {best.points:g} points ({others})"
    return _with_remark(handin, best.handin, told)


def _when(attempt: Handin, due: Due) -> str:
    return f"of {due.when(attempt.origin)[:16] or 'an unknown time'}"


def _with_remark(handin: Handin, counts: Handin, told: str) -> Handin:
    """An attempt with what is known of the student, and with what is told of all attempts."""
    who = handin.origin
    said = {not_graded(one) for one in (handin, *handin.earlier)}
    remarks = dict.fromkeys([*who.remarks, *counts.origin.remarks])
    origin = replace(
        counts.origin,
        lms=who.lms,
        lms_id=who.lms_id,
        name=who.name,
        email=who.email,
        section=who.section,
        ids=who.ids,
        listed=who.listed,
        attempts=who.attempts,
        remarks=(told, *(remark for remark in remarks if remark not in said)),
    )
    return replace(counts, student=handin.student, origin=origin, earlier=handin.earlier)
