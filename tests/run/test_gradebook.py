"""What is written into nbgrader's gradebook: all of a student or nothing, and nbgrader stays as it is."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder.course import Course
from autograder.engines.clean import CLEAN
from autograder.engines.grading import Grading
from autograder.engines.results import results_for
from autograder.errors import NotRecorded
from autograder.intake.collect import clean, collect
from autograder.judge.store import Store
from autograder.release.build import write_nbgrader_course
from autograder.run.gradebook.writing import open_for_class
from autograder.run.run import Run
from autograder.run.workers.judged import write_clean
from tests.compound import COURSE, ROOT

SECOND = COURSE.notebooks[1]

pytestmark = pytest.mark.tool


class Class:
    """nbgrader's course in a folder of its own, and a student whose notebooks cannot be read: no room is needed."""

    def __init__(self, folder: Path, course: Course):
        self.course = Path(shutil.copytree(course.dist / "nbgrader", folder / "course"))
        handed_in = folder / "handins" / "ada" / COURSE.name
        handed_in.mkdir(parents=True)
        for name in COURSE.notebooks:
            (handed_in / f"{name}.ipynb").write_text("{no notebook")
        self.grading = Grading(folder / "results", COURSE, 1, room="none")
        self.run = Run(folder / "handins", self.grading, "nbgrader", self.course, 1)
        (handin,) = collect(self.run.handins, folder / "scratch", COURSE)
        self.cleaned = clean(handin, COURSE, folder / "scratch")

    def judged(self, bonus: float) -> None:
        """Let the run have Results in which the student has so many points for the bonus x2_grid."""
        submission = self.cleaned[SECOND].submission
        judged = results_for(submission, self.grading)
        questions = (replace(one, score=bonus) if one.bonus else one for one in judged.questions)
        Store(self.grading.store).save(replace(judged, questions=tuple(questions)), judged.key)

    def record(self, spoilt: str = "") -> dict:
        """Write the student down. spoilt: a notebook that nbgrader then cannot read."""
        write_clean(self.run, "ada", self.cleaned)
        if spoilt:
            (self.course / CLEAN / "ada" / COURSE.name / f"{spoilt}.ipynb").write_text("{no notebook")
        with open_for_class(self.grading, self.course, "") as record:
            results = (results_for(one.submission, self.grading) for one in self.cleaned.values())
            return record("ada", tuple(results))

    @property
    def gradebook(self) -> Gradebook:
        """As a TA or nbgrader opens it."""
        return Gradebook(f"sqlite:///{self.course / 'gradebook.db'}", COURSE.name)


@pytest.fixture
def classroom(course, tmp_path, monkeypatch) -> Class:
    """A class of one."""
    monkeypatch.setenv("PATH", f"{sys.prefix}/bin", prepend=os.pathsep)  # nbgrader calls alembic
    return Class(tmp_path, course)


CHANGED = """
import pkgutil, importlib, sys
import nbgrader
from nbgrader.api import Base

for found in pkgutil.walk_packages(nbgrader.__path__, "nbgrader."):
    if not any(part in found.name for part in ("tests", "docs", "alembic", "__main__", "server_extensions")):
        importlib.import_module(found.name)
watched = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "nbgrader"}


def state():
    known = {(name, key): value for name, module in watched.items() for key, value in vars(module).items()}
    classes = {value for value in known.values() if isinstance(value, type) and value.__module__ in watched}
    known |= {(str(cls), key): value for cls in classes for key, value in vars(cls).items() if callable(value)}
    return known | {("metadata", key): value for key, value in vars(Base.metadata).items()}


before = state()
import tempfile, pathlib
from autograder.course import Course
from tests.run.test_gradebook import COURSE, Class
with tempfile.TemporaryDirectory() as folder:
    Class(pathlib.Path(folder), Course(COURSE.folder, pathlib.Path(sys.argv[1]))).record()
after = state()
print([name for name in before | after if before.get(name) is not after.get(name) and not name[1].startswith("__")])
"""


def test_recording_a_class_replaces_nothing_of_nbgraders(course):
    command = [sys.executable, "-c", CHANGED, str(course.dist)]
    environment = os.environ | {"PATH": f"{sys.prefix}/bin:{os.environ['PATH']}"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=ROOT, env=environment)
    assert done.stdout == "[]\n", done.stderr


def test_a_gradebook_that_is_deleted_and_made_again_is_graded_into(classroom, release):
    assert classroom.record()[SECOND]["q2_2"].score == 0
    (classroom.course / "gradebook.db").unlink()
    with classroom.gradebook as gradebook:
        assert gradebook.students == []
    write_nbgrader_course(release, classroom.course)
    assert classroom.record()[SECOND]["q2_2"].score == 0
    with classroom.gradebook as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]


def test_of_a_student_whom_nbgrader_fails_nothing_is_written_down(classroom):
    with pytest.raises(NotRecorded):
        classroom.record(spoilt=COURSE.notebooks[-1])  # the others are fine, and graded before it
    with classroom.gradebook as gradebook, pytest.raises(MissingEntry):
        gradebook.find_submission(COURSE.name, "ada")
    assert classroom.record()[SECOND]["q2_2"].score == 0


def test_what_a_ta_adds_to_a_bonus_is_kept_when_it_is_judged_again(classroom):
    classroom.judged(bonus=3)
    assert classroom.record()[SECOND]["x2_grid"] == (3, 3)
    with classroom.gradebook as gradebook:
        gradebook.find_grade("x2_grid", SECOND, COURSE.name, "ada").extra_credit = 0.5
        gradebook.db.commit()
    classroom.judged(bonus=2)
    assert classroom.record()[SECOND]["x2_grid"] == (2.5, 2)


@pytest.mark.parametrize(("written", "judged", "then"), [(3, 3, (3, 3)), (2, 3, (3, 3)), (3.5, 3, (3.5, 3))])
def test_a_bonus_that_is_extra_credit_in_an_earlier_gradebook_counts_once(classroom, written, judged, then):
    classroom.judged(bonus=judged)
    classroom.record()
    with classroom.gradebook as gradebook:
        grade = gradebook.find_grade("x2_grid", SECOND, COURSE.name, "ada")
        grade.auto_score, grade.extra_credit = 0, written
        gradebook.db.commit()
    assert classroom.record()[SECOND]["x2_grid"] == classroom.record()[SECOND]["x2_grid"] == then
