"""A folder that something has while it runs is its own, whatever other runs do, and does not outlive it for long."""

import fcntl
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder import scratch
from autograder.scratch import LockedFolder, scratch_folder
from tests.compound import ROOT

pytestmark = pytest.mark.tool

KILLED = """
import os, signal
from autograder.scratch import scratch_folder
with scratch_folder("run-") as folder:
    (folder / "weights").write_bytes(b"0" * 1000)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_what_a_killed_owner_has_left_goes_and_that_of_a_living_one_stays():
    with LockedFolder("room-") as left:
        pass
    with LockedFolder("room-") as living, LockedFolder("room-") as new:
        assert not left.folder.exists()
        assert living.folder.is_dir() and new.folder.is_dir()


def test_a_folder_that_another_run_removes_before_it_is_locked_is_made_anew(monkeypatch):
    real, removed = fcntl.flock, []

    def late(file, operation):
        if operation == fcntl.LOCK_EX and not removed:
            removed.append(Path(file.name).parent)
            scratch._remove_if_left(removed[0])
        real(file, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with LockedFolder("room-") as made:
        assert made.folder.is_dir() and (made.folder / "lock").is_file()
    assert made.folder not in removed


def test_a_scratch_folder_is_gone_after_its_block_and_a_killed_ones_when_the_next_is_made(place):
    subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, timeout=60)
    [left] = place.iterdir()
    assert (left / "files" / "weights").is_file()
    with scratch_folder("run-") as folder:
        assert list(folder.iterdir()) == [] and not left.exists()
    assert list(place.iterdir()) == []
