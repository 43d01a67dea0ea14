"""The class that hands the corpus in: each attack as a student of its name, and an honest student among them."""

import shutil
from pathlib import Path

import nbformat

from autograder.course import ASSIGNMENT, COURSE, Course
from autograder.intake.skeleton import load_skeletons
from autograder.run.answers import add_trained, fill, model_answers
from tests.attacks.corpus import Attack
from tests.attacks.planted import Marks

FELLOWS = ("0_ada", "m_ada", "zz_ada")
"""One honest student three times: students are graded by name, so before, between and after the attacks."""


def narrow(course: Course, notebook: str, root: Path) -> Course:
    """The same course with one notebook, written to `root`: an attack hands in one, and the others cost time."""
    for part in (course.sources, course.student_notebooks):
        (root / part.relative_to(course.root)).mkdir(parents=True)
    made = Course(root, course.dist)
    shutil.copy(course.sources / f"{notebook}.py", made.sources)
    shutil.copytree(course.trained, made.trained)
    shutil.copy(course.student_notebooks / f"{notebook}.ipynb", made.student_notebooks)
    shutil.copytree(course.student_notebooks / "tests", made.student_notebooks / "tests")
    shutil.copytree(course.questions, made.questions, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(course.root / "constraints.txt", root)
    return made


def write_class(attacks: list[Attack], notebook: str, marks: Marks, place: Path) -> None:
    """Write what everyone hands in of a notebook, as nbgrader's tree."""
    model = model_answers(COURSE)
    for name in FELLOWS:
        _write(place / name / ASSIGNMENT, notebook, model)
    for attack in attacks:  # after the fellows, whose files some of them name
        write_one(attack, marks, place / attack.name / ASSIGNMENT)


def write_one(attack: Attack, marks: Marks, folder: Path) -> None:
    """Write what one attack hands in."""
    answers = dict(model_answers(COURSE)) if attack.answered else {}
    if attack.source is not None:
        answers[attack.cell] = marks.fill(attack.source, attack.name)
    _write(folder, attack.notebook, answers)
    if attack.make is not None:
        attack.make(folder)


def _write(folder: Path, notebook: str, answers: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    nbformat.write(fill(load_skeletons(COURSE)[notebook], answers), folder / f"{notebook}.ipynb")
    if notebook == "4_cifar":
        add_trained(COURSE, folder)
