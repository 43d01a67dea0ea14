"""What is handed in beside a notebook reaches the judge through the real tools, and nothing else does."""

import shutil
import zipfile

import pytest

from autograder.course import Course
from autograder.engines.grading import Grading
from autograder.run.graded import without_verdict
from autograder.run.grading import Run, grade_class
from tests.engines.conftest import run_tool, submitted
from tests.engines.test_nbgrader import grades
from tests.engines.test_otter import otter_run
from tests.tiny import SECOND, hand_in_solved

pytestmark = pytest.mark.room

SHADOWS = ("statistics.py", "notebook_checks.py", "math.py", "json.py")

WITH_FILE = {"q3": 4, "q4": 2, "q5": 3}
"""What the model solution gets, the bonus left out."""


def hand_in_with_traps(course: Course, folder) -> None:
    """The model solution, its file behind a link, and modules that would take the place of ours."""
    hand_in_solved(course, folder, None, SECOND)
    shutil.move(folder / "largest.txt", folder.parent / "elsewhere.txt")
    (folder / "largest.txt").symlink_to(folder.parent / "elsewhere.txt")
    for name in SHADOWS:
        (folder / name).write_text("raise SystemExit('shadowed')")


def test_nbgraders_own_autograde_finds_what_lies_beside_the_notebook(tiny, classroom):
    hand_in_solved(tiny, submitted(classroom, "ada"), None, SECOND)
    hand_in_with_traps(tiny, submitted(classroom, "eve"))
    done = run_tool("nbgrader", "autograde", tiny.name, cwd=classroom)
    assert done.returncode == 0, done.stderr
    for student, points in (("ada", WITH_FILE), ("eve", WITH_FILE | {"q5": 0})):
        found = grades(classroom, student, SECOND)
        assert {name: found[name] for name in points} == {name: (had, None, False) for name, had in points.items()}
    page = (classroom / "autograded" / "eve" / tiny.name / f"{SECOND}.ipynb").read_text()
    assert "is a symbolic link" in page and "q5: 0 of 3 points, missing." in page


def test_otters_own_run_finds_what_lies_in_the_zip(tiny, tmp_path):
    zipped = shutil.copy(tiny.dist / "otter" / SECOND / "autograder.zip", tmp_path / "autograder.zip")
    hand_in_solved(tiny, tmp_path / "ada", None, SECOND)
    with zipfile.ZipFile(tmp_path / "ada" / "handin.zip", "w") as archive:
        for name in (f"{SECOND}.ipynb", "largest.txt"):
            archive.write(tmp_path / "ada" / name, name)
        for name in SHADOWS:
            archive.writestr(name, "raise SystemExit('shadowed')")
    most = {name: (points, points) for name, points in WITH_FILE.items()} | {"x1": (2, 0)}
    status, scores, said = otter_run(zipped, tmp_path / "ada", "handin.zip")
    assert (status, scores) == (0, most), said
    status, scores, said = otter_run(zipped, tmp_path / "ada", f"{SECOND}.ipynb")
    assert (status, scores) == (0, most | {"q5": (0, 3)}), "a notebook alone has no file beside it"


@pytest.mark.parametrize("engine", ["nbgrader", "otter"])
def test_a_class_is_graded_with_its_files_and_again_without_those_of_before(engine, tiny, classroom, tmp_path):
    place = tmp_path / "handins" / "ada" / tiny.name
    hand_in_solved(tiny, place, None, SECOND)

    def run() -> float:
        grading = Grading(tmp_path / "results", tiny, 3)
        graded = grade_class(Run(tmp_path / "handins", grading, engine, classroom, 1), lambda *_: None)
        assert without_verdict(graded) == []
        return next(one.scores["q5"] for one in graded if one.notebook == SECOND)

    assert run() == 3
    assert list(classroom.rglob("largest.txt")) == [], "the file stays where it was handed in"
    (place / "largest.txt").unlink()
    assert run() == 0
