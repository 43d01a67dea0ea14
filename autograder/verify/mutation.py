"""The mutants in rooms: whether each loses points, and what is said of those that do not.

A mutant that computes the same as the model answer, as far as the question's contract goes, must survive. Those
stand in autograder/answers/equivalent.toml, a table a question: the change → why it changes nothing.
"""

import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import as_completed
from dataclasses import dataclass
from functools import partial

from autograder.course import Course
from autograder.judge.cases import run_case
from autograder.judge.values import Names
from autograder.release.source import read_source
from autograder.release.tests import read_questions
from autograder.room import Limits, pick_kind, place_of, share_places
from autograder.run.answers import model_answers
from autograder.run.pool import Pool
from autograder.verify.alone import alone, played
from autograder.verify.mutants import Mutant, mutants_of

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


def run_mutants(course: Course, only: str, seed: int, workers: int, tell: Callable[[int, int], None]) -> list[Fate]:
    """Judge all mutants, in rooms. only: those of one question. tell: called with how many are done, of how many."""
    kind = pick_kind()
    place_of(kind).warm_up()
    excused = equivalents_of(course)
    mutants = list(all_mutants(course, only))
    excuses = {mutant: excused.get(mutant.question, {}).get(mutant.told, "") for mutant in mutants}
    fates = {mutant: Fate(mutant, "", why) for mutant, why in excuses.items() if why}
    with Pool(workers, share_places, {kind: place_of(kind).folder}) as pool:
        running = {pool.submit(killer_of, course, one, seed, kind): one for one in mutants if one not in fates}
        for future in as_completed(running):
            fates[running[future]] = Fate(running[future], future.result())
            tell(len(fates), len(mutants))
    return [fates[mutant] for mutant in mutants]


def all_mutants(course: Course, only: str = "") -> Iterator[Mutant]:
    """The mutants of every model answer that tests grade."""
    tested = read_questions(course.questions)
    model = model_answers(course)
    for name in course.notebooks:
        for cell in read_source(course.sources / f"{name}.py").cells:
            if (
                cell.role == "answer"
                and cell.kind == "code"
                and cell.question in tested
                and only in ("", cell.question)
            ):
                yield from mutants_of(cell.question, cell.id, model[cell.id])


def killer_of(course: Course, mutant: Mutant, seed: int, kind: str) -> str:
    """In a worker: the name of the first case that fails on a mutant, or ""."""
    question = read_questions(course.questions)[mutant.question]
    submission = alone(course, mutant.question, {mutant.cell: mutant.source})
    with played(course, submission, question, kind, LIMITS) as session:
        names = Names(session, LIMITS.question_seconds)
        for case in question.load().test_cases:
            if not session.again_if_lost(partial(run_case, case, names, seed))[0]:
                return case.body.test_func.__name__
    return ""


def equivalents_of(course: Course) -> dict[str, dict[str, str]]:
    """Question → the change of a mutant → why it changes nothing that the question asks for."""
    return tomllib.loads((course.root / "autograder" / "answers" / "equivalent.toml").read_text())
