"""The class that hands the corpus in: each attack as a student of its name, and an honest student among them."""

import shutil
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.course.answered import add_attachments, fill, model_answers
from autograder.course.skeleton import load_skeletons
from tests.attacks.corpus import Attack
from tests.attacks.planted import Marks
from tests.compound import COURSE, course_elsewhere

FELLOWS = ("0_ada", "m_ada", "zz_ada")
"""One honest student three times: students are graded by name, so before, between and after the attacks."""


def narrow(course: Course, notebook: str, root: Path) -> Course:
    """The same course with one notebook, written to `root`: an attack hands in one, and the others cost time."""
    made = Course(course_elsewhere(root / "course", notebooks=(notebook,)), course.dist)
    made.release.mkdir()
    shutil.copy(course.release / f"{notebook}.ipynb", made.release)
    shutil.copytree(course.release / "tests", made.release / "tests")
    return made


def write_class(attacks: list[Attack], notebook: str, marks: Marks, place: Path) -> None:
    """Write what everyone hands in of a notebook, as nbgrader's tree."""
    model = model_answers(COURSE)
    for name in FELLOWS:
        _write(place / name / COURSE.name, notebook, model)
    for attack in attacks:  # after the fellows, whose files some of them name
        write_one(attack, marks, place / attack.name / COURSE.name)


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
        add_attachments(COURSE, folder)
