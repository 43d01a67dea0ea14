"""The written answers of a student's notebook, as texts that can be compared and read."""

from collections import defaultdict
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.skeleton import OURS
from autograder.engines.sanitize import harmless


def written_answers(notebook: NotebookNode, sanitised: bool) -> dict[str, str]:
    """Question → the answer to it, as an autograded notebook shows it.

    Args:
        notebook: with our own metadata in its cells.
        sanitised: whether its students' texts are sanitised already.

    Returns:
        The answers to all written questions. Cells of the student's own right behind an answer belong to it.
    """
    answers: dict[str, list[str]] = defaultdict(list)
    written = {cell.metadata[OURS]["question"] for cell in notebook.cells if _role(cell) == "written"}
    before = ""
    for cell in notebook.cells:
        role = _role(cell)
        question = cell.metadata.get(OURS, {}).get("question", "")
        if role != "added":
            before = question
        if role in {"answer", "added"} and before in written:
            safe = sanitised or cell.cell_type == "code"
            answers[before].append(cell.source if safe else harmless(cell.source))
    return {question: "\n\n".join(answers[question]) for question in written}


def answers_in(folder: Path) -> dict[tuple[str, str], str]:
    """(notebook, question) → the written answer, of all autograded notebooks in a student's folder."""
    answers = {}
    for path in folder.glob("*.ipynb"):
        try:
            found = written_answers(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4), sanitised=True)
        except (OSError, ValueError, LookupError, AttributeError, nbformat.ValidationError):
            continue  # it is about to be written anew
        answers.update({(path.stem, question): text for question, text in found.items()})
    return answers


def _role(cell: NotebookNode) -> str:
    return cell.metadata.get(OURS, {}).get("role", "")
