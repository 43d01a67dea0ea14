"""The bundled class of this course, graded by the real command: what it must be told of networks and of weights.

All of these answers are judged in rooms elsewhere too (tests/questions, tests/verify), so this is a proof.
"""

import shutil

import pytest

from tests.command import autograder
from tests.compound import COURSE
from tests.run.test_grading import rows_of, scores

pytestmark = [pytest.mark.room, pytest.mark.proof]

SAMPLE = COURSE.grading_module("sample_class")
GENERAL = {"fritz", "gina", "hugo", "ines", "jörg müller", "kim", "lena", "mia"}
"""Students whose mishaps have nothing to do with this course: test_grading has their like."""

STUDENTS = {student.name for student in SAMPLE.STUDENTS} - GENERAL

ASKED = {
    **dict.fromkeys(("carl", "dora", "emil", "niko"), ("2_compound_scaling",)),
    **dict.fromkeys(("otto", "paula"), ("3_efficientnet",)),
    "quirin": ("4_cifar",),
    "rosa": ("4_cifar", "5_comparison"),
}
"""The notebooks of whom not all are looked at here; the others need not be graded."""


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """The class, graded once. Gives the result, its rows, and the folder."""
    folder = tmp_path_factory.mktemp("class")
    SAMPLE.write_class(COURSE, folder / "handins")
    for name in GENERAL:
        shutil.rmtree(folder / "handins" / name)
    for name, notebooks in ASKED.items():
        for path in (folder / "handins" / name / COURSE.name).glob("*.ipynb"):
            if path.stem not in notebooks:
                path.unlink()
    shutil.copytree(course.dist / "nbgrader", folder / "course")
    options = [f"--out={folder / 'out'}", f"--nbgrader-course={folder / 'course'}", "--cell-seconds=8"]
    done = autograder(f"--course={COURSE.folder}", "grade", folder / "handins", *options)
    return done, rows_of(folder / "out" / "scores.csv"), folder / "out"


def test_every_student_gets_a_row_for_every_question_and_the_run_ends_well(graded):
    done, rows, _ = graded
    assert done.returncode == 0, done.stderr
    assert {student for student, _ in rows} == STUDENTS
    assert len(rows) == len(STUDENTS) * 23


def test_the_report_tells_what_went_wrong(graded):
    report = (graded[2] / "report.html").read_text(encoding="utf-8")
    assert "A multiply-add is one here, not two." in report and "best.json claims 99.1%" in report


def test_a_perfect_student_gets_everything_and_an_untouched_release_nothing(graded):
    rows = graded[1]
    assert sum(float(score) for score in scores(rows, "ada").values()) == 79 + 13, "what tests grade, and every bonus"
    assert set(scores(rows, "blank").values()) == {"0"}
    assert {row["status"] for (who, _), row in rows.items() if who == "blank"} == {"missing", "ungraded"}


@pytest.mark.parametrize(
    ("student", "question", "status", "told"),
    [
        ("carl", "q2_2", "partial", "A multiply-add is one here"),
        ("dora", "q2_3", "partial", "exact"),
        ("otto", "q3_se", "partial", "Which activation function"),
        ("otto", "q3_mbconv", "correct", ""),
        ("otto", "q3_net", "partial", "Which way are repeats rounded"),
        ("paula", "q3_net", "wrong", "are not available here"),
        ("quirin", "q3_3", "partial", "best.safetensors was not handed in: run the cell that makes it"),
        ("rosa", "q3_3", "correct", "best.json claims 99.1%"),
        ("rosa", "q3_4a", "partial", "first"),
    ],
)
def test_a_mishap_has_a_status_and_a_message(graded, student, question, status, told):
    row = graded[1][student, question]
    assert row["status"] == status
    assert told in row["message"]
