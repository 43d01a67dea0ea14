"""A class of hundreds: results of the tiny course as a run writes them, drawn and not judged."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.course.answered import fill, model_answers
from autograder.course.questions import read_questions
from autograder.course.skeleton import load_skeletons
from autograder.engines.clean import CLEAN
from autograder.intake.owners import Origin
from autograder.judge import CaseResult, QuestionResult, Results, Status
from autograder.judge.store import HAND_IN, Store
from autograder.run.graded import Graded, NotGraded
from autograder.run.hand_ins import HandIns, Known

FAMILY = ("Müller", "O'Brien", "Nguyễn", "García", "Şahin", "Olsen", "Kowalska", "Rossi", "Dubois", "Haddad")
FIRST = ("Ada", "Ben", "Chloé", "Dmitri", "Elif", "Femi", "Grete", "Hana", "Ivo", "Jun", "Kim", "Lena", "Mio")
SECTIONS = ("Monday 10:00", "Tuesday 14:00", "Friday 8:00")
HINTS = (
    "Is that the mean? What does one large income do to it?",
    "Which two numbers are in the middle when their count is even?",
    "Does it work without sorting first?",
    "Is that divided by n, or by n − 1?",
)
UNWRITTEN = "Not written yet: a stub's NotImplementedError is still there."
RAISED = "A call raised TypeError."
DUE = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)


def class_of(course: Course, count: int, seed: int = 7) -> tuple[list[Graded | NotGraded], HandIns]:
    """Every notebook of a class, and what is known of its students.

    Students differ in how much they can, questions in how hard they are. The last one was not graded, and the two
    before handed in nothing.
    """
    draw = random.Random(seed)
    outcomes: list[Graded | NotGraded] = []
    known = []
    for number in range(count):
        name = f"{FIRST[number % len(FIRST)]} {FAMILY[number // len(FIRST) % len(FAMILY)]}"
        student, late = f"s{number:03}", draw.random() < 0.08
        when = DUE + timedelta(hours=draw.uniform(1, 60)) if late else DUE - timedelta(hours=draw.uniform(0, 90))
        origin = Origin("canvas", str(4000 + number), name, f"{student}@uni.edu", SECTIONS[number % 3], handed_in=when)
        here = not count - 3 <= number < count - 1
        known.append(Known(student, origin if here else replace(origin, handed_in=None), here))
        if here:
            ability = min(max(draw.gauss(0.68, 0.22), 0.02), 0.99)
            outcomes += [_notebook(course, student, name, ability, draw) for name in course.notebooks]
    outcomes[-1] = NotGraded(outcomes[-1].student, outcomes[-1].notebook, "MachineTrouble: the disk is full")
    return outcomes, HandIns(tuple(known))


def _notebook(course: Course, student: str, notebook: str, ability: float, draw: random.Random) -> Graded:
    questions = read_questions(course.questions)
    found = []
    for cell in load_skeletons(course)[notebook].cells:
        if cell.role == "check":
            found.append(_tested(questions[cell.question], ability, draw))
        elif cell.role == "written":
            found.append(QuestionResult(cell.question, None, cell.points, Status.UNGRADED))
    results = Results(student, notebook, 7, tuple(found), room="bwrap", seconds=0.4, parts={HAND_IN: f"{student} 1"})
    scores = {one.question: one.score for one in found}
    for one in found:
        if one.score is None and draw.random() < 0.6:
            scores[one.question] = round(2 * one.max_score * min(max(draw.gauss(ability, 0.2), 0), 1)) / 2
    return Graded(student, notebook, results, scores)


def _tested(question, ability: float, draw: random.Random) -> QuestionResult:
    cases = question.judged_cases()
    hardness = (sum(map(ord, question.name)) % 5) / 10
    absent = draw.random() < 0.05 + 0.25 * (1 - ability) * hardness
    passed = [not absent and draw.random() < ability + 0.25 - hardness for _ in cases]
    ended = Status.TIMEOUT if draw.random() < 0.02 else Status.ERROR if draw.random() < 0.1 else None
    if all(passed):
        status, message = Status.CORRECT, ""
    elif absent:
        status, message = (Status.MISSING, "Not answered.") if draw.random() < 0.5 else (Status.WRONG, UNWRITTEN)
    elif ended and not any(passed):
        status, message = ended, RAISED if ended is Status.ERROR else "A call did not end in time."
    else:
        status = Status.PARTIAL if any(passed) else Status.WRONG
        message = "\n".join(dict.fromkeys(draw.choices(HINTS, (5, 3, 2, 1), k=1 + (draw.random() < 0.3))))
    results = tuple(
        CaseResult(case.body.test_func.__name__, case.points, case.hidden, good, "" if good else message, 0.01)
        for case, good in zip(cases, passed, strict=True)
    )
    score = sum(case.points for case in results if case.passed)
    points = 0.0 if question.bonus else question.points
    return QuestionResult(question.name, score, points, status, message, question.bonus, cases=results)


def tried_again(outcomes: list[Graded | NotGraded], students: int) -> list[Graded | NotGraded]:
    """What was graded of an earlier attempt of the first students: the same, of other files."""
    first = sorted({one.student for one in outcomes})[:students]
    earlier = []
    for one in outcomes:
        if one.student in first and isinstance(one, Graded):
            earlier.append(replace(one, results=replace(one.results, parts={HAND_IN: f"{one.student} 0"})))
    return earlier


def write_results(out: Path, outcomes: list[Graded | NotGraded]) -> None:
    """Keep results as a run does."""
    for one in outcomes:
        if isinstance(one, Graded):
            Store(out / "results").save(one.results, "key")


def write_notebooks(course: Course, folder: Path, code: dict[str, str], notebook: str, cell: str) -> None:
    """Clean notebooks, in which students have answered one cell with code of their own. code: by student."""
    skeleton, model = load_skeletons(course)[notebook], model_answers(course)
    for student, source in code.items():
        place = folder / CLEAN / student / course.name / f"{notebook}.ipynb"
        place.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(fill(skeleton, model | {cell: source}), place)
