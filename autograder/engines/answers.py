"""The written answers of a student's notebook, as texts that can be compared and read."""

import json
from collections.abc import Iterable
from pathlib import Path

from autograder.course.skeleton import OURS
from autograder.course.submission import Cell

KEY = "answers"
"""Under which a clean notebook, and the autograded one that is made of it, keeps them in our metadata."""


def written_answers(cells: Iterable[Cell]) -> dict[str, str]:
    """Question → the answer to it as the student typed it, of all written questions.

    Cells of the student's own right behind an answer belong to it.
    """
    answers: dict[str, list[str]] = {}
    last = ""
    for cell in cells:
        if cell.role != "added":
            last = cell.question
        if cell.role == "written":
            answers[cell.question] = []
        elif cell.role in {"answer", "added"} and last in answers:
            answers[last].append(cell.source)
    return {question: "\n\n".join(texts).strip() for question, texts in answers.items()}


def answers_in(folder: Path) -> dict[tuple[str, str], str]:
    """(notebook, question) → the written answer, of all clean or autograded notebooks in a student's folder.

    Notebooks that an earlier version has written hold none.
    """
    answers: dict[tuple[str, str], str] = {}
    for path in folder.glob("*.ipynb"):
        try:
            kept = json.loads(path.read_bytes())["metadata"][OURS][KEY]
            answers.update({(path.stem, question): str(text) for question, text in kept.items()})
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue
    return answers
