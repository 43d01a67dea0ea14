"""The bank with many seeds, each answer alone: no verdict may depend on what inputs were drawn."""

import secrets
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from autograder import terminal
from autograder.course import Course
from autograder.course.answered import add_attachments
from autograder.course.skeleton import load_skeletons
from autograder.judge.judging import judge
from autograder.room import pick_kind
from autograder.verify.bank import Answer, bank_of, change_attachments, place
from autograder.verify.known_sentences import Sentences
from autograder.verify.one_question import alone, need_released, notebook_of
from autograder.verify.table import deviations
from autograder.verify.verdict import Verdict, verdict_on
from autograder.verify.workers import each_in_a_worker

ALONE = "the judge alone"
"""In the place of an engine's name."""


def repeat_bank(
    course: Course, only: str, seeds: int, workers: int, tell: Callable[[int, int], None], room: str = "auto"
) -> dict[Answer, list[Verdict]]:
    """Judge every answer with several seeds, new ones in each run: a deviation names its seed.

    It is told on standard error as soon as it is there: all answers may take hours, and whoever interrupts them knows
    by then what was found.

    Args:
        course: whose bank it is.
        only: a question, for its answers alone; "" for all.
        seeds: how many.
        workers: how many processes there are.
        tell: called with how many answers are done, and of how many.
        room: the kind of the rooms.

    Raises:
        CourseError: if an answer fits no cell.
    """
    kind = pick_kind(room, course.room_needs)
    drawn = [secrets.randbits(32) for _ in range(seeds)]
    bank = [one for name, answers in bank_of(course).answers.items() if only in ("", name) for one in answers]
    need_released(course, {answer.question for answer in bank})
    return each_in_a_worker(partial(repeat, course, kind, drawn), bank, course, kind, workers, tell, _tell_deviations)


def repeat(course: Course, kind: str, seeds: Iterable[int], answer: Answer) -> list[Verdict]:
    """Judge one answer with each seed, each time in a room of its own: some answers keep what they saw.

    Args:
        course: the course, released.
        kind: of the rooms.
        seeds: of the inputs that tests draw.
        answer: of the bank. The notebook's other answers are the model's.

    Returns:
        One verdict for each seed, in their order.

    Raises:
        CourseError: if the answer fits no cell.
        NoRoom: if no room can be opened, in several tries.
    """
    placed = place(answer, load_skeletons(course)[notebook_of(course, answer.question)])
    sentences = Sentences(course)
    with tempfile.TemporaryDirectory() as folder:
        attached = Path(folder)
        if course.model_attachments(notebook_of(course, answer.question)):
            add_attachments(course, attached)
            change_attachments(course, answer, attached)
        submission = alone(course, answer.question, placed.replaced, placed.added, attached)
        verdicts = []
        for seed in seeds:
            result = judge(submission, seed, kind, course).questions[0]
            verdicts.append(verdict_on(result, answer, ALONE, f"seed {seed}", result.score, sentences))
    return verdicts


def _tell_deviations(answer: Answer, verdicts: list[Verdict]) -> None:
    for line in deviations([verdicts]):
        terminal.tell(line)
