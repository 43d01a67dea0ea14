"""The one function that makes verdicts, and the rules by which cases become a question's result."""

import time
from functools import lru_cache, partial
from importlib.metadata import version

from autograder.course import Course
from autograder.course.questions import Question, read_questions, withheld_in
from autograder.course.skeleton import load_skeletons
from autograder.course.submission import Submission
from autograder.judge.cases import about_withheld, run_cases
from autograder.judge.missing_packages import about_missing
from autograder.judge.model import model_passes
from autograder.judge.newer_python import about_newer_python
from autograder.judge.results import CaseResult, QuestionResult, Results, Status
from autograder.judge.seeds import Seeds
from autograder.judge.session import FATAL_STATUSES, Session, session_of
from autograder.judge.told import ENDED, LATE, SLOW, VAGUE
from autograder.room import NONE, Limits, place_of
from autograder.room.groups import groups_here

VERSIONS = ("notebook-course-autograder", "notebook-course-checks", "ipykernel", "otter-grader", "nbgrader")
"""Distributions whose versions a result carries, with those that the course puts into its rooms."""

USED_UP = {"memory": "more memory", "disk": "more of the disk"}

GRAVEST_TROUBLE_FIRST = ("memory", "disk", "timeout", "died", "error")
"""Of the ways in which a question's own cells can end, one is told."""

MAX_MESSAGES = 3
"""How many different messages of failed cases a student is told for one question."""


def judge(
    submission: Submission,
    seed: int,
    room: str,
    course: Course,
    limits: Limits | None = None,
) -> Results:
    """Grade one notebook of one student: play it in a room, and at each check ask for values.

    Args:
        submission: the notebook, clean.
        seed: of the run. What tests draw follows from it, and from the submission as far as each check.
        room: the kind of room that student code runs in.
        course: that the notebook is of.
        limits: what student code may use up; the usual ones by default.

    Raises:
        NoRoom: if no room can be opened at all. What student code does never raises.
    """
    started = time.monotonic()
    questions = read_questions(course.questions)
    skeleton = load_skeletons(course)[submission.notebook]
    withheld = withheld_in(course, submission.notebook)
    seeds = Seeds(seed, submission.folder)
    if not submission.problem:
        _get_ready(course, room, withheld)
    results = []
    with session_of(course, submission.notebook, room, limits or Limits(), submission.folder) as session:
        for cell in submission.cells:
            seeds.add(cell)
            if cell.role == "check" and submission.problem:
                results.append(_unplayed(submission, questions[cell.question]))
            elif cell.role == "check":
                question = questions[cell.question]
                results.append(_judge_question(submission, question, session, seeds.of(question), course))
            elif cell.role == "written":
                points = next(known.points for known in skeleton.written if known.question == cell.question)
                results.append(_ungraded(submission, cell.question, points))
            elif cell.runs and not submission.problem:
                session.play(cell)
    return Results(
        submission.student,
        submission.notebook,
        seed,
        tuple(results),
        submission.notes,
        room,
        time.monotonic() - started,
        versions=dict(_versions(course.room_needs.packages)),
        starved=session.starved,
        held_by=groups_here().told if room != NONE else "",
    )


@lru_cache
def _versions(packages: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((package, version(package)) for package in (*VERSIONS, *packages))


@lru_cache
def _get_ready(course: Course, room: str, withheld: tuple[str, ...]) -> None:
    """Have the template import what the room needs, and the room that answers are compared in, which lacks nothing."""
    place_of(room, course.room_needs).warm_up({withheld, ()})


def _judge_question(
    submission: Submission, question: Question, session: Session, seed: int, course: Course
) -> QuestionResult:
    passes = partial(model_passes, course, submission.notebook, session.kind, question.name, seed)
    cases, fault, remarks = run_cases(question, session, seed, passes)
    score = sum(case.points for case in cases if case.passed)
    status, message = _verdict(submission, question, session, cases, score)
    if fault:
        message = f"THE COURSE'S FAULT, tell your instructor: {fault}.\n{message}".strip()
    return QuestionResult(
        question=question.name,
        score=score,
        max_score=0.0 if question.bonus else question.points,
        status=status,
        message=message,
        bonus=question.bonus,
        course_fault=bool(fault),
        cases=cases,
        remarks=remarks,
    )


def _verdict(
    submission: Submission,
    question: Question,
    session: Session,
    cases: tuple[CaseResult, ...],
    score: float,
) -> tuple[Status, str]:
    """The status of a question that was judged, and what the student is told of it."""
    if all(case.passed for case in cases):
        return Status.CORRECT, ""
    trouble = _trouble(submission, question.name, session)
    messages = dict.fromkeys(case.message for case in cases if not case.passed)
    hints = [one for one in messages if one not in VAGUE]
    told = (hints or list(messages)[:1])[:MAX_MESSAGES]
    absent = [sentence for name, sentence in submission.absent if name == question.name]
    gravest = [trouble[kind] for kind in GRAVEST_TROUBLE_FIRST if kind in trouble][:1]
    given = [trouble["given"]] if "given" in trouble else []
    message = "\n".join([*given, *gravest, *told, *absent])
    answers = [c for c in submission.cells if c.role == "answer" and c.question == question.name]
    if score == 0 and not any(cell.touched for cell in answers if cell.kind == "code"):
        return Status.MISSING, "\n".join(["Not answered.", *absent])
    if trouble.keys() & USED_UP or any(case.message in (ENDED["memory"], ENDED["disk"]) for case in cases):
        return Status.MEMORY, message
    if "timeout" in trouble or any(case.message in (SLOW, LATE) for case in cases):
        return Status.TIMEOUT, message
    if score > 0:
        return Status.PARTIAL, message
    return (Status.ERROR if trouble else Status.WRONG), message


def _trouble(submission: Submission, question: str, session: Session) -> dict[str, str]:
    """What went wrong when the question's own cells ran: kind → what the student is told."""
    said = {}
    for cell in submission.cells:
        outcome = session.outcomes.get(cell.id)
        if outcome is not None and cell.role == "given" and outcome.status in FATAL_STATUSES:
            said["given"] = f"The cell {cell.id}, which is ours, did not run to its end: tell your instructor."
        if outcome is None or cell.question != question:
            continue
        if outcome.status == "timeout":
            said["timeout"] = f"The cell {cell.id} did not end within {session.limits.cell_seconds:g} seconds."
        elif outcome.status == "died":
            said["died"] = f"The cell {cell.id} ended the kernel."
        elif outcome.error == "MemoryError" and cell.touched:
            said["memory"] = f"The cell {cell.id} raised MemoryError: it asked for more than a submission has."
        elif outcome.status in USED_UP:
            said[outcome.status] = f"The cell {cell.id} used up {USED_UP[outcome.status]} than a submission has."
        elif outcome.status == "error" and cell.touched:
            told = f"The cell {cell.id} raised {outcome.error or 'an exception: run it in your notebook'}."
            told += about_withheld(outcome.error, session) + about_missing(outcome.error, cell, session.needs)
            told += about_newer_python(outcome.error, cell)
            said.setdefault("error", told)
    return said


def _unplayed(submission: Submission, question: Question) -> QuestionResult:
    """The result of a question whose notebook is missing or cannot be read."""
    cases = tuple(
        CaseResult(case.body.test_func.__name__, case.points, case.hidden, False, submission.problem)
        for case in question.judged_cases()
    )
    status = Status.MISSING if submission.missing else Status.ERROR
    points = 0.0 if question.bonus else question.points
    return QuestionResult(question.name, 0.0, points, status, submission.problem, question.bonus, cases=cases)


def _ungraded(submission: Submission, question: str, points: float) -> QuestionResult:
    """A written question: a person will grade it, unless there is nothing to grade."""
    if submission.problem:
        status = Status.MISSING if submission.missing else Status.ERROR
        return QuestionResult(question, None, points, status, submission.problem)
    answers = [c for c in submission.cells if c.role == "answer" and c.question == question]
    follow = _added_behind(submission, question)
    if not any(cell.touched for cell in answers) and not follow:
        return QuestionResult(question, None, points, Status.UNGRADED, "Nothing was written.")
    return QuestionResult(question, None, points, Status.UNGRADED)


def _added_behind(submission: Submission, question: str) -> bool:
    """Whether the student put a cell of their own right behind the question's cells."""
    behind = False
    for cell in submission.cells:
        if cell.question == question:
            behind = True
        elif behind:
            return cell.role == "added"
    return False
