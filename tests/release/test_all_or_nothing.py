"""A release is written as a whole or not at all, and a refused one leaves the gradebook as it was."""

from hashlib import sha256
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.errors import CourseError, MachineTrouble
from autograder.release import build as building
from autograder.release.build import build, write
from autograder.release.swap import Swap
from tests.command import autograder
from tests.small_course import edit

pytestmark = pytest.mark.tool


def files_in(folder: Path) -> dict[str, str]:
    """Every file of a course but its sources, and the hash of what is in it."""
    paths = [path for part in ("notebooks", "dist") for path in sorted((folder / part).rglob("*"))]
    return {str(path.relative_to(folder)): path.is_file() and sha256(path.read_bytes()).hexdigest() for path in paths}


def add_a_cell(course) -> None:
    edit(course.folder / "first.py", "# %%\nimport math", "# %%\nimport math\n\n# %%\nimport cmath")


def add_a_notebook(course) -> None:
    (course.folder / "second.py").write_text("# %% [markdown]\n# # Second\n", encoding="utf-8")
    edit(course.folder / "course.toml", 'notebooks = ["first"]', 'notebooks = ["first", "second"]')


@pytest.mark.parametrize("change", [add_a_cell, add_a_notebook])
def test_a_release_that_nbgrader_refuses_changes_nothing_and_says_how_to_go_on(change, small, tmp_path):
    course = load_course(small / "course")
    chosen = f"--course={course.folder}"
    assert autograder("grade", str(small / "handins"), chosen, f"--out={tmp_path / 'out'}").returncode == 0
    before = files_in(course.folder)
    change(course)
    done = autograder("release", chosen)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    told = done.stderr.strip().split("\n")
    assert len(told) == 2 and "nbgrader refuses the release" in told[0]
    assert "undo" in told[1] and "gradebook.db away" in told[1]
    assert files_in(course.folder) == before
    (course.dist / "nbgrader" / "gradebook.db").rename(tmp_path / "old.db")
    assert autograder("release", chosen).returncode == 0, "as it was told"


@pytest.mark.parametrize("step", ["make_course", "write_otter_zip", "write_student_zip"])
def test_a_release_that_stops_on_the_way_changes_nothing(step, small, monkeypatch):
    course = load_course(small / "course")
    before = files_in(course.folder)
    add_a_cell(course)
    made = build(course)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(building, step, stop)
    with pytest.raises(KeyboardInterrupt):
        write(made)
    assert files_in(course.folder) == before
    monkeypatch.undo()
    write(made)
    assert files_in(course.folder) != before


def test_a_gradebook_that_changes_during_a_release_is_not_overwritten(small, monkeypatch):
    course = load_course(small / "course")
    made, book = build(course), course.dist / "nbgrader" / "gradebook.db"

    def and_somebody_grades(*arguments):
        book.write_bytes(book.read_bytes() + b"\0" * 4096)
        return original(*arguments)

    original = building.make_course
    monkeypatch.setattr(building, "make_course", and_somebody_grades)
    with pytest.raises(MachineTrouble, match="another program has changed it"):
        write(made)
    assert book.read_bytes().endswith(b"\0" * 4096)


def test_a_damaged_gradebook_refuses_the_release(small):
    course = load_course(small / "course")
    (course.dist / "nbgrader" / "gradebook.db").write_bytes(b"no database at all")
    with pytest.raises(CourseError, match="is no gradebook, or is damaged"):
        write(build(course))


# ---- the swap itself


def test_targets_are_replaced_together_and_what_was_there_is_gone(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "old").touch()
    with Swap() as swap:
        swap.stage(tmp_path / "folder").mkdir()
        swap.stage(tmp_path / "deep" / "file").write_text("new")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["deep", "file", "folder"]


def test_when_one_target_cannot_be_replaced_the_others_are_as_they_were(tmp_path):
    (tmp_path / "file").write_text("old")
    with pytest.raises(OSError), Swap() as swap:
        swap.stage(tmp_path / "file").write_text("new")
        swap.stage(tmp_path / "deep" / "never made")
    assert [path.name for path in tmp_path.rglob("*")] == ["file"] and (tmp_path / "file").read_text() == "old"
