"""A small course of which the engine knows nothing: what `autograder new` writes, and tests/courses/tiny beside it.

Its notebooks are 1_averages (q1, written q2) and 2_spread (q3, q4, the bonus x1, the file largest.txt for q5, written
q6). No package beside Python's own library is needed for it.
"""

import shutil
from pathlib import Path

import nbformat

from autograder.course import Course, load_course
from autograder.course.answered import add_attachments, fill, model_answers
from autograder.course.new import new_course
from autograder.course.skeleton import load_skeletons
from autograder.course.submission import Cell, Submission
from autograder.release.build import Release, build, write

ADDED = Path(__file__).with_name("courses") / "tiny"

FIRST, SECOND = "1_averages", "2_spread"

POINTS = {"q1": 6, "q3": 4, "q4": 2, "q5": 3, "x1": 2}
"""The most that tests give for each question, the bonus x1 included."""

UPPER = {"q1-median": "def median(numbers):\n    return sorted(numbers)[len(numbers) // 2]"}
"""An answer that gets 4 of the 6 points of q1."""


def make_tiny(folder: Path) -> Course:
    """Write the course into `folder`, which need not exist. It is not released."""
    course = new_course(folder)
    shutil.copytree(ADDED, course, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return load_course(course)


def release_tiny(folder: Path) -> Release:
    """The same, with notebooks/ and dist/ written."""
    made = build(make_tiny(folder))
    write(made)
    return made


def hand_in(course: Course, folder: Path, answers: dict[str, str], *names: str) -> None:
    """Put the released notebooks with some answers into `folder`; all where none is named."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, skeleton in load_skeletons(course).items():
        if not names or name in names:
            nbformat.write(fill(skeleton, answers), folder / f"{name}.ipynb")


def hand_in_solved(course: Course, folder: Path, own: dict[str, str] | None = None, *names: str) -> None:
    """The same, with the model's answers where `own` has none, and with the model's attachments."""
    hand_in(course, folder, model_answers(course) | (own or {}), *names)
    if not names or SECOND in names:
        add_attachments(course, folder)


def submission_of(course: Course, notebook: str, own: dict[str, str] | None = None, student: str = "ada") -> Submission:
    """A clean submission of one notebook: the model's answers, with `own` in the place of some (cell id → source)."""
    sources = model_answers(course) | (own or {})
    cells = load_skeletons(course)[notebook].cells
    filled = (Cell(one.id, one.kind, one.role, one.question, sources.get(one.id, one.source), True) for one in cells)
    return Submission(student, notebook, tuple(filled))
