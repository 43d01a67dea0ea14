"""What a TA has written into nbgrader's gradebook goes before all, and is kept when a class is graded again."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.answered import fill, model_answers
from autograder.course.skeleton import load_skeletons
from tests.compound import COURSE

pytestmark = pytest.mark.room

SECOND = COURSE.notebooks[1]
WRONG = {"q2_2-conv_macs": "def conv_macs(*arguments, **options):\n    return 1"}


def grade(folder: Path, out: str) -> dict[str, dict[str, str]]:
    """Grade the class in `folder`, which must go well. Returns the rows of scores.csv, by question."""
    command = [sys.executable, "-m", "autograder", "grade", folder / "handins", f"--out={folder / out}"]
    done = subprocess.run(
        [*command, f"--nbgrader-course={folder / 'course'}"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    with (folder / out / "scores.csv").open(encoding="utf-8") as file:
        return {row["question"]: row for row in csv.DictReader(file)}


@pytest.fixture
def folder(course, tmp_path):
    """A student who has q2_2 partly right, and the course."""
    place = tmp_path / "handins" / "carl" / COURSE.name
    place.mkdir(parents=True)
    nbformat.write(fill(load_skeletons(COURSE)[SECOND], model_answers(COURSE) | WRONG), place / f"{SECOND}.ipynb")
    shutil.copytree(course.dist / "nbgrader", tmp_path / "course")
    return tmp_path


def test_a_tas_points_are_kept_and_are_no_disagreement(folder):
    first = grade(folder, "first")
    assert (first["q2_2"]["score"], first["q2_1"]["status"]) == ("3.5", "ungraded")
    with Gradebook(f"sqlite:///{folder / 'course' / 'gradebook.db'}", COURSE.name) as gradebook:
        overridden, written = (gradebook.find_grade(name, SECOND, COURSE.name, "carl") for name in ("q2_2", "q2_1"))
        overridden.manual_score = 5.5
        written.manual_score, written.needs_manual_grade = 3, False
        written.extra_credit = 0.5
        gradebook.find_grade("x2_grid", SECOND, COURSE.name, "carl").extra_credit = 0.25  # on top of a bonus
        gradebook.db.commit()
    again = grade(folder, "again")
    assert (first["x2_grid"]["score"], again["x2_grid"]["score"]) == ("3", "3.25")
    assert [(again[name]["score"], again[name]["status"]) for name in ("q2_2", "q2_1")] == [
        ("5.5", "partial"),
        ("3.5", "partial"),
    ]
    made = subprocess.run(
        [sys.executable, "-m", "autograder", "feedback", f"--nbgrader-course={folder / 'course'}"],
        timeout=300,
        check=False,
    )
    assert made.returncode == 0
    page = (folder / "course" / "feedback" / "carl" / COURSE.name / f"{SECOND}.html").read_text()
    assert "5.5 of 6" in page and "3.5 of 4" in page and "not graded yet" not in page
