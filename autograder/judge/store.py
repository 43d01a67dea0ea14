"""Results on disk, keyed by all that they depend on, so that nothing is judged twice and nothing stale is used."""

import fcntl
import hashlib
import json
import re
import secrets
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

from autograder.atomic import FOR_US, write_text
from autograder.course import Course
from autograder.course.questions import read_questions
from autograder.course.skeleton import load_skeletons
from autograder.course.submission import Submission
from autograder.judge.grader import digest_of_grader
from autograder.judge.results import Results
from autograder.judge.seeds import files_of
from autograder.log import LOGGER
from autograder.room import Limits

HAND_IN, JUDGE, ROOM, RUBRICS, TEST = "hand-in", "judge", "room", "rubrics", "test of "
"""The parts that a key is made of; TEST is followed by a question."""

SEED_BITS = 96
"""Of a run's seed: whoever learns inputs of theirs must not be able to try all seeds for others."""


def key_of(submission: Submission, room: str, limits: Limits, course: Course) -> str:
    """The hash of all that a verdict depends on: what is judged of a submission, and all that judges it.

    That is the tests, the points of written questions, the judge's code and data, and the environment.

    Args:
        submission: what was handed in.
        room: the kind of the room.
        limits: of the room.
        course: the course.
    """
    return key_of_parts(parts_of(submission, room, limits, course))


def key_of_parts(parts: dict[str, str]) -> str:
    """The key that the hashes of `parts_of` make."""
    return _hash(parts)


def parts_of(submission: Submission, room: str, limits: Limits, course: Course) -> dict[str, str]:
    """The hash of each thing that a verdict depends on, so that a run can say which of them has changed.

    Args:
        submission: what was handed in.
        room: the kind of the room.
        limits: of the room.
        course: the course.

    Returns:
        What a thing is called, such as "judge" → its hash.
    """
    checked = {cell.question for cell in submission.cells if cell.role == "check"}
    judged = [cell for cell in submission.cells if cell.runs or cell.role in {"answer", "check", "added"}]
    questions = read_questions(course.questions)
    return {
        HAND_IN: _hash(
            {
                "cells": [(cell.id, cell.kind, cell.role, cell.source) for cell in judged],
                "remarks": (submission.notes, submission.problem, submission.missing, submission.absent),
                "files": files_of(submission.folder),
            }
        ),
        RUBRICS: _hash({cell.question: cell.points for cell in load_skeletons(course)[submission.notebook].written}),
        JUDGE: _hash([digest_of_grader(course), course.pins]),
        ROOM: _hash([room, asdict(limits)]),
        **{f"{TEST}{name}": _hash(questions[name].text) for name in sorted(checked)},
    }


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


class Store:
    """A folder of results: `<student>/<notebook>.json`, and the seed of the run that they are of."""

    def __init__(self, folder: Path):
        self.folder = folder

    @property
    def is_empty(self) -> bool:
        """Whether no result of an earlier run is there."""
        return next(self.folder.glob("*/*.json"), None) is None

    def knows(self, student: str) -> bool:
        """Whether an earlier run has left any result of a student.

        Args:
            student: the student's id.
        """
        return next((self.folder / student).glob("*.json"), None) is not None

    def path(self, student: str, notebook: str) -> Path:
        """Where a result lies, whether it exists or not.

        Args:
            student: the student's id, which can name a folder.
            notebook: its name, without `.ipynb`.
        """
        return self.folder / student / f"{notebook}.json"

    def seed(self) -> int:
        """The run's seed: drawn once, so that equal answers of a run get equal inputs, and another run others.

        A seed that was lost is found again in the results that it gave.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        # No student is called so: intake skips names with a dot in front.
        with (self.folder / ".seed").open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # of processes that begin at the same time, one draws
            file.seek(0)
            if (seed := _number(file.read(100))) is not None:
                return seed
            seed = self._seed_of_results()
            file.truncate(0)
            file.write(str(seed).encode())
            return seed

    def _seed_of_results(self) -> int:
        """The seed that most results here were judged with, or a new one if there are no results."""
        seeds = Counter(results.seed for path in self.folder.glob("*/*.json") if (results := _read(path)))
        if not seeds:
            return secrets.randbits(SEED_BITS)
        seed = seeds.most_common(1)[0][0]
        others = f"; {seeds.total() - seeds[seed]} others had another, and are judged again" if len(seeds) > 1 else ""
        LOGGER.warning("%s", f"{self.folder / '.seed'}: was lost or damaged; it is {seed} again, as in results{others}")
        return seed

    def load(self, student: str, notebook: str, key: str) -> Results | None:
        """The result with this key; None if it is missing, damaged, or of something else.

        Args:
            student: the student's id.
            notebook: its name, without `.ipynb`.
            key: of all that the verdict depends on now, of `key_of`; "" matches no result.
        """
        results = _read(self.path(student, notebook))
        return results if results is not None and key and results.key == key else None

    def latest(self, student: str, notebook: str) -> Results | None:
        """The result that is there, whatever its key is; None if it is missing or damaged.

        Args:
            student: the student's id.
            notebook: its name, without `.ipynb`.
        """
        return _read(self.path(student, notebook))

    def save(self, results: Results, key: str) -> Results:
        """Write a result: all of it or nothing.

        What has a fault of ours is written for the report without a key, and so is judged again by the next run.

        Args:
            results: the verdict, which says whose it is and of which notebook.
            key: of all that it depends on, of `key_of`; "" if it is to be judged again.

        Returns:
            The result as it was written, with its key.
        """
        keyed = replace(results, key="" if any(one.course_fault for one in results.questions) else key)
        write_text(self.path(results.student, results.notebook), keyed.to_json(), FOR_US)
        return keyed


def _read(path: Path) -> Results | None:
    try:
        return Results.from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _number(text: bytes) -> int | None:
    return int(text) if re.fullmatch(rb"-?\d{1,30}\s*", text) else None
