"""The wheels alone: another course is made, proved and graded with them, and nothing of this course is in them."""

import csv
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.course.source import read_source
from autograder.release.wheels import build_wheel
from tests.compound import COURSE, ROOT
from tests.linked_environment import make_environment

pytestmark = pytest.mark.room
SET_UP_ANEW = pytest.mark.proof
"""For the tests that need an environment of their own, with everything installed into it."""

MEDIANS = {
    "right": "from statistics import median",
    "wrong": "def median(numbers):\n    return sorted(numbers)[len(numbers) // 2]",
}
"""What two of three students write; the third hands in what was released."""

POINTS = {"right": "6", "wrong": "4", "untouched": "0"}


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> list[Path]:
    """The wheels of this checkout that a stranger needs."""
    folder = tmp_path_factory.mktemp("wheels")
    source = folder / "instructors"
    shutil.copytree(ROOT / "autograder", source / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", source)
    return [build_wheel(package, folder) for package in (ROOT / "notebook_checks", source)]


def test_no_wheel_holds_anything_of_this_course(wheels):
    notebooks = [read_source(COURSE.source(name)) for name in COURSE.notebooks]
    questions = {cell.question for notebook in notebooks for cell in notebook.cells} - {""}
    assert {"q1_1", "q3_net", "x2_grid", "x5_runtime"} <= questions
    names = re.compile(
        rf"compound[ _-]scaling|{COURSE.settings.library.package}|efficientnet|cifar|\b({'|'.join(questions)})(\b|_)",
        re.IGNORECASE,
    )
    found, entries = [], 0
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.namelist():
                entries += 1
                text = f"{entry}\n{archive.read(entry).decode(errors='replace')}"
                found += [f"{entry}: {line.strip()}" for line in text.splitlines() if names.search(line)]
    assert entries > 100
    assert found == []


def test_the_starter_of_a_new_course_is_in_the_wheel(wheels):
    with zipfile.ZipFile(wheels[1]) as archive:
        shipped = {name.partition("/starter/")[2] for name in archive.namelist() if "/starter/" in name}
    starter = ROOT / "autograder" / "course" / "starter"
    there = {path.relative_to(starter).as_posix() for path in starter.rglob("*") if path.is_file()}
    assert shipped == {path for path in there if "__pycache__" not in path}


class Stranger:
    """Somebody who has the wheels, a virtual environment, and an empty folder."""

    def __init__(self, folder: Path, wheels: list[Path]):
        self.folder = folder / "empty"
        self.folder.mkdir()
        self.bin = folder / "venv" / "bin"
        self.environment = {"HOME": str(folder), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
        make_environment(folder / "venv", wheels)

    def types(self, *words: str | Path, status: int = 0) -> str:
        """Run a program of the environment in the folder. Returns what it says."""
        done = subprocess.run(
            [self.bin / words[0], *words[1:]],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        assert done.returncode == status, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def stranger(wheels, tmp_path_factory) -> Stranger:
    """With a course that was made and released, from the empty folder on."""
    made = Stranger(tmp_path_factory.mktemp("stranger"), wheels)
    made.types("autograder", "new", "mycourse")
    made.folder /= "mycourse"
    made.types("autograder", "release")
    return made


@SET_UP_ANEW
@pytest.mark.parametrize("package", ["torch", "torchvision", COURSE.settings.library.package])
def test_what_only_this_course_needs_is_not_installed(stranger, package):
    assert "ModuleNotFoundError" in stranger.types("python", "-c", f"import {package}", status=1)


@SET_UP_ANEW
def test_what_was_released_is_what_the_source_gives_and_the_bank_gets_what_it_must(stranger):
    assert "is what the source gives" in stranger.types("autograder", "release", "--check")
    table = stranger.types("autograder", "verify")
    [row] = [line.split() for line in table.splitlines() if line.startswith("q1")]
    assert row == ["q1", "6", "yes", "yes", "4/4", "7/7", "7/7", "7/7", "0", "yes"]


@SET_UP_ANEW
def test_mutants_need_one_package_more_and_say_which(stranger):
    said = stranger.types("autograder", "verify", "--mutants", status=2)
    assert said == "autograder: --mutants: cosmic-ray is not installed; type: pip install cosmic-ray==8.7.0\n"


def hand_in(folder: Path, notebook: Path, answer: str | None) -> None:
    """What a student does with a notebook of the release: fill in the answer, where there is one, and save it."""
    read = nbformat.read(notebook, as_version=4)
    for cell in read.cells:
        if answer is not None and cell.id == "q1-median":
            cell.source = answer
    folder.mkdir(parents=True)
    nbformat.write(read, folder / notebook.name)


@SET_UP_ANEW
def test_both_tools_give_three_students_the_same_scores_and_the_rest_of_a_term_works(stranger):
    course = stranger.folder
    for student in POINTS:
        notebook = course / "notebooks" / "1_averages.ipynb"
        hand_in(course / "handins" / student / "mycourse", notebook, MEDIANS.get(student))
    rows = {}
    for engine in ("nbgrader", "otter"):
        stranger.types("autograder", "grade", "handins", f"--out={engine}", f"--engine={engine}", "--room=bwrap")
        with (course / engine / "scores.csv").open(encoding="utf-8") as file:
            rows[engine] = list(csv.DictReader(file))
    assert rows["nbgrader"] == rows["otter"]
    assert {row["student"]: row["score"] for row in rows["otter"] if row["question"] == "q1"} == POINTS
    assert {row["status"] for row in rows["otter"] if row["question"] == "q2"} == {"ungraded"}
    stranger.types("autograder", "report", "--out=nbgrader")
    stranger.types("autograder", "feedback", "--out=nbgrader")
    pages = (course / "nbgrader" / "feedback").rglob("*.html")
    assert {page.parent.name for page in pages} == set(POINTS)
    stranger.types("autograder", "solutions")
    assert (course / "dist" / "solutions" / "1_averages_solutions.html").exists()
    assert "Both tools give the same score" in stranger.types("autograder", "demo")
