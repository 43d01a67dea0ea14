"""A course of one notebook and no library: what a test of the command line needs, released and graded in seconds."""

from pathlib import Path

import nbformat

from autograder.course import Course, load_course
from autograder.course.answered import fill, model_answers
from autograder.course.skeleton import load_skeletons

SETTINGS = """
name = "small"
notebooks = ["first"]
release = "notebooks"
made = "dist"
judging_data = ["secret_data"]
"""

NOTEBOOK = """\
# %% [markdown]
# # First

# %%
import math

# %% question="q1" role="answer"
def double(number):
    ### BEGIN SOLUTION twice as much
    twice_the_number = number + number
    return twice_the_number
    ### END SOLUTION

# %% question="q1" role="check"
grader.check("q1")

# %% [markdown] question="w1" role="written"
# Why?

# %% [markdown] question="w1" role="rubric"
# - [2] because

# %% [markdown] question="w1" role="answer"
# Because it is so, and not otherwise.
"""

QUESTION = '''\
"""q1: doubling."""

from otter.test_files import test_case

from notebook_checks import expect_close

OK_FORMAT = False
name = "q1"
points = 3


@test_case(points=1)
def doubles_two(double):
    expect_close(double(2), 4, {2: "How often is the number counted?"}, what="the double of 2")


# ---- hidden: nothing below this line reaches a student ----


@test_case(points=2, hidden=True)
def doubles_forty_one(double):
    expect_close(double(41), 82, {4: "Does it depend on the number?"}, what="the double of 41")
'''

ANSWERS = """\
# %% right="by a product"
def double(number):
    return 2 * number

# %% wrong="always four" points=1 says="depend on the number"
def double(number):
    return 4
"""


def small_course(folder: Path) -> Course:
    """Write the course into `folder`. It is not released."""
    for path, text in {
        "course.toml": SETTINGS,
        "first.py": NOTEBOOK,
        "questions/q1.py": QUESTION,
        "answers/q1.py": ANSWERS,
        "grading/values.py": "TOLERANCE = 1\n",
        "secret_data/numbers.txt": "82\n",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return load_course(folder)


def hand_in(course: Course, folder: Path, student: str, answers: dict[str, str] | None = None) -> Path:
    """Write a student's hand-in into nbgrader's tree in `folder`. answers: cell id → source; else the model's."""
    place = folder / student / course.name
    place.mkdir(parents=True)
    notebook = fill(load_skeletons(course)["first"], model_answers(course) | (answers or {}))
    nbformat.write(notebook, place / "first.ipynb")
    return folder


def released(folder: Path) -> Course:
    """Write the course into `folder`, and release it."""
    from autograder.release.build import build, write

    course = small_course(folder)
    write(build(course))
    return course


def edit(path: Path, old: str, new: str) -> None:
    """Change a file of the course."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
