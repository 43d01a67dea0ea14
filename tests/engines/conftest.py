"""How tests call the real tools, as a person would type it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import command as command_of_tests

BIN = Path(sys.executable).parent
PATH = f"{BIN}{os.pathsep}{os.environ['PATH']}"


def run_tool(*command: str, cwd: Path, started: bool = False) -> subprocess.CompletedProcess:
    """Run nbgrader or otter in `cwd`, with the environment's programs on the path.

    started: whether in a Python of its own, as where the test is of what that imports.
    """
    if not started:
        return command_of_tests.run(*command, cwd=cwd, PATH=PATH)
    call = [str(BIN / command[0]), *command[1:]]
    environment = os.environ | {"PATH": PATH}
    return subprocess.run(call, cwd=cwd, env=environment, capture_output=True, text=True, timeout=600)


@pytest.fixture
def classroom(tiny, tmp_path) -> Path:
    """A copy of the nbgrader course, without submissions."""
    shutil.copytree(tiny.dist / "nbgrader", tmp_path / "course")
    return tmp_path / "course"


def submitted(classroom: Path, student: str) -> Path:
    """Where nbgrader looks for a student's hand-in."""
    return classroom / "submitted" / student / "tiny"
