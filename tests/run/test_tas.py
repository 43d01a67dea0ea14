"""What a TA has written into nbgrader's gradebook goes before all, and is kept when a class is graded again."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

from autograder.course import Course
from tests import command
from tests.tiny import FIRST, SECOND, UPPER, hand_in_solved

pytestmark = pytest.mark.room


def autograder(course: Course, folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess:
    """Run a command on the course, with nbgrader's own folder in `folder`."""
    return command.autograder(f"--course={course.folder}", *arguments, f"--nbgrader-course={folder / 'course'}")


def grade(course: Course, folder: Path, out: str) -> dict[str, dict[str, str]]:
    """Grade the class in `folder`, which must go well. Returns the rows of scores.csv, by question."""
    done = autograder(course, folder, "grade", folder / "handins", f"--out={folder / out}")
    assert done.returncode == 0, done.stderr
    with (folder / out / "scores.csv").open(encoding="utf-8") as file:
        return {row["question"]: row for row in csv.DictReader(file)}


@pytest.fixture
def folder(tiny, tmp_path):
    """A student who has q1 partly right and all else, and nbgrader's folder."""
    hand_in_solved(tiny, tmp_path / "handins" / "carl" / tiny.name, UPPER, FIRST, SECOND)
    shutil.copytree(tiny.dist / "nbgrader", tmp_path / "course")
    return tmp_path


def test_a_tas_points_are_kept_and_are_no_disagreement(tiny, folder):
    first = grade(tiny, folder, "first")
    assert (first["q1"]["score"], first["q2"]["status"]) == ("4", "ungraded")
    with Gradebook(f"sqlite:///{folder / 'course' / 'gradebook.db'}", tiny.name) as gradebook:
        overridden, written = (gradebook.find_grade(name, FIRST, tiny.name, "carl") for name in ("q1", "q2"))
        overridden.manual_score = 5.5
        written.manual_score, written.needs_manual_grade = 3, False
        written.extra_credit = 0.5
        gradebook.find_grade("x1", SECOND, tiny.name, "carl").extra_credit = 0.25  # on top of a bonus
        gradebook.db.commit()
    again = grade(tiny, folder, "again")
    assert (first["x1"]["score"], again["x1"]["score"]) == ("2", "2.25")
    assert [(again[name]["score"], again[name]["status"]) for name in ("q1", "q2")] == [
        ("5.5", "partial"),
        ("3.5", "partial"),
    ]
    assert autograder(tiny, folder, "feedback", f"--out={folder / 'again'}").returncode == 0
    page = (folder / "again" / "feedback" / "carl" / "feedback.html").read_text()
    given = {
        one.h3["id"]: one.find(class_="verdict").text.strip()
        for one in BeautifulSoup(page, "html.parser").find_all("article")
    }
    assert (given["q1"], given["q2"], given["x1"]) == ("5.5 of 6", "3.5 of 4", "2.25 as a bonus")
