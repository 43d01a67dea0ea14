"""A test that forgets its mark fails, whatever starts the program and whoever catches what is raised."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.compound import ROOT

pytestmark = pytest.mark.tool

FORGETFUL = """
import os, socket, subprocess, sys
import pytest

TRUE = [sys.executable, "-c", ""]

def test_runs_a_program():
    subprocess.run(TRUE)

def test_catches_what_is_raised():
    try:
        subprocess.run(TRUE)
    except BaseException:
        pass

def test_forks():
    if os.fork() == 0:
        os._exit(0)

def test_asks_for_a_room(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.connect(str(tmp_path / "template"))

@pytest.fixture(scope="module")
def made():
    subprocess.run(TRUE)

def test_has_a_fixture_that_runs_a_program(made):
    pass
"""

MARKED = """
import subprocess, sys
import pytest

@pytest.mark.tool
def test_is_marked():
    subprocess.run([sys.executable, "-c", ""], check=True)

@pytest.fixture
def walled():
    subprocess.run([sys.executable, "-c", ""], check=True)

def test_has_a_fixture_that_marks_it(walled):
    pass

def test_starts_nothing():
    pass
"""

NEEDS_WHAT_IS_NOT_THERE = """
import pytest
import surely_not_installed

pytestmark = [pytest.mark.tool]

def test_starts_nothing():
    pass
"""


def outcome(folder: Path, text: str, *options: str) -> str:
    """pytest's last line on a file of tests, under the guard."""
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text(
        f"[pytest]\npythonpath = {ROOT}\nmarkers =\n    room\n    tool\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.lanes", *options]
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}  # ours, and no caller's
    done = subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, timeout=120)
    return done.stdout.strip().splitlines()[-1].partition(" in ")[0]


def test_without_a_mark_nothing_is_started(tmp_path):
    assert outcome(tmp_path, FORGETFUL) == "4 failed, 1 error"


def test_with_a_mark_or_a_fixture_that_gives_it_all_is_allowed(tmp_path):
    assert outcome(tmp_path, MARKED) == "3 passed"
    assert outcome(tmp_path, MARKED, "-m", "not room and not tool") == "1 passed, 2 deselected"


def test_a_file_of_another_lane_is_not_imported(tmp_path):
    assert "1 error" in outcome(tmp_path, NEEDS_WHAT_IS_NOT_THERE)
    assert outcome(tmp_path, NEEDS_WHAT_IS_NOT_THERE, "-m", "not room and not tool") == "no tests ran"
