"""The zip for Gradescope, run as it is there: from a folder laid out like its container, without a network."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from autograder.course.answered import add_attachments, fill, model_answers
from autograder.course.skeleton import load_skeletons
from autograder.judge import CaseResult, QuestionResult, Results, Status
from autograder.run.gradescope.container import one_hand_in
from autograder.run.gradescope.layout import Layout
from autograder.run.gradescope.results_json import escaped, results_json
from tests.command import autograder
from tests.tiny import FIRST, POINTS, UPPER

FIELDS = {
    "score",
    "execution_time",
    "output",
    "output_format",
    "visibility",
    "stdout_visibility",
    "tests",
    "extra_data",
}
OF_A_TEST = {"score", "max_score", "status", "name", "number", "output", "output_format", "visibility"}
"""Fields that Gradescope's documentation has."""

HOSTILE = {"q1-median": "import os\nprint(os.listdir('/'))\nos.system('cat /*/source/course.packed; kill -9 -1')"}


@pytest.fixture(scope="module")
def zipped(tiny, tmp_path_factory) -> Path:
    """The zip of the tiny course."""
    zipped = tmp_path_factory.mktemp("gradescope") / "made" / "tiny.zip"
    done = autograder(f"--course={tiny.folder}", "gradescope", f"--out={zipped}", "--seed=5")
    assert done.returncode == 0 and "upload it as the autograder" in done.stdout, done.stderr
    return zipped


class Container:
    """A folder laid out as Gradescope's, with the zip in it."""

    def __init__(self, root: Path, zipped: Path):
        self.root = root
        root.chmod(0o755)
        (root / "submission").mkdir()
        with zipfile.ZipFile(zipped) as archive:
            archive.extractall(root / "source")

    def hand_in(self, course: Course, own: dict[str, str], names: tuple[str, ...]) -> None:
        """What a student uploads: the model's answers but for `own`, of the notebooks named."""
        for name in names:
            notebook = fill(load_skeletons(course)[name], model_answers(course) | own)
            nbformat.write(notebook, self.root / "submission" / f"{name}.ipynb")
        add_attachments(course, self.root / "submission")

    def run(self, python: str = sys.executable) -> tuple[subprocess.CompletedProcess, dict]:
        """Grade as run_autograder does, without a network where that can be taken away."""
        alone = ["unshare", "-n"] if os.geteuid() == 0 else []
        command = [*alone, python, "-P", "-m", "autograder.run.gradescope.container", str(self.root)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.root)
        results = self.root / "results" / "results.json"
        return done, json.loads(results.read_text(encoding="utf-8")) if results.is_file() else {}


@pytest.fixture
def container(zipped, tmp_path):
    return Container(tmp_path, zipped)


def by_question(results: dict) -> dict[str, float]:
    found: dict[str, float] = {}
    for test in results["tests"]:
        found[test["number"]] = found.get(test["number"], 0) + test["score"]
    return found


@pytest.mark.room
@pytest.mark.tool
def test_right_answers_get_every_point_and_the_fields_are_those_of_the_documentation(container, tiny):
    container.hand_in(tiny, {}, tiny.notebooks)
    done, results = container.run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert by_question(results) == POINTS and results["score"] == sum(POINTS.values())
    assert set(results) == FIELDS and all(set(test) == OF_A_TEST for test in results["tests"])
    assert "7 points wait for a person" in results["output"]
    assert {test["visibility"] for test in results["tests"]} == {"visible", "after_published"}
    assert all(test["max_score"] == 0 for test in results["tests"] if test["number"] == "x1")


@pytest.mark.room
@pytest.mark.tool
def test_a_wrong_answer_and_a_missing_notebook_keep_what_is_right(container, tiny):
    container.hand_in(tiny, UPPER, (FIRST,))
    done, results = container.run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert results["score"] == by_question(results)["q1"] == 4
    failed = [test for test in results["tests"] if test["number"] == "q1" and test["status"] == "failed"]
    assert len(failed) == 1 and failed[0]["visibility"] == "after_published" and failed[0]["output"]
    assert "2\\_spread: Not handed in." in results["output"]


@pytest.mark.room
@pytest.mark.tool
def test_a_hostile_answer_reads_nothing_and_costs_nobody_else(container, tiny):
    container.hand_in(tiny, HOSTILE, tiny.notebooks)
    done, results = container.run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert by_question(results) == POINTS | {"q1": 0}
    assert "course.packed" not in json.dumps(results)


@pytest.mark.room
@pytest.mark.tool
def test_the_zip_of_hand_in_counts_as_its_files_do(container, tiny):
    container.hand_in(tiny, UPPER, tiny.notebooks)
    files = container.root / "submission"
    with zipfile.ZipFile(container.root / "packed.zip", "w") as archive:
        for path in sorted(files.iterdir()):
            archive.write(path, path.name)
            path.unlink()
    (container.root / "packed.zip").rename(files / f"ada_{tiny.name}.zip")
    done, results = container.run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert by_question(results) == POINTS | {"q1": 4}


@pytest.mark.parametrize(
    "names",
    [
        ["1_averages_mine2.ipynb", "1_averages_idea.ipynb"],
        ["ada_1_averages.ipynb", "draft_1_averages.ipynb"],
        ["mine/1_averages.ipynb", "idea/1_averages.ipynb"],
        ["submissions/1_averages.ipynb"],
    ],
)
def test_what_is_uploaded_is_one_students_whatever_it_is_called(names, tiny, tmp_path):
    for name in names:
        (tmp_path / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "submission" / name).write_text('{"cells": []}')
    assert len(one_hand_in(Layout(tmp_path), tiny, tmp_path / "scratch").notebooks) == len(names)


@pytest.mark.room
@pytest.mark.tool
def test_a_fault_of_ours_leaves_no_results_and_says_why(container, tiny):
    container.hand_in(tiny, {}, tiny.notebooks)
    (container.root / "source" / "course.packed").write_bytes(b"damaged")
    done, results = container.run()
    assert done.returncode == 1 and not results
    assert done.stdout.startswith("autograder: not graded, and no fault of the student's: ")


@pytest.mark.tool
def test_nothing_uploaded_is_said_in_one_line(container):
    done, results = container.run()
    assert done.returncode == 1 and not results and len(done.stdout.splitlines()) == 1


@pytest.mark.proof
@pytest.mark.room
@pytest.mark.tool
def test_setup_makes_an_environment_of_its_own_that_grades_without_a_network(container, tiny):
    settings = {"AUTOGRADER_ROOT": str(container.root), "NO_APT": "1", "TORCH_INDEX": "", "PYTHON": sys.executable}
    setup = ["bash", str(container.root / "source" / "setup.sh")]
    done = subprocess.run(setup, env=os.environ | settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    container.hand_in(tiny, UPPER, tiny.notebooks)
    done, results = container.run(str(container.root / "environment" / "bin" / "python"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert by_question(results) == POINTS | {"q1": 4}
    assert (container.root / "source").stat().st_mode & 0o777 == 0o700
    shutil.rmtree(container.root / "environment")


def test_an_unknown_notebook_is_one_line(tiny):
    command = [sys.executable, "-m", "autograder", f"--course={tiny.folder}", "gradescope", "--notebook=3_none"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "--notebook 3_none: the course has 1_averages, 2_spread" in done.stderr


def question(score: float, **other) -> QuestionResult:
    cases = (CaseResult("one", 1.0, False, True), CaseResult("two", 1.0, True, False, "Look again."))
    return QuestionResult("q1", score, 2.0, Status.PARTIAL, "Look again.", cases=cases, **other)


def test_points_that_are_given_for_a_fault_of_the_course_are_one_test():
    made = results_json([Results("ada", "n", 1, (question(2.0, course_fault=True),))], (), 1.0)
    assert [(test["name"], test["score"]) for test in made["tests"]] == [("q1", 2.0)] and made["score"] == 2.0


def test_what_the_judge_does_not_tell_is_not_told_case_by_case():
    silent = question(1.0)
    object.__setattr__(silent, "message", "")
    made = results_json([Results("ada", "n", 1, (silent,))], (), 1.0)
    assert [test["output"] for test in made["tests"]] == ["", ""]


def test_names_of_files_are_no_markup():
    assert escaped("<img src=x> [a](b) **c**") == r"\<img src=x\> \[a\]\(b\) \*\*c\*\*"
    made = results_json([Results("ada", "n", 1, (), notes=("<b>.ipynb is not used",))], ("# title",), 1.0)
    assert made["output"] == "- \\# title\n- n: \\<b\\>.ipynb is not used"
