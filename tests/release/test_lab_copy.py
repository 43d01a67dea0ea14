"""`make lab` opens a copy: work in it changes nothing that is committed, and is never written over."""

import subprocess
from pathlib import Path

import pytest

from autograder.release.lab_copy import copy_release


@pytest.fixture
def release(tmp_path):
    folder = tmp_path / "release"
    (folder / "tests").mkdir(parents=True)
    for name in ("1_a.ipynb", "2_b.ipynb", "tests/q1.py", "hand_in.json", ".OTTER_LOG", "best.json"):
        (folder / name).write_text(f"{name} as released")
    return folder


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_copy_is_what_was_released_and_nothing_else(tmp_path, release):
    assert copy_release(release, tmp_path / "lab") == []
    assert files(tmp_path / "lab") == {"1_a.ipynb", "2_b.ipynb", "tests/q1.py", "hand_in.json", ".release.json"}


def test_work_stays_and_the_rest_follows_the_release(tmp_path, release):
    copy_release(release, tmp_path / "lab")
    (tmp_path / "lab" / "1_a.ipynb").write_text("my work")
    (tmp_path / "lab" / "best.json").write_text("my run")
    assert copy_release(release, tmp_path / "lab") == []
    for name in ("1_a.ipynb", "2_b.ipynb", "tests/q1.py"):
        (release / name).write_text("released again")
    (line,) = copy_release(release, tmp_path / "lab")
    assert "1_a.ipynb is yours and stays" in line
    read = {name: (tmp_path / "lab" / name).read_text() for name in files(tmp_path / "lab")}
    assert (read["1_a.ipynb"], read["best.json"]) == ("my work", "my run")
    assert (read["2_b.ipynb"], read["tests/q1.py"]) == ("released again", "released again")
    (tmp_path / "lab" / "1_a.ipynb").rename(tmp_path / "lab" / "mine.ipynb")
    assert copy_release(release, tmp_path / "lab") == []
    assert (tmp_path / "lab" / "1_a.ipynb").read_text() == "released again"


def test_work_is_kept_when_what_was_copied_is_forgotten(tmp_path, release):
    copy_release(release, tmp_path / "lab")
    (tmp_path / "lab" / ".release.json").write_text("{")
    (tmp_path / "lab" / "1_a.ipynb").write_text("my work")
    copy_release(release, tmp_path / "lab")
    assert (tmp_path / "lab" / "1_a.ipynb").read_text() == "my work"


@pytest.mark.tool
def test_make_lab_opens_the_copy_which_git_does_not_see():
    root = Path(__file__).resolve().parents[2]
    said = subprocess.run(["make", "-n", "lab"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert "cd lab/compound_scaling && " in said
    assert (
        subprocess.run(["git", "check-ignore", "-q", "lab/compound_scaling/1_intuition.ipynb"], cwd=root).returncode
        == 0
    )
