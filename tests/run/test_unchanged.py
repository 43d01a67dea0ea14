"""What a student's record depends on: all that judges and renders, and not where it lies."""

import shutil
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.engines.grading import Grading
from autograder.room import NONE
from autograder.run import unchanged


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A copy of the autograder, as if it ran from there."""
    copy = tmp_path / "checkout"
    shutil.copytree(
        unchanged.OURS, copy, ignore=lambda folder, names: [name for name in names if name == "__pycache__"]
    )
    monkeypatch.setattr(unchanged, "OURS", copy)
    return copy


def test_another_checkout_of_the_same_commit_is_no_change_and_another_commit_is(tiny, tmp_path, request):
    def digest(course) -> str:
        return unchanged.digest_of_run(Grading(tmp_path / "results", course, 3, NONE), tiny.dist / "nbgrader", "")

    here = digest(tiny)
    checkout = request.getfixturevalue("checkout")
    other = load_course(Path(shutil.copytree(tiny.folder, tmp_path / "other", copy_function=shutil.copyfile)))
    assert digest(other) == here, "other paths and other times, the same content"
    for path in (checkout / "run" / "records.py", next(other.release.glob("*.ipynb"))):
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        assert digest(other) != here
        path.write_bytes(before)
    (checkout / "run" / "records.py").rename(checkout / "run" / "kept_records.py")
    assert digest(other) != here
