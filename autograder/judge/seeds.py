"""Which inputs a question draws: they follow from the run's seed, the question, and what its answer can depend on."""

import hashlib
import hmac
import json
from pathlib import Path

from autograder.course.questions import Question
from autograder.course.submission import Cell

INPUT_SETS = 3
"""So many sets of inputs has a run for a question whose references are remembered: one for each submission would have
every reference computed for every student."""


def files_of(folder: Path | None) -> dict[str, str]:
    """The files of a folder, with the hash of each. Links are left out.

    Args:
        folder: of the attachments, or None.
    """
    if folder is None:
        return {}
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


class Seeds:
    """The seeds of one submission's questions.

    Code of any earlier cell can change what a later answer does, and can read every attachment. So a question depends
    on all code of the student's up to its check, and on all files; on nothing that comes after it.

    Args:
        run_seed: of the run.
        folder: of the submission's attachments, or None.
    """

    def __init__(self, run_seed: int, folder: Path | None = None):
        self._key = str(run_seed).encode()
        self._files = files_of(folder)
        self._sources: list[str] = []

    def add(self, cell: Cell) -> None:
        """Say which cell comes next. One that is the course's own, or never runs, changes nothing."""
        if cell.runs and cell.role != "given":
            self._sources.append(cell.source)

    def of(self, question: Question) -> int:
        """The seed of a question whose check comes now."""
        drawn = self._digest(question.name, self._sources, self._files)
        if question.remembers:
            drawn = self._digest(question.name, "input set", int.from_bytes(drawn) % INPUT_SETS)
        return int.from_bytes(drawn[:16])

    def _digest(self, *content: object) -> bytes:
        return hmac.digest(self._key, json.dumps(content, sort_keys=True).encode(), "sha256")
