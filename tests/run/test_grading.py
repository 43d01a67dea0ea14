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
import psutil
import pytest

from autograder.course.answered import fill, model_answers
from autograder.course.skeleton import load_skeletons
from tests.compound import COURSE

pytestmark = pytest.mark.room

SAMPLE = COURSE.grading_module("sample_class")
STUDENTS, write_class = SAMPLE.STUDENTS, SAMPLE.write_class

FIRST, SECOND = COURSE.notebooks[:2]
FULL = {"q2_2": "6", "q2_3": "4", "q3_1": "12", "x2_grid": "3"}


def autograder(*arguments: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "autograder", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=900, **options)


def rows_of(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return {(row["student"], row["question"]): row for row in csv.DictReader(file)}


def solved(name: str) -> nbformat.NotebookNode:
    return fill(load_skeletons(COURSE)[name], model_answers(COURSE))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _old_format(path: Path) -> None:
    path.write_text(json.dumps({"nbformat": 99, "metadata": {}, "worksheets": [{"cells": [3]}]}), encoding="utf-8")


def _foreign_schema(path: Path) -> None:
    notebook = solved(SECOND)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 77
    notebook.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    nbformat.write(notebook, path)


def _mangled(path: Path) -> None:
    """Checks doubled, answers retyped, all in reverse order, an answer and its check gone, metadata stripped."""
    notebook = solved(SECOND)
    cells = [cell for cell in notebook.cells if not cell.id.startswith("q2_3")]
    cells += [nbformat.from_dict(cell) for cell in cells if cell.source.startswith("grader.check")]
    for index, cell in enumerate(cells):
        cell.id, cell.metadata = f"c{index}", {}
    notebook.cells = cells[::-1]
    nbformat.write(notebook, path)


def _loud(path: Path) -> None:
    notebook = solved(SECOND)
    stream = nbformat.v4.new_output("stream", text="x" * 50_000_000)
    notebook.cells.insert(2, nbformat.v4.new_code_cell("print('x' * 50_000_000)", outputs=[stream]))
    nbformat.write(notebook, path)


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


MISHAPS = {"empty": _empty, "format": _old_format, "schema": _foreign_schema, "mangled": _mangled,
           "loud": _loud, "link": _link}  # fmt: skip


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """The bundled class and the mishaps, graded once. Gives the result, its rows, and the hand-ins' hashes before."""
    folder = tmp_path_factory.mktemp("class")
    handins = folder / "handins"
    write_class(COURSE, handins)
    for name, mishap in MISHAPS.items():
        place = handins / name / COURSE.name
        place.mkdir(parents=True)
        mishap(place / f"{SECOND}.ipynb")
    before = hashes(handins)
    shutil.copytree(course.dist / "nbgrader", folder / "course")
    out = folder / "out"
    done = autograder(
        "grade", str(handins), f"--out={out}", f"--nbgrader-course={folder / 'course'}", "--cell-seconds=8"
    )
    return done, rows_of(out / "scores.csv"), before == hashes(handins), out


def hashes(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {str(path): sha256(path.read_bytes()).hexdigest() + str(path.stat().st_mtime_ns) for path in files}


def scores(rows, student: str) -> dict[str, str]:
    return {question: row["score"] for (who, question), row in rows.items() if who == student and row["score"]}


def test_every_student_gets_a_row_for_every_question_and_the_run_ends_well(graded):
    done, rows, _, _ = graded
    assert done.returncode == 0, done.stderr
    assert {student for student, _ in rows} == {student.name for student in STUDENTS} | set(MISHAPS)
    assert len(rows) == (len(STUDENTS) + len(MISHAPS)) * 20


def test_the_report_tells_what_went_wrong_and_can_be_written_anew(graded):
    out = graded[3]
    report = (out / "report.html").read_text()
    assert "A multiply-add is one here, not two." in report and "best.json claims 99.1%" in report
    (out / "report.html").unlink()
    assert autograder("report", f"--out={out}").returncode == 0
    assert (out / "report.html").read_text() == report


def test_what_was_handed_in_is_not_changed(graded):
    assert graded[2]


def test_a_perfect_student_gets_everything_and_an_untouched_release_nothing(graded):
    _, rows, _, _ = graded
    assert sum(float(score) for score in scores(rows, "ada").values()) == 79 + 7, "what tests grade, and both bonuses"
    assert set(scores(rows, "blank").values()) == {"0"}
    assert {row["status"] for (who, _), row in rows.items() if who == "blank"} == {"missing", "ungraded"}


@pytest.mark.parametrize(
    ("student", "question", "status", "told"),
    [
        ("carl", "q2_2", "partial", "A multiply-add is one here"),
        ("dora", "q2_3", "partial", "exact"),
        ("fritz", "q1_2", "error", "SyntaxError"),
        ("gina", "q1_3", "timeout", "did not end within 8 seconds"),
        ("hugo", "q2_3", "partial", "ended the kernel"),
        ("kim", "q1_2", "error", "is not JSON"),
        ("lena", "q1_2", "missing", "Not handed in"),
        ("empty", "q2_2", "error", "is an empty file"),
        ("format", "q2_2", "error", "holds no cell"),
        ("link", "q2_2", "error", "symbolic link"),
        ("empty", "q1_2", "missing", "Not handed in"),
        ("otto", "q3_se", "partial", "Which activation function"),
        ("otto", "q3_mbconv", "correct", ""),
        ("otto", "q3_net", "partial", "Which way are repeats rounded"),
        ("paula", "q3_net", "wrong", "not to be had here"),
        ("quirin", "q3_3", "wrong", "best.safetensors was not handed in: run the cell that makes it"),
        ("rosa", "q3_3", "correct", "best.json claims 99.1%"),
        ("rosa", "q3_4a", "partial", "first"),
    ],
)
def test_a_mishap_has_a_status_and_a_message(graded, student, question, status, told):
    row = graded[1][student, question]
    assert row["status"] == status
    assert told in row["message"]


@pytest.mark.parametrize("student", ["schema", "loud", "jörg müller", "mia", "ines", "hugo"])
def test_what_can_be_put_right_costs_no_points(graded, student):
    had = scores(graded[1], student)
    assert {question: had[question] for question in FULL if question != "q2_3"} == {
        question: most for question, most in FULL.items() if question != "q2_3"
    }


def test_a_notebook_whose_cells_were_mangled_keeps_the_answers_that_are_there(graded):
    had = scores(graded[1], "mangled")
    assert (had["q2_2"], had["q2_3"], had["q3_1"]) == ("6", "0", "12")


def test_of_two_files_for_one_notebook_the_newer_is_graded_and_both_are_named(graded):
    told = " ".join(row["message"] for (who, _), row in graded[1].items() if who == "mia")
    assert "2_compound_scaling-old.ipynb" in told and "the newer" in told


def test_results_say_every_case_the_seed_and_the_versions(graded):
    results = json.loads((graded[3] / "results" / "jörg müller" / f"{SECOND}.json").read_text())
    assert isinstance(results["seed"], int)
    assert results["versions"]["torch"]
    assert all(case["name"] for question in results["questions"] for case in question["cases"])


def test_a_second_run_judges_nothing_again_and_gives_the_same_scores(graded):
    _, rows, _, out = graded
    kept = {path: path.stat().st_mtime_ns for path in (out / "results").rglob("*.json")}
    handins, course = out.parent / "handins", out.parent / "course"
    done = autograder("grade", str(handins), f"--out={out}", f"--nbgrader-course={course}", "--cell-seconds=8")
    assert done.returncode == 0, done.stderr
    assert rows_of(out / "scores.csv") == rows
    assert {path: path.stat().st_mtime_ns for path in (out / "results").rglob("*.json")} == kept


def test_a_run_that_is_interrupted_says_so_and_leaves_no_kernel_behind(graded, tmp_path):
    handins = graded[3].parent / "handins"
    course = shutil.copytree(graded[3].parent / "course", tmp_path / "course")
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        str(handins),
        f"--out={tmp_path}",
        f"--nbgrader-course={course}",
    ]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("results/*/*.json")) and time.monotonic() < deadline:
        time.sleep(0.2)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "stopped" in said.strip().split("\n")[-1]
    while left := still_running(str(tmp_path)):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def still_running(mark: str) -> list[str]:
    """The commands of all processes that have `mark` in them."""
    commands = (" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
    return [command for command in commands if mark in command]
