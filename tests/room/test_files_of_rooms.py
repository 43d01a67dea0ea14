"""The folder of rooms without a disk of their own is its template's alone, whatever other runs do at the same time."""

import fcntl
import tempfile
from pathlib import Path

import pytest

from autograder.room import files_of_rooms
from autograder.room.files_of_rooms import FilesOfRooms

pytestmark = pytest.mark.tool


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_template_has_left_goes_and_that_of_a_living_one_stays(place):
    with FilesOfRooms() as left:
        pass
    with FilesOfRooms() as living, FilesOfRooms() as new:
        assert not left.folder.exists()
        assert living.folder.is_dir() and new.folder.is_dir()


def test_a_folder_that_another_run_removes_before_it_is_locked_is_made_anew(monkeypatch):
    real, removed = fcntl.flock, []

    def late(file, operation):
        if operation == fcntl.LOCK_EX and not removed:
            removed.append(Path(file.name).parent)
            files_of_rooms._remove_if_left(removed[0])
        real(file, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with FilesOfRooms() as made:
        assert made.folder.is_dir() and (made.folder / "lock").is_file()
    assert made.folder not in removed
