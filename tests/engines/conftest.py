"""How tests call the real tools, as a person would type it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.course.answered import fill
from autograder.course.skeleton import load_skeletons
from tests.compound import COURSE

BIN = Path(sys.executable).parent


def run_tool(*command: str, cwd: Path) -> subprocess.CompletedProcess:
    """Run nbgrader or otter in `cwd`, with the environment's programs on the path."""
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )


def hand_in(folder: Path, answers: dict[str, str], *names: str) -> None:
    """Put the release with some answers into `folder`; all notebooks where none is named."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, skeleton in load_skeletons(COURSE).items():
        if not names or name in names:
            nbformat.write(fill(skeleton, answers), folder / f"{name}.ipynb")


@pytest.fixture
def classroom(course, tmp_path) -> Path:
    """A copy of the nbgrader course, without submissions."""
    shutil.copytree(course.dist / "nbgrader", tmp_path / "course")
    return tmp_path / "course"


def submitted(classroom: Path, student: str) -> Path:
    """Where nbgrader looks for a student's hand-in."""
    return classroom / "submitted" / student / COURSE.name
