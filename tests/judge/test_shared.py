"""What tests compare with is computed by one worker of a run, and no room can read it."""

import math
import os
from multiprocessing import get_context
from pathlib import Path

import pytest

from autograder.engines.grading import Grading
from autograder.judge.shared import computed_once, share_in
from autograder.room import BWRAP, NONE, Limits, open_room
from autograder.run.graded import with_verdict
from autograder.run.grading import grade_class
from autograder.run.run import Run
from autograder.scratch import scratch_folder
from tests.room.conftest import value
from tests.small_course import edit, hand_in, released


@pytest.fixture
def folder(tmp_path):
    """Shared by this process."""
    share_in(tmp_path)
    yield tmp_path
    share_in(None)


class Counted:
    """Gives plain data, and counts how often it was asked."""

    def __init__(self, given):
        self.given, self.calls = given, 0

    def __call__(self):
        self.calls += 1
        return self.given


def test_what_is_there_is_not_computed_again_and_comes_back_as_it_was(folder):
    given = {"a": [1, 1.0, True, None, -0.0, math.inf, 1e-320, 2**70], (1, 2): b"\x00", 3: {"é"}}
    compute = Counted(given)
    for _ in range(2):
        assert repr(computed_once(("text", "function", (1,)), compute)) == repr(given)
    assert compute.calls == 1
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir() if not path.suffix} == {0}


@pytest.mark.parametrize(
    "other",
    [("other", "function", (1,)), ("text", "other", (1,)), ("text", "function", (2,)), ("text", "function", (1.0,))],
)
def test_another_test_file_function_or_argument_is_something_else(folder, other):
    computed_once(("text", "function", (1,)), lambda: 1)
    assert computed_once(other, lambda: 2) == 2


def test_equal_arguments_are_the_same_however_they_came_about(folder):
    word = "".join(["a", "b"])
    computed_once((word, [word, word]), lambda: 1)
    assert computed_once(("ab", ["ab", "a" + "b"[:]]), Counted(2)) == 1


@pytest.mark.parametrize("damage", [b"", b"\xff", b"[\x05\x00\x00\x00"])
def test_what_cannot_be_read_is_computed(folder, damage):
    computed_once((1,), lambda: [1, 2])
    next(path for path in folder.iterdir() if not path.suffix).write_bytes(damage)
    compute = Counted([1, 2])
    assert [computed_once((1,), compute) for _ in range(2)] == [[1, 2]] * 2 and compute.calls == 1


def test_without_the_folder_each_computes_by_itself(folder):
    folder.rmdir()
    compute = Counted(5)
    assert [computed_once((1,), compute) for _ in range(2)] == [5, 5] and compute.calls == 2
    assert not folder.exists()


def test_what_raises_is_shared_with_nobody(folder):
    def fails():
        raise FileNotFoundError("a test's own mistake")

    with pytest.raises(FileNotFoundError, match="own mistake"):
        computed_once((1,), fails)
    assert computed_once((1,), lambda: 2) == 2


def _compute_and_end(folder: Path) -> None:
    share_in(folder)
    computed_once((1,), lambda: os._exit(0))


@pytest.mark.tool
def test_a_worker_that_dies_as_it_computes_holds_nobody_up(folder):
    process = get_context("spawn").Process(target=_compute_and_end, args=(folder,))
    process.start()
    process.join()
    assert list(folder.glob("*.lock"))
    assert computed_once((1,), lambda: 2) == 2


REMEMBERED = """
@remembered
def doubled(number):
    with open(LOG, "a") as log:
        log.write(f"{number}\\n")
    return 2 * number


@test_case(points=2, hidden=True)
def doubles_forty_one(double):
    number = rng("q1").randrange(10**9)
    expect_close(double(number), doubled(number))
"""


@pytest.mark.room
def test_two_workers_of_a_run_compute_each_thing_once(tmp_path):
    course = released(tmp_path / "course")
    question, log = course.questions / "q1.py", tmp_path / "log"
    text = question.read_text(encoding="utf-8")
    edit(question, text[text.index("@test_case(points=2") :], f"LOG = {str(log)!r}\n{REMEMBERED}")
    edit(question, "import expect_close", "import expect_close, remembered, rng")
    for number in range(12):
        hand_in(
            course,
            tmp_path / "handins",
            f"s{number}",
            {"q1-double": f"def double(n):\n    return 2 * n + 0 * {number}"},
        )
    grading = Grading(tmp_path / "results", course, 1, NONE)
    run = Run(tmp_path / "handins", grading, "otter", tmp_path / "course", 2)
    outcomes = with_verdict(grade_class(run, lambda *_: None))
    computed = log.read_text(encoding="utf-8").split()
    assert [one.results.score for one in outcomes] == [3] * 12
    assert sorted(computed) == sorted(set(computed)) and 1 < len(computed) <= 3


@pytest.mark.room
def test_no_room_sees_what_workers_share():
    with scratch_folder("shared-test-") as scratch, open_room(BWRAP, (), Limits()) as walled:
        share_in(scratch)
        computed_once((1,), lambda: "a hidden value")
        share_in(None)
        assert list(scratch.iterdir())
        assert value(walled, f"__import__('os').listdir({str(scratch)!r})") == "FileNotFoundError"
