"""The bank with many seeds, each answer alone: no verdict may depend on what inputs were drawn."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.intake.skeleton import load_skeletons
from autograder.judge import judge
from autograder.room import pick_kind, place_of, share_places
from autograder.run.pool import Pool
from autograder.verify.alone import alone, notebook_of
from autograder.verify.bank import Answer, bank_of, place
from autograder.verify.trained import CHANGES


@dataclass(frozen=True)
class Repeated:
    """An answer's verdicts. scores, messages: one for each of the seeds. most: the points there are."""

    answer: Answer
    seeds: tuple[int, ...]
    scores: tuple[float | None, ...]
    messages: tuple[str, ...]
    most: float

    @property
    def deviations(self) -> list[str]:
        """A line for each verdict that is not as it must be, with all seeds that gave it."""
        wanted = self.most if self.answer.points is None else self.answer.points
        found: dict[str, list[int]] = {}
        for seed, score, message in zip(self.seeds, self.scores, self.messages, strict=True):
            if score is None or abs(score - wanted) > 1e-6:
                found.setdefault(f"{score} points, not {wanted:g}; told: {message!r}", []).append(seed)
            elif self.answer.says not in message:
                found.setdefault(f"is not told {self.answer.says!r} but {message!r}", []).append(seed)
        return [f"seed {', '.join(map(str, seeds))}: {line}" for line, seeds in found.items()]


def repeat_bank(
    course: Course, only: str, seeds: int, workers: int, tell: Callable[[int, int], None]
) -> list[Repeated]:
    """Judge every answer with the seeds 1, 2, … only: a question. tell: how many answers are done, and of how many.

    Raises SourceError where an answer fits no cell.
    """
    kind = pick_kind()
    place_of(kind).warm_up()
    bank = [one for name, answers in bank_of(course).answers.items() if only in ("", name) for one in answers]
    done = {}
    with Pool(workers, share_places, {kind: place_of(kind).folder}) as pool:
        each = range(1, seeds + 1)
        running = {pool.submit(repeat, course, answer, each, kind): answer for answer in bank}
        for future in as_completed(running):
            done[running[future]] = future.result()
            tell(len(done), len(bank))
    return [done[answer] for answer in bank]


def repeat(course: Course, answer: Answer, seeds: Sequence[int], kind: str) -> Repeated:
    """In a worker: judge one answer with each seed, each time in a room of its own: some answers keep what they saw."""
    placed = place(answer, load_skeletons(course)[notebook_of(course, answer.question)])
    with tempfile.TemporaryDirectory() as folder:
        trained = Path(shutil.copytree(course.trained, Path(folder) / "trained"))
        CHANGES[answer.trained](trained)
        submission = alone(course, answer.question, placed.replaced, placed.added, trained)
        results = [judge(submission, seed, kind, course=course).questions[0] for seed in seeds]
    most = sum(case.points for case in results[0].cases)
    scores, messages = tuple(one.score for one in results), tuple(one.message for one in results)
    return Repeated(answer, tuple(seeds), scores, messages, most)
