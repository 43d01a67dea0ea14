"""The course as nbgrader and otter grade it as they come: no configuration, preprocessor or plugin of ours.

The hidden tests are the same at the same points; they run where stock tools run them, in the student's own kernel. In
nbgrader's course a check cell holds the question's test file between ### BEGIN HIDDEN TESTS and ### END HIDDEN TESTS,
and its last line is the number of points. It has no `import otter`, as a course for nbgrader alone would.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.course import find_course
from autograder.course.questions import Question, read_questions
from autograder.course.skeleton import OURS
from autograder.course.source import read_source
from autograder.release.assemble import instructor_notebook

COURSE = find_course(Path(__file__).parent)

BIN = Path(sys.executable).parent

OTTERS = {"from otter.test_files import test_case\n", "import otter", "grader = otter.Notebook()"}
"""What only otter needs."""

TEST_CELL = """\
# The tests of {name}.
### BEGIN HIDDEN TESTS
import inspect


def points_of(text):
    \"\"\"The points of the cases in a test file that pass on this notebook's names.\"\"\"
    cases, earned = [], 0.0

    def test_case(points, hidden=False):
        return lambda function: cases.append((points, function))

    exec(text, {{"test_case": test_case, "__name__": "tests"}})
    for points, function in cases:
        try:
            function(*(globals()[name] for name in inspect.signature(function).parameters))
            earned += points
        except Exception:
            pass
    return earned


points_of({text!r})
### END HIDDEN TESTS"""


PATIENCE = 60
"""Seconds that a stock tool is waited for with one hand-in: some wait for ever."""


class StockFailed(Exception):
    """A stock tool gave no score at all: its last words."""


def stock_course(folder: Path, notebooks: tuple[str, ...]) -> None:
    """Make a course of stock nbgrader in `folder`, as `nbgrader generate_assignment` does it."""
    questions = read_questions(COURSE.questions)
    source = folder / "source" / COURSE.name
    source.mkdir(parents=True)
    for name in notebooks:
        notebook = instructor_notebook(COURSE, read_source(COURSE.source(name)), questions)
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        for cell in notebook.cells:
            _make_stock(cell, questions)
        nbformat.write(notebook, source / f"{name}.ipynb")
    config = f"c = get_config()\nc.CourseDirectory.course_id = {COURSE.name!r}\n"
    (folder / "nbgrader_config.py").write_text(
        config + f"c.Exchange.root = {str(folder / 'exchange')!r}\n", encoding="utf-8"
    )
    (folder / "exchange").mkdir()
    _type(["nbgrader", "generate_assignment", COURSE.name, "--create"], folder)


def _make_stock(cell: NotebookNode, questions: dict[str, Question]) -> None:
    ours = cell.metadata.get(OURS, {})
    if ours.get("role") == "check":
        question = questions[ours["question"]]
        text = "".join(line for line in question.text.splitlines(keepends=True) if line not in OTTERS)
        cell.source = TEST_CELL.format(name=question.name, text=text)
        cell.metadata["nbgrader"]["points"] = question.points
    elif ours.get("role") == "given":
        cell.source = "\n".join(line for line in cell.source.split("\n") if line not in OTTERS)


def stock_zips(folder: Path, notebooks: tuple[str, ...]) -> dict[str, Path]:
    """Make otter's zip of each notebook in `folder`, as `otter generate` does it: name → path."""
    questions = read_questions(COURSE.questions)
    zips = {}
    for name in notebooks:
        tests = folder / name / "tests"
        tests.mkdir(parents=True)
        for cell in read_source(COURSE.source(name)).cells:
            if cell.role == "check":
                shutil.copy(questions[cell.question].path, tests)
        zips[name] = folder / name / "autograder.zip"
        command = ["otter", "generate", "-t", str(tests), "-o", str(zips[name])]
        _type([*command, "--no-requirements", "--no-environment"], folder / name)
    return zips


def stock_score(tool: str, notebook_path: Path, name: str) -> float:
    """The points that a stock tool's tests give one hand-in. Raises StockFailed where it gives no score.

    tool: "nbgrader" or "otter". name: of the release's notebook that `notebook_path` is a copy of.
    """
    if tool == "otter":
        return _otters_score(notebook_path, name)
    course, student = _course_of(name), f"student-{uuid.uuid4().hex}"
    handed_in = course / "submitted" / student / COURSE.name
    handed_in.mkdir(parents=True)
    shutil.copy(notebook_path, handed_in / f"{name}.ipynb")
    _type(autograde_command(student), course)
    return nbgraders_score(course, student, name)


def autograde_command(student: str = "") -> list[str]:
    """What one types in a course to grade one student, or everyone."""
    return ["nbgrader", "autograde", COURSE.name, "--create", *(["--student", student] if student else [])]


def otter_command(archive: Path, notebook: Path, out: Path) -> list[str]:
    """What one types to grade one notebook."""
    return ["otter", "run", "-a", str(archive), "-o", str(out), str(notebook)]


def nbgraders_score(course: Path, student: str, name: str) -> float:
    """What the gradebook of a course holds for the tests of one notebook."""
    with Gradebook(f"sqlite:///{course}/gradebook.db", COURSE.name) as gradebook:
        grades = gradebook.find_submission_notebook(name, COURSE.name, student).grades
        return sum(grade.score for grade in grades if grade.auto_score is not None)


def otters_score(out: Path) -> float:
    """What otter has written to its folder of results."""
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    return sum(test["score"] for test in results["tests"] if "score" in test)


def _otters_score(notebook_path: Path, name: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"{name}.ipynb"  # otter works where the notebook lies
        shutil.copy(notebook_path, copy)
        _type(otter_command(_zip_of(name), copy, Path(folder)), Path(folder))
        return otters_score(Path(folder))


@lru_cache
def _scratch() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="stock-")


@lru_cache
def _course_of(name: str) -> Path:
    folder = Path(_scratch().name) / "nbgrader" / name
    folder.mkdir(parents=True)
    stock_course(folder, (name,))
    return folder


@lru_cache
def _zip_of(name: str) -> Path:
    return stock_zips(Path(_scratch().name) / "otter", (name,))[name]


def environment() -> dict[str, str]:
    """What a command is run with: the programs of this interpreter's environment come first."""
    return os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}


def _type(command: list[str], folder: Path) -> None:
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=folder, env=environment(), start_new_session=True, **pipe)
    try:
        out, errors = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise StockFailed(f"did not end within {PATIENCE} seconds") from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its kernels, too
        process.wait()
    if process.returncode:
        raise StockFailed((errors.strip() or out.strip() or "nothing was said").splitlines()[-1])
