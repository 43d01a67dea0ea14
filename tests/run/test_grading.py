"""A class with everything that goes wrong, graded by the real command: each a status and a message, nobody stopped."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from tests.command import autograder
from tests.processes import wait_until_gone
from tests.tiny import FIRST, SECOND, UPPER, hand_in, hand_in_solved

pytestmark = pytest.mark.room

FULL = {"q3": "4", "q4": "2", "x1": "2"}
"""What the model solution of notebook 2 gets, without a file beside it."""

QUESTIONS = 7

ENDLESS = """
def median(numbers):
    return numbers

while True:
    try:
        while True:
            pass
    except KeyboardInterrupt:
        pass
"""

OWN = {
    "ada": {},
    "carl": UPPER,
    "fritz": {"q1-median": "def median(numbers"},
    "gina": {"q1-median": ENDLESS},
    "hugo": {"q4-steps": "import posix\n\nposix._exit(1)"},
    "ines": {},
    "jörg müller": {},
    "kim": {},
    "lena": {},
    "mia": {},
    "paula": {"q3-deviation": "import statistics\n\n\ndef deviation(numbers):\n    return statistics.pstdev(numbers)"},
    "quirin": {},
    "rosa": {},
}
"""Students, and their answers that are not the model's."""


def rows_of(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return {(row["student"], row["question"]): row for row in csv.DictReader(file)}


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _old_format(path: Path) -> None:
    path.write_text(json.dumps({"nbformat": 99, "metadata": {}, "worksheets": [{"cells": [3]}]}), encoding="utf-8")


def _foreign_schema(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 77
    notebook.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    nbformat.write(notebook, path)


def _mangled(path: Path) -> None:
    """Checks doubled, answers retyped, all in reverse order, an answer and its check gone, metadata stripped."""
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if not cell.id.startswith("q4")]
    cells += [nbformat.from_dict(cell) for cell in cells if cell.source.startswith("grader.check")]
    for index, cell in enumerate(cells):
        cell.id, cell.metadata = f"c{index}", {}
    notebook.cells = cells[::-1]
    nbformat.write(notebook, path)


def _loud(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    stream = nbformat.v4.new_output("stream", text="x" * 50_000_000)
    notebook.cells.insert(2, nbformat.v4.new_code_cell("print('x' * 50_000_000)", outputs=[stream]))
    nbformat.write(notebook, path)


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


MISHAPS = {"empty": _empty, "format": _old_format, "schema": _foreign_schema, "mangled": _mangled,
           "loud": _loud, "link": _link}  # fmt: skip


def _delete_checks(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith("grader.check")]
    nbformat.write(notebook, path)


def write_class(course: Course, handins: Path) -> None:
    """Write what everyone hands in, as nbgrader's tree."""
    for name, own in OWN.items():
        hand_in_solved(course, handins / name / course.name, own)
    hand_in(course, handins / "blank" / course.name, {})
    of = {name: handins / name / course.name for name in OWN}
    for name in (FIRST, SECOND):
        _delete_checks(of["ines"] / f"{name}.ipynb")
    (of["jörg müller"] / f"{SECOND}.ipynb").rename(of["jörg müller"] / "spread homework FINAL (2).ipynb")
    (of["kim"] / f"{FIRST}.ipynb").write_text('{"cells": [{"cell_type": "code", "source": "def media', encoding="utf-8")
    (of["lena"] / f"{FIRST}.ipynb").unlink()
    old = of["mia"] / f"{SECOND}-old.ipynb"
    shutil.copy(of["mia"] / f"{SECOND}.ipynb", old)
    os.utime(old, (1_000_000_000, 1_000_000_000))
    (of["quirin"] / "largest.txt").unlink()
    (of["rosa"] / "largest.txt").write_text("1009", encoding="utf-8")
    for name, mishap in MISHAPS.items():
        hand_in_solved(course, handins / name / course.name, None, SECOND)
        mishap(handins / name / course.name / f"{SECOND}.ipynb")


@pytest.fixture(scope="module")
def graded(tiny, tmp_path_factory):
    """The class, graded once. Gives the result, its rows, whether hand-ins are as they were, and the --out folder."""
    folder = tmp_path_factory.mktemp("class")
    write_class(tiny, folder / "handins")
    before = hashes(folder / "handins")
    shutil.copytree(tiny.dist / "nbgrader", folder / "course")
    done = autograder(*grading_of(tiny, folder, folder / "out"), "--cell-seconds=3")
    return done, rows_of(folder / "out" / "scores.csv"), before == hashes(folder / "handins"), folder / "out"


def grading_of(course: Course, folder: Path, out: Path) -> list[str]:
    """The command that grades the class in `folder`."""
    there = [f"--course={course.folder}", "grade", str(folder / "handins")]
    return [*there, f"--out={out}", f"--nbgrader-course={folder / 'course'}"]


def hashes(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {str(path): sha256(path.read_bytes()).hexdigest() + str(path.stat().st_mtime_ns) for path in files}


def scores(rows, student: str) -> dict[str, str]:
    return {question: row["score"] for (who, question), row in rows.items() if who == student and row["score"]}


def test_every_student_gets_a_row_for_every_question_and_the_run_ends_well(graded):
    done, rows, _, _ = graded
    assert done.returncode == 0, done.stderr
    students = {*OWN, "blank", *MISHAPS}
    assert {student for student, _ in rows} == students
    assert len(rows) == len(students) * QUESTIONS


def test_the_report_tells_what_went_wrong_and_can_be_written_anew(graded, tiny):
    out = graded[3]
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "two are in the middle" in report and "largest.txt boasts" in report
    (out / "report.html").unlink()
    assert autograder(f"--course={tiny.folder}", "report", f"--out={out}").returncode == 0
    assert (out / "report.html").read_text(encoding="utf-8") == report


def test_what_was_handed_in_is_not_changed(graded):
    assert graded[2]


def test_a_perfect_student_gets_everything_and_an_untouched_release_nothing(graded):
    _, rows, _, _ = graded
    assert sum(float(score) for score in scores(rows, "ada").values()) == 15 + 2, "what tests grade, and the bonus"
    assert set(scores(rows, "blank").values()) == {"0"}
    assert {row["status"] for (who, _), row in rows.items() if who == "blank"} == {"missing", "ungraded"}


@pytest.mark.parametrize(
    ("student", "question", "status", "told"),
    [
        ("carl", "q1", "partial", "two are in the middle"),
        ("fritz", "q1", "error", "SyntaxError"),
        ("gina", "q1", "timeout", "did not end within 3 seconds"),
        ("hugo", "q4", "error", "ended the kernel"),
        ("kim", "q1", "error", "is not JSON"),
        ("lena", "q1", "missing", "Not handed in"),
        ("empty", "q3", "error", "is an empty file"),
        ("format", "q3", "error", "holds no cell"),
        ("link", "q3", "error", "symbolic link"),
        ("empty", "q1", "missing", "Not handed in"),
        ("paula", "q3", "wrong", "is not available here"),
        ("quirin", "q5", "missing", "Not answered"),
        ("rosa", "q5", "partial", "largest.txt boasts"),
    ],
)
def test_a_mishap_has_a_status_and_a_message(graded, student, question, status, told):
    row = graded[1][student, question]
    assert row["status"] == status
    assert told in row["message"]


@pytest.mark.parametrize("student", ["schema", "loud", "jörg müller", "mia", "ines", "hugo"])
def test_what_can_be_put_right_costs_no_points(graded, student):
    had = scores(graded[1], student)
    assert {question: had[question] for question in FULL if question != "q4"} == {
        question: most for question, most in FULL.items() if question != "q4"
    }


def test_a_notebook_whose_cells_were_mangled_keeps_the_answers_that_are_there(graded):
    had = scores(graded[1], "mangled")
    assert (had["q3"], had["q4"], had["x1"]) == ("4", "0", "2")


def test_two_files_for_one_notebook_are_both_named(graded):
    told = " ".join(row["message"] for (who, _), row in graded[1].items() if who == "mia")
    assert f"{SECOND}-old.ipynb both are {SECOND}, with the same answers" in told


def test_results_say_every_case_the_seed_and_the_versions(graded):
    results = json.loads((graded[3] / "results" / "jörg müller" / f"{SECOND}.json").read_text())
    assert isinstance(results["seed"], int)
    assert results["versions"]["otter-grader"]
    assert all(case["name"] for question in results["questions"] for case in question["cases"])


def test_a_second_run_judges_nothing_again_and_gives_the_same_scores(graded, tiny):
    _, rows, _, out = graded
    kept = {path: path.stat().st_mtime_ns for path in (out / "results").rglob("*.json")}
    done = autograder(*grading_of(tiny, out.parent, out), "--cell-seconds=3")
    assert done.returncode == 0, done.stderr
    assert rows_of(out / "scores.csv") == rows
    assert {path: path.stat().st_mtime_ns for path in (out / "results").rglob("*.json")} == kept


def test_a_run_that_is_interrupted_says_so_and_leaves_no_kernel_behind(graded, tiny, tmp_path):
    shutil.copytree(graded[3].parent / "course", tmp_path / "course")
    (tmp_path / "handins").symlink_to(graded[3].parent / "handins")
    command = [sys.executable, "-m", "autograder", *grading_of(tiny, tmp_path, tmp_path / "out")]
    temporary = tmp_path / ("t" * 150)  # longer than the names of sockets may be
    temporary.mkdir()
    environment = os.environ | {"TMPDIR": str(temporary)}
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
    deadline = time.monotonic() + 120
    while run.poll() is None and not list(tmp_path.glob("out/results/*/*.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert run.poll() is None, run.stderr.read()
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert "stopped" in said.strip().split("\n")[-1]
    assert wait_until_gone(str(tmp_path), seconds=60) == []
