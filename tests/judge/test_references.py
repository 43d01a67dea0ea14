"""What answers are compared with is computed in a room of the judge's own, and a worker needs no torch."""

import os
import signal
import subprocess
import sys

import pytest

from autograder.course import BARE
from autograder.judge import references
from autograder.judge.references import computed
from autograder.room import NONE, NoRoom
from tests.compound import ROOT

pytestmark = pytest.mark.room

FILE = '''"""q9: a test file that computes."""

import os

from otter.test_files import test_case

OK_FORMAT = False
name = "q9"
points = 1
calls = []


@test_case(points=1)
def passes():
    assert True


def double(numbers, *more):
    import torch

    calls.append(1)
    doubled = (2 * torch.tensor(numbers)).tolist()
    return {"doubled": doubled, "more": list(more), "calls": len(calls), "pid": os.getpid()}


def fails():
    raise KeyError("a hidden input")


def gives_a_tensor():
    return lambda: 1


def gives_too_much():
    return [0] * 300_000


def ends():
    import posix

    posix._exit(1)
'''


@pytest.fixture
def path(tmp_path):
    """A test file of a question."""
    written = tmp_path / "q9.py"
    written.write_text(FILE)
    return written


@pytest.fixture(autouse=True)
def own_room():
    """A room that no other test has used."""
    references._session.cache_clear()
    yield
    references._session(NONE, BARE).close()
    references._session.cache_clear()


def test_a_function_takes_and_gives_plain_data_and_its_file_is_loaded_once(path):
    first = computed(NONE, BARE, path, "double", ([1, 2], (3, 4)))
    assert (first["doubled"], first["more"], first["calls"]) == ([2, 4], [[3, 4]], 1)
    assert first["pid"] != os.getpid()
    assert computed(NONE, BARE, path, "double", ([1.5],)) == first | {"doubled": [3.0], "more": [], "calls": 2}


def test_it_is_computed_in_another_room_where_one_was_killed(path):
    first = computed(NONE, BARE, path, "double", ([1],))
    os.kill(first["pid"], signal.SIGKILL)
    again = computed(NONE, BARE, path, "double", ([1],))
    assert again["doubled"] == [2] and again["pid"] != first["pid"]


@pytest.mark.parametrize(
    ("function", "said"),
    [("fails", "raised KeyError$"), ("gives_a_tensor", "no plain data"), ("gives_too_much", "than a room may")],
)
def test_a_mistake_in_a_test_file_is_told_without_what_it_holds(path, function, said):
    with pytest.raises(RuntimeError, match=said):
        computed(NONE, BARE, path, function, ())


def test_a_function_that_ends_every_room_is_given_up(path):
    with pytest.raises(NoRoom, match=r"ends of q9\.py"):
        computed(NONE, BARE, path, "ends", ())


def test_judging_networks_imports_no_torch_where_the_judge_is():
    code = """
import sys
from autograder.intake.rebuild import rebuild_file
from autograder.course.skeleton import load_skeletons
from autograder.judge.judging import judge
from autograder.course.answered import fill, model_answers
from tests.compound import COURSE
import nbformat, pathlib, tempfile

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "3_efficientnet.ipynb"
    skeleton = load_skeletons(COURSE)["3_efficientnet"]
    nbformat.write(fill(skeleton, model_answers(COURSE)), path)
    judged = judge(rebuild_file(path, skeleton, "student").submission, 1, "none", COURSE)
print(judged.score, any(one.course_fault for one in judged.questions), "torch" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, cwd=ROOT)
    assert done.stdout.split() == ["29.0", "False", "False"], done.stderr
