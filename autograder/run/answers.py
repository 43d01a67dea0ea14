"""Puts answers into the release: how hand-ins are made for verifying, for the demo and for tests."""

import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.intake.skeleton import Skeleton
from autograder.release.source import BEGIN, END, read_source


def model_answers(course: Course) -> dict[str, str]:
    """The model answers: cell id → source, without the solution marks."""
    answers = {}
    for name in course.notebooks:
        for cell in read_source(course.sources / f"{name}.py").cells:
            if cell.role == "answer":
                kept = [line for line in cell.source.split("\n") if BEGIN not in line and END not in line]
                answers[cell.id] = "\n".join(kept)
    return answers


def fill(skeleton: Skeleton, answers: dict[str, str]) -> NotebookNode:
    """A copy of a release notebook with some of its answer cells answered. answers: cell id → source."""
    notebook = nbformat.from_dict(skeleton.notebook)
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = answers[cell.id]
    return notebook


def add_trained(course: Course, place: Path) -> None:
    """Put what training the model solution made beside the notebooks of a hand-in."""
    shutil.copytree(course.trained, place, dirs_exist_ok=True)
