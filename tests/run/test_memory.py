"""A submission that makes the judge itself need too much memory ends its own worker, and costs nobody else anything."""

import resource

import pytest

from autograder.course import load_course
from autograder.course.answered import model_answers
from autograder.engines.grading import Grading
from autograder.room import NONE
from autograder.run.graded import Graded, NotGraded
from autograder.run.grading import Run, grade_class
from autograder.run.workers.attempts import WorkerDied, each_done
from autograder.run.workers.memory import MORE_BYTES
from autograder.run.workers.pool import Pool
from tests.small_course import edit, hand_in

pytestmark = pytest.mark.room


def prepare() -> None:
    """A worker of these tests needs nothing."""


def take(size: int) -> int:
    """As many bytes, all at once."""
    return len(bytearray(size))


def limits(_: int) -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_DATA)


def test_a_worker_has_a_limit_of_its_own_past_which_it_ends_and_no_other_does():
    with Pool(1, prepare) as pool:
        done = dict(each_done(pool, take, [1, 2 * MORE_BYTES, 100_000_000]))
        ((_, limit),) = each_done(pool, limits, [0])
    assert done[1].result() == 1 and done[100_000_000].result() == 100_000_000
    with pytest.raises(WorkerDied):
        done[2 * MORE_BYTES].result()
    soft, hard = limit.result()
    assert MORE_BYTES < soft < MORE_BYTES + 500_000_000
    assert hard == resource.getrlimit(resource.RLIMIT_DATA)[1], "rooms set limits of their own"


def test_whose_values_make_a_test_repeat_a_text_too_often_is_not_graded_and_the_others_are(small):
    """A course's own test multiplies by a number that it has not looked at."""
    edit(small / "course" / "questions" / "q1.py", "double(41), 82", 'len("ab" * plain(double(41))), 164')
    edit(small / "course" / "questions" / "q1.py", "import expect_close", "import expect_close, plain")
    course = load_course(small / "course")
    bomb = "def double(number):\n    return 4 if number == 2 else 5 * 10**9"
    (cell,) = (name for name in model_answers(course) if name.startswith("q1"))
    hand_in(course, small / "handins", "eve", {cell: bomb})
    hand_in(course, small / "handins", "zoe")
    grading = Grading(small / "results", course, 3, NONE)
    graded = grade_class(Run(small / "handins", grading, "otter", small, 1), lambda *_: None)
    by_student = {one.student: one for one in graded}
    assert isinstance(by_student["eve"], NotGraded) and "its worker died" in by_student["eve"].problem
    for name in ("ada", "zoe"):
        assert isinstance(by_student[name], Graded) and by_student[name].scores["q1"] == 3
