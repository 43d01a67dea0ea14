"""Puts answers into the release: how hand-ins are made for verifying, for the demo and for tests."""

import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.folder import Course
from autograder.course.skeleton import Skeleton
from autograder.course.source import read_source


def model_answers(course: Course) -> dict[str, str]:
    """The model answers: cell id → source, without the solution marks."""
    cells = (cell for name in course.notebooks for cell in read_source(course.source(name)).cells)
    return {cell.id: cell.answered for cell in cells if cell.role == "answer"}


def fill(skeleton: Skeleton, answers: dict[str, str]) -> NotebookNode:
    """A copy of a release notebook with some of its answer cells answered.

    Args:
        skeleton: of the notebook.
        answers: cell id → source. Ids of other notebooks are ignored.
    """
    notebook = nbformat.from_dict(skeleton.notebook)
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = answers[cell.id]
    return notebook


def add_attachments(course: Course, place: Path) -> None:
    """Put the model solution's attachments beside the notebooks of a hand-in.

    Args:
        course: whose attachments are copied, all of them.
        place: the folder of the hand-in, which exists. Files of the same names are replaced.

    Raises:
        FileNotFoundError: if the model solution lacks one.
    """
    for one in course.attachments:
        shutil.copyfile(course.all_model_attachments / one.name, place / one.name)
