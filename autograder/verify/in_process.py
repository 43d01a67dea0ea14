"""Answers of the bank in this process, without a room: for thousands of mutants of answers that are our own."""

from functools import lru_cache
from typing import Any

from otter.test_files import TestCase

from autograder.course import Course
from autograder.verify.one_question import given_cells
from notebook_checks import judging

Sources = tuple[str, ...]
"""The code cells of an answer, in their order."""


@lru_cache
def given_names(course: Course, question: str) -> dict[str, Any]:
    """What the notebook's cells define before the question's answers. Copy it before changing it.

    Args:
        course: the course, which is trusted: its code runs here.
        question: its name.

    Raises:
        CourseError: if no notebook has the question.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in given_cells(course, question):
        exec(compile(cell.answered, f"<{cell.id}>", "exec"), names)
    return names


def names_of(course: Course, question: str, sources: Sources) -> dict[str, Any]:
    """The notebook's names after an answer's cells ran.

    Args:
        course: the course.
        question: its name.
        sources: the answer's code cells, in their order. They run here, without a room.

    Raises:
        Exception: whatever the cells raise.
    """
    names = dict(given_names(course, question))
    for source in sources:
        exec(compile(source, "<answer>", "exec"), names)
    return names


def passes(case: TestCase, names: dict[str, Any], seed: int) -> bool:
    """Whether one case passes with these names, as in a student's own kernel.

    Args:
        case: of the question's test file, which may be hidden.
        names: the notebook's names, of `names_of`.
        seed: of the inputs that the case draws.
    """
    try:
        with judging(seed, lambda source: eval(source, {})):
            case.body.call_func(names)
    except Exception:
        return False
    return True
