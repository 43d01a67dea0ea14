"""What is written atomically is there as a whole, or not at all."""

import os
from pathlib import Path

import pytest

from autograder.atomic import FOR_US, replacing, write_bytes, write_text


def test_a_file_is_written_with_its_folder_and_in_utf_8(tmp_path):
    path = tmp_path / "deep" / "file.txt"
    write_text(path, "größer – ≥")
    assert path.read_bytes().decode("utf-8") == "größer – ≥"


def test_a_writer_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it(tmp_path):
    path = tmp_path / "file.txt"
    write_bytes(path, b"before")
    with pytest.raises(KeyboardInterrupt), replacing(path) as partial:
        partial.write_bytes(b"half of wh")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"before" and os.listdir(tmp_path) == ["file.txt"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_text(tmp_path / "link", "x")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "file").read_text() == "x"


def test_a_private_file_is_never_readable_for_others(tmp_path):
    with replacing(tmp_path / "file", FOR_US) as partial:
        assert partial.stat().st_mode & 0o077 == 0
    assert (tmp_path / "file").stat().st_mode & 0o077 == 0


def test_a_folder_that_takes_no_files_is_told_by_the_file_that_was_asked_for(tmp_path):
    with pytest.raises(PermissionError) as told:
        write_text(Path("/proc/scores.csv"), "x")
    assert told.value.filename == "/proc/scores.csv"
    (tmp_path / "folder").mkdir()
    long = tmp_path / "folder" / ("x" * 98 + "ü" * 100)
    with pytest.raises(OSError) as told:
        write_text(long, "x")
    assert told.value.filename == str(long)


def test_a_disk_that_is_full_as_a_file_is_written_is_told_by_that_file(tmp_path):
    path = tmp_path / "scores.csv"
    with pytest.raises(OSError, match="No space left") as told, replacing(path):
        Path("/dev/full").write_text("a disk without space names no file", encoding="utf-8")
    assert told.value.filename == str(path)
