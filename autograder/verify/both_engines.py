"""The whole bank through both engines: what each answer must get, and what it got."""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.course.skeleton import load_skeletons
from autograder.engines.clean import CLEAN
from autograder.engines.grading import AUTO, Grading
from autograder.run.graded import Graded, NotGraded, with_verdict, without_verdict
from autograder.run.grading import grade_class
from autograder.run.run import Run
from autograder.verify.bank import Answer, bank_of
from autograder.verify.known_sentences import Sentences
from autograder.verify.one_question import need_released, notebook_of
from autograder.verify.students import MODEL, UNTOUCHED, Made, draw_students, write_students
from autograder.verify.verdict import Verdict, verdict_on

ENGINES = ("nbgrader", "otter")

SEED = 1
"""Of one judging for both engines: the second finds the verdicts of the first where a run keeps them, and renders them
itself. `verify_seeds` tries others.
"""


@dataclass(frozen=True)
class Verified:
    """All verdicts. problems: of submissions that could not be graded."""

    verdicts: tuple[Verdict, ...]
    problems: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.verdicts)


def run_bank(
    course: Course,
    only: str = "",
    combinations: int = 0,
    workers: int = 2,
    tell: Callable[[str, int, int], None] = lambda *_: None,
    engines: Iterable[str] = ENGINES,
    room: str = AUTO,
) -> Verified:
    """Grade the model, the untouched release and the bank's students.

    Args:
        course: whose bank it is.
        only: a question, for its answers alone.
        combinations: how many students are drawn beside those that show each answer once.
        workers: how many processes there are.
        tell: called with the engine, how many notebooks are done, and of how many.
        engines: which ones grade.
        room: the kind of room that the answers run in.

    Raises:
        CourseError: if the bank is wrong.
        NotReleased: if the release is missing, or older than the course folder.
        NoSuchRoom: if the machine has no such room.
    """
    bank = {name: answers for name, answers in bank_of(course).answers.items() if only in ("", name)}
    need_released(course, bank)
    notebooks = (notebook_of(course, only),) if only else tuple(load_skeletons(course))
    banks = [{name: bank[name] for name in bank if notebook_of(course, name) == notebook} for notebook in notebooks]
    students = [_all(MODEL, course, None), _all(UNTOUCHED, course, 0.0)]
    students += draw_students(banks, combinations, seed=len(bank))
    verdicts: list[Verdict] = []
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        handins = Path(folder) / "handins"
        write_students(course, students, notebooks, handins, until=only)
        for engine in engines:
            copy = Path(folder) / engine
            shutil.copytree(course.dist / "nbgrader", copy, ignore=shutil.ignore_patterns("autograded", CLEAN))
            run = Run(handins, Grading(Path(folder) / "results", course, SEED, room), engine, copy, workers)

            def told(_: Graded | NotGraded, done: int, total: int, engine: str = engine) -> None:
                tell(engine, done, total)

            outcomes = grade_class(run, told)
            failed = without_verdict(outcomes)
            problems += [f"{engine}: {one.student}, {one.notebook}: {one.problem}" for one in failed]
            by_name = {one.name: one for one in students}
            verdicts += _verdicts(course, engine, with_verdict(outcomes), by_name, only)
    return Verified(tuple(verdicts), tuple(problems))


def _all(name: str, course: Course, points: float | None) -> Made:
    """The model or the untouched release, as a student whose answers need no source."""
    questions = {cell.question for one in load_skeletons(course).values() for cell in one.cells if cell.question}
    return Made(name, {question: Answer(question, name, points) for question in questions}, answered=points is None)


def _verdicts(course: Course, engine: str, graded: list[Graded], students: dict[str, Made], only: str) -> list[Verdict]:
    found = []
    sentences = Sentences(course)
    for one in graded:
        for result in one.results.questions:
            answer = students[one.student].answers.get(result.question)
            if answer is None or result.score is None or only not in ("", result.question):
                continue
            score = one.scores.get(result.question)
            found.append(verdict_on(result, answer, engine, one.student, score, sentences))
    return found
