"""What is handed out: the students' zip, and otter's zip of each notebook. Reproducible entry by entry."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from otter.generate import main as otter_generate

from autograder.course import Course
from autograder.release.source import SourceError
from autograder.release.tests import Question

EPOCH = (2020, 1, 1, 0, 0, 0)
"""The time that every entry of a zip gets: what a zip holds must not depend on when it was made."""

STUDENT_DATA = ("cifar10_sample", "results")
"""The folders of data/ that students get. Beside them lies what their networks are judged on."""

PLUGIN = "autograder.engines.otter.JudgePlugin"


def write_student_zip(target: Path, course: Course, files: dict[str, str]) -> None:
    """dist/student.zip: notebooks, public tests, data, scalelab's wheel, and how to set up.

    files: the student release, path → text.
    """
    entries = {name: text.encode() for name, text in files.items()}
    entries |= _student_data(course)
    entries["environment.yml"] = STUDENT_ENVIRONMENT.encode()
    entries["README.md"] = STUDENT_README.encode()
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(course.root / "scalelab", Path(folder))
        entries[wheel.name] = wheel.read_bytes()
    _write_zip(target, entries)


def _student_data(course: Course) -> dict[str, bytes]:
    """The files of data/ that students get, path → content."""
    files = [path for folder in STUDENT_DATA for path in (course.data / folder).rglob("*") if path.is_file()]
    return {path.relative_to(course.root).as_posix(): path.read_bytes() for path in files}


def build_wheel(package: Path, target: Path) -> Path:
    """scalelab's wheel, built from a copy, so that the checkout stays clean. Raises SourceError."""
    copy = target / "source" / package.name
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*command, "--wheel-dir", str(target), str(copy)],
        env=os.environ | {"SOURCE_DATE_EPOCH": "1577836800", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
    )
    wheels = sorted(target.glob("*.whl"))
    if done.returncode or not wheels:
        raise SourceError(f"scalelab's wheel could not be built: {done.stderr.strip().splitlines()[-1:]}")
    return wheels[0]


def write_otter_zip(target: Path, notebook: str, questions: list[Question]) -> None:
    """dist/otter/<notebook>/autograder.zip by `otter generate`, with the judge as its plugin."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        tests = Path(folder) / "tests"
        tests.mkdir()
        for question in questions:
            (tests / question.path.name).write_text(question.text)
        config = Path(folder) / "otter_config.json"
        config.write_text(json.dumps({"plugins": [{PLUGIN: {"notebook": notebook}}], "show_hidden": False}))
        made = Path(folder) / "autograder.zip"
        otter_generate(
            tests_dir=str(tests),
            output_path=str(made),
            config=str(config),
            no_requirements=True,
            no_environment=True,
        )
        with zipfile.ZipFile(made) as archive:
            entries = {name: archive.read(name) for name in archive.namelist()}
    _write_zip(target, entries)


def _write_zip(target: Path, entries: dict[str, bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(entries):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), entries[name], zipfile.ZIP_DEFLATED)
    partial.replace(target)


STUDENT_ENVIRONMENT = """\
# conda env create -f environment.yml && conda activate compound-scaling && jupyter lab
name: compound-scaling
channels: [conda-forge]
dependencies:
  - python=3.11
  - pip
  - pip:
      - torch==2.13.0
      - torchvision==0.28.0
      - otter-grader==7.0.0
      - jupyterlab
      - ipywidgets
      - matplotlib
      - --find-links .
      - scalelab
"""

STUDENT_README = """\
# Compound scaling

Five notebooks on one idea, EfficientNet's compound scaling. Open them in their order.

1. Unpack this zip, and stay in its folder.
2. Set up, once: `conda env create -f environment.yml && conda activate compound-scaling`, or with Python 3.11
   or later `python -m venv .venv && . .venv/bin/activate && pip install torch==2.13.0 torchvision==0.28.0
   otter-grader==7.0.0 jupyterlab ipywidgets matplotlib && pip install --find-links . scalelab`.
3. `jupyter lab`, and open `1_intuition.ipynb`.
4. Answer where it says `YOUR CODE HERE` or *Write your answer here.*; run the check below each answer. The
   checks that you have are a part of those that grade you: passing them is a good sign, and no promise.
5. Save, then run the last cell of any notebook, `scalelab.hand_in()`. Hand in the zip that it makes.
"""
