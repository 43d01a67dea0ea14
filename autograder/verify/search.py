"""`autograder verify --search`: mutants of every right answer of the bank that pass all cases, and yet are wrong.

Each right answer, the model's among them, is changed by machine. Each mutant that passes all cases of the question's
test file is compared with the model answer on inputs that hypothesis draws inside the contract. A mutant that differs
there shows a hole in the tests: an input that they never ask for.

Answers run in processes of their own, one for each right answer, with limits on time and memory and without a room:
they are ours, and mutants of ours.
"""

from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from autograder.course import Course
from autograder.course.skeleton import load_skeletons
from autograder.verify.apart import course_for_forks, told_by
from autograder.verify.bank import Answer, bank_of, place
from autograder.verify.batches import run_batches
from autograder.verify.mutants_judged import excuses_of_search
from autograder.verify.one_question import answer_cells, notebook_of
from autograder.verify.searched import MODEL, Batch, Searched, asked_of


def batches_of(course: Course, only: str = "", answer: str = "") -> list[Batch]:
    """The right answers that are mutated, the model's first for each question.

    Args:
        course: the course.
        only: a question, for its answers alone; "" for all that have strategies.
        answer: the name of a right answer, for that one alone; "" for all.

    Raises:
        CourseError: if an answer of the bank fits no cell.
    """
    found = []
    for question in asked_of(course):
        if only not in ("", question):
            continue
        right = [one for one in bank_of(course).answers.get(question, ()) if one.right]
        found.append(
            Batch(question, MODEL, tuple((source, True) for source in answer_cells(course, question).values()))
        )
        found += [_batch(course, one) for one in right]
    return [one for one in found if answer in ("", one.answer)]


def search(
    course: Course, only: str, seeds: int, workers: int, tell: Callable[[int, int], None], answer: str = ""
) -> list[Searched]:
    """Search for holes in a process of its own, which has no threads and so can be forked.

    Args:
        course: the course.
        only: a question; "" for all that have strategies.
        seeds: with how many seeds each mutant is tried.
        workers: how many answers at a time.
        tell: called with how many answers are done, and of how many.
        answer: the name of a right answer, for that one alone; "" for all.

    Raises:
        CourseError: if an answer of the bank fits no cell.
    """
    batches = batches_of(course, only, answer)
    sent = told_by(_searching, (course.folder, batches, seeds, workers), len(batches))
    found: list[Searched] = []
    for done, some in enumerate(sent, 1):
        found += some
        tell(done, len(batches))
    return _excused(course, found)


def _searching(folder: Path, batches: list[Batch], seeds: int, workers: int, results: Connection) -> None:
    course = course_for_forks(folder, lambda course: course.room_needs.preload)
    run_batches(course, batches, range(1, seeds + 1), workers, results.send)


def sources_of(course: Course, answer: Answer) -> tuple[str, ...]:
    """The code cells of an answer of the bank, in the order in which they run.

    Args:
        course: the course, released.
        answer: of the bank. Of answer cells that it does not replace, the model's are taken.

    Raises:
        CourseError: if it names a cell that is not there.
    """
    return tuple(source for source, _ in _batch(course, answer).cells)


def _batch(course: Course, answer: Answer) -> Batch:
    placed = place(answer, load_skeletons(course)[notebook_of(course, answer.question)])
    cells = [(source, True) for source in placed.added]
    for cell, source in answer_cells(course, answer.question).items():
        cells.append((placed.replaced.get(cell, source), cell in placed.replaced))
    return Batch(answer.question, answer.name, tuple(cells))


def _excused(course: Course, found: list[Searched]) -> list[Searched]:
    excuses = excuses_of_search(course)
    return [replace(one, why=excuses.get(one.question, {}).get(f"{one.answer}: {one.change}", "")) for one in found]
