"""Which of several files counts: the one with answers, of several the newest; and every other one is named."""

import json
import os

import pytest

from autograder.intake.collect import clean, collect
from tests.intake.intake_files import code, hand_in, notebook_bytes

MARK = "*mine*"
NAME = "1_intuition"


@pytest.fixture
def ada(tmp_path):
    """A student's folder."""
    (tmp_path / "class" / "ada").mkdir(parents=True)
    return tmp_path / "class" / "ada"


@pytest.fixture
def graded(tmp_path, ada, released, skeletons):
    """What the first answer of the student's notebook is, and what is said of the hand-in."""

    def run():
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        [one] = collect(ada.parent, scratch, released)
        submission = clean(one, released)[NAME].submission
        first = next(cell.id for cell in skeletons[NAME].cells if cell.is_students)
        return next(c.source for c in submission.cells if c.id == first), "; ".join(submission.notes)

    return run


@pytest.mark.parametrize(
    "copy",
    [f"{NAME} (1).ipynb", f"{NAME}-checkpoint.ipynb", f"{NAME}-LAPTOP-AB12.ipynb", f"Copy of {NAME}.ipynb",
     "Untitled.ipynb", f"student/{NAME}.ipynb"],
)  # fmt: skip
def test_a_newer_blank_copy_does_not_beat_the_answered_one(ada, graded, skeletons, copy):
    hand_in(skeletons[NAME], ada / f"{NAME}.ipynb", MARK, time=1e9)
    hand_in(skeletons[NAME], ada / copy, time=2e9)
    source, said = graded()
    assert source == MARK and "has no answers" in said and copy.split("/")[-1] in said


@pytest.mark.parametrize("answered", [f"{NAME}.ipynb", f"{NAME} (1).ipynb"])
def test_the_answered_one_counts_whatever_it_is_called(ada, graded, skeletons, answered):
    other = {f"{NAME}.ipynb": f"{NAME} (1).ipynb"}.get(answered, f"{NAME}.ipynb")
    hand_in(skeletons[NAME], ada / answered, MARK, time=1e9)
    hand_in(skeletons[NAME], ada / other, time=1e9)
    assert graded()[0] == MARK


@pytest.mark.parametrize("name", [f"{NAME} scratch.ipynb", f"ps0/{NAME}.ipynb"])
def test_a_newer_notebook_that_is_another_does_not_beat_the_answered_one(ada, graded, skeletons, name):
    hand_in(skeletons[NAME], ada / f"{NAME}.ipynb", MARK, time=1e9)
    (ada / name).parent.mkdir(exist_ok=True)
    (ada / name).write_bytes(notebook_bytes(code("x = [1, 2, 3]\nprint(x)")))
    source, said = graded()
    assert source == MARK and "is not the release's 1_intuition" in said


def test_of_two_with_different_answers_the_newer_counts_and_it_is_said(ada, graded, skeletons):
    hand_in(skeletons[NAME], ada / f"{NAME}.ipynb", "*old*", time=1e9)
    hand_in(skeletons[NAME], ada / f"{NAME} (1).ipynb", MARK, time=1e9 + 60)
    source, said = graded()
    assert source == MARK and "with different answers: the newer, 1_intuition (1).ipynb, is graded" in said


def test_equal_times_are_not_newer(ada, graded, skeletons):
    hand_in(skeletons[NAME], ada / f"{NAME}.ipynb", MARK, time=1e9)
    hand_in(
        skeletons[NAME], ada / f"{NAME} (1).ipynb", "*other*", time=1e9 + 1
    )  # zips tell time in steps of two seconds
    source, said = graded()
    assert source == MARK and "newer" not in said and "of the same time, with different answers" in said


def test_of_two_blank_ones_one_is_graded(ada, graded, skeletons):
    hand_in(skeletons[NAME], ada / f"{NAME}.ipynb", time=1e9)
    hand_in(skeletons[NAME], ada / f"{NAME} (1).ipynb", time=2e9)
    assert "with the same answers" in graded()[1]


def test_of_the_same_time_the_one_with_more_answers_counts(ada, graded, skeletons):
    path = hand_in(skeletons[NAME], ada / f"{NAME} (1).ipynb", MARK)
    content = json.loads(path.read_text())
    written = [cell for cell in skeletons[NAME].cells if cell.is_students]
    next(cell for cell in content["cells"] if cell["id"] == written[1].id)["source"] = "more"
    path.write_text(json.dumps(content))
    os.utime(path, (1e9, 1e9))
    hand_in(skeletons[NAME], ada / f"{NAME}.ipynb", "*other*", time=1e9)
    source, said = graded()
    assert source == MARK and "which has more of them" in said


def test_the_same_answers_twice_are_said_to_be_the_same(ada, graded, skeletons):
    hand_in(skeletons[NAME], ada / f"{NAME}.ipynb", MARK, time=1e9)
    hand_in(skeletons[NAME], ada / "backup" / f"{NAME}.ipynb", MARK, time=2e9)
    source, said = graded()
    assert source == MARK and "with the same answers" in said and "backup" in said


def test_one_that_was_answered_in_a_cell_of_its_own_has_answers(ada, graded, skeletons):
    skeleton = skeletons[NAME]
    name = next(iter(skeleton.by_definition))
    path = hand_in(skeleton, ada / f"{NAME}.ipynb")
    content = json.loads(path.read_text())
    content["cells"].append(code(f"def {name}(*sizes):\n    return 7"))
    path.write_text(json.dumps(content))
    os.utime(path, (1e9, 1e9))
    hand_in(skeleton, ada / f"{NAME} (1).ipynb", time=2e9)
    assert f"{NAME} (1).ipynb has no answers" in graded()[1]
