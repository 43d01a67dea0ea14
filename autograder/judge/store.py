"""Results on disk, keyed by all that they depend on, so that nothing is judged twice and nothing stale is used."""

import hashlib
import json
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from autograder.course import Course
from autograder.course.questions import read_questions
from autograder.course.submission import Submission
from autograder.judge.results import Results
from autograder.room import Limits


def key_of(submission: Submission, room: str, limits: Limits, course: Course) -> str:
    """The hash of all that a verdict depends on: what is judged of a submission, the tests, and the environment."""
    checked = {cell.question for cell in submission.cells if cell.role == "check"}
    judged = [cell for cell in submission.cells if cell.runs or cell.role in {"answer", "check"}]
    questions = read_questions(course.questions)
    content = {
        "cells": [(cell.id, cell.kind, cell.role, cell.source) for cell in judged],
        "remarks": (submission.notes, submission.problem, submission.missing),
        "files": _files(submission.folder),
        "tests": {name: questions[name].text for name in sorted(checked)},
        "room": (room, asdict(limits)),
        "packages": course.pins,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _files(folder: Path | None) -> dict[str, str]:
    if folder is None:
        return {}
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


class Store:
    """A folder of results: `<student>/<notebook>.json`, and the seed of the run that they are of."""

    def __init__(self, folder: Path):
        self.folder = folder

    def path(self, student: str, notebook: str) -> Path:
        """Where a result lies."""
        return self.folder / student / f"{notebook}.json"

    def seed(self) -> int:
        """The run's seed: drawn once, so that everyone in a run gets the same inputs, and another run others."""
        path = self.folder / ".seed"  # no student is called so: intake passes over names with a dot in front
        try:
            return int(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
                file.write(str(secrets.randbits(32)))
            return int(path.read_text(encoding="utf-8"))

    def load(self, student: str, notebook: str, key: str) -> Results | None:
        """The result with this key, or None where there is none, or one of something else."""
        try:
            results = Results.from_json(self.path(student, notebook).read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return results if results.key == key else None

    def save(self, results: Results, key: str) -> Results:
        """Write a result: all of it or nothing. Returns it with its key."""
        keyed = replace(results, key=key)
        path = self.path(results.student, results.notebook)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, suffix=".partial", delete=False
        ) as partial:
            partial.write(keyed.to_json())
        os.replace(partial.name, path)
        return keyed
