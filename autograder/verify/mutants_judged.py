"""The mutants in rooms: whether each loses points, and what is said of those that do not.

A mutant that computes the same as the model answer, as far as the question's contract goes, must survive. Those
stand in answers/equivalent.toml, a table a question: the change → why it changes nothing.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from autograder.course import Course
from autograder.course.questions import read_questions
from autograder.course.source import read_source
from autograder.errors import CourseError
from autograder.judge.cases import run_case
from autograder.judge.values import Names
from autograder.room import Limits, pick_kind
from autograder.verify.mutants import Mutant, mutants_of
from autograder.verify.one_question import alone, played
from autograder.verify.workers import each_in_a_worker

SEARCH = "search"
"""The table of equivalent.toml that holds those of `verify --search`."""

LIMITS = Limits(cell_seconds=10, question_seconds=20)
"""The model answers take far less: a mutant that runs longer is a loop without end."""


@dataclass(frozen=True)
class Fate:
    """What became of a mutant. killed_by: the first case that fails on it; "" for a survivor.

    why: it is equivalent, and so was not judged; "" for all others.
    """

    mutant: Mutant
    killed_by: str
    why: str = ""


def run_mutants(
    course: Course, only: str, seed: int, workers: int, tell: Callable[[int, int], None], room: str = "auto"
) -> list[Fate]:
    """Judge all mutants of the model answers, in rooms.

    Args:
        course: whose answers they are.
        only: a question, for its mutants alone; "" for all.
        seed: of the inputs that tests draw.
        workers: how many processes there are.
        tell: called with how many are done, and of how many.
        room: the kind of the rooms.
    """
    kind = pick_kind(room, course.room_needs)
    excuses = equivalents_of(course)
    why = {one: excuses.get(one.question, {}).get(one.told, "") for one in all_mutants(course, only)}
    judged = [mutant for mutant, excuse in why.items() if not excuse]
    killers = each_in_a_worker(partial(killer_of, course, kind, seed), judged, course, kind, workers, tell)
    return [Fate(mutant, killers.get(mutant, ""), excuse) for mutant, excuse in why.items()]


def all_mutants(course: Course, only: str = "") -> Iterator[Mutant]:
    """The mutants of every model answer that tests grade, notebook by notebook.

    Args:
        course: whose answers they are.
        only: a question, for its mutants alone; "" for all.
    """
    tested = read_questions(course.questions)
    for name in course.notebooks:
        for cell in read_source(course.source(name)).cells:
            asked = cell.question in tested and only in ("", cell.question)
            if asked and cell.role == "answer" and cell.kind == "code":
                yield from mutants_of(cell.question, cell.id, cell.answered)


def killer_of(course: Course, kind: str, seed: int, mutant: Mutant) -> str:
    """The name of the first case that fails on a mutant, or "" if none does.

    Args:
        course: the course.
        kind: of the room, which is opened for this mutant alone.
        seed: of the inputs that tests draw.
        mutant: of `all_mutants`. The notebook's other answers are the model's.

    Raises:
        NoRoom: if no room can be opened, in several tries.
    """
    question = read_questions(course.questions)[mutant.question]
    submission = alone(course, mutant.question, {mutant.cell: mutant.source})
    with played(course, submission, kind, LIMITS) as session:
        names = Names(session, LIMITS.question_seconds)
        for case in question.judged_cases():
            if not session.again_if_lost(partial(run_case, case, names, seed)).passed:
                return case.body.test_func.__name__
    return ""


def equivalents_of(course: Course) -> dict[str, dict[str, str]]:
    """Question → the change of a mutant → why it changes nothing that the question asks for."""
    return {question: why for question, why in _excuses(course).items() if question != SEARCH}


def excuses_of_search(course: Course) -> dict[str, dict[str, str]]:
    """Question → "right answer: its change" → why the difference that the search finds is outside the contract."""
    return _excuses(course).get(SEARCH, {})


def _excuses(course: Course) -> dict:
    path = course.answers / "equivalent.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise CourseError(f"{path}: is not TOML: {problem}") from None
