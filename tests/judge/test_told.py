"""What a student is told of how code ended: nothing that code could choose by the hidden inputs that it has seen."""

import re
import sys

import pytest

from autograder.course.submission import Cell
from autograder.judge import QuestionResult, Results, Status
from autograder.judge.judging import judge
from autograder.judge.told import ENDED, NOT_PASSED, NOT_WRITTEN, RAISED, SLOW, WRONG_KIND, gravest, is_nowhere_defined
from autograder.room import NONE, Limits
from tests.compound import COURSE, ROOT
from tests.judge.told_bits import all_bits
from tests.tiny import SECOND, submission_of

LIMITS = Limits(call_seconds=1, question_seconds=10)
DEVIATION, STEPS = "q3-deviation", "q4-steps"
RIGHT = "def deviation(numbers):\n    if len(numbers) > 2:\n        return 2\n    "
"""Of the public example; what follows is asked of hidden inputs alone, which are two numbers."""


def judged(tiny, own: dict[str, str]) -> Results:
    return judge(submission_of(tiny, SECOND, own), 3, NONE, tiny, LIMITS)


def told_of_hidden(tiny, does: str) -> QuestionResult:
    """What q3 is told where its answer does something with hidden inputs."""
    return judged(tiny, {DEVIATION: RIGHT + does}).question("q3")


@pytest.mark.room
def test_whatever_is_raised_in_a_hidden_case_is_told_in_one_sentence(tiny):
    raised = ("raise KeyError", "raise OSError(numbers)", "import torchvision_", "1 / 0", "raise SystemExit", "missing")
    assert {told_of_hidden(tiny, does).message for does in raised} == {RAISED}


@pytest.mark.room
@pytest.mark.parametrize(
    ("does", "told", "status"),
    [
        ("raise NotImplementedError", NOT_WRITTEN, Status.PARTIAL),
        ("raise MemoryError", ENDED["memory"], Status.MEMORY),
        ("while True: pass", SLOW, Status.TIMEOUT),
    ],
)
def test_what_teaches_is_told(tiny, does, told, status):
    question = told_of_hidden(tiny, does)
    assert (question.message, question.status) == (told, status)


@pytest.mark.room
def test_a_public_case_says_what_was_raised(tiny):
    question = judged(tiny, {DEVIATION: "def deviation(numbers):\n    raise KeyError"}).question("q3")
    assert question.message.split("\n") == ["A call raised KeyError.", RAISED]


@pytest.mark.room
def test_of_the_kinds_of_values_a_hidden_case_tells_few(tiny):
    kinds = ("b''", "bytearray()", "frozenset()", "3j", "iter(())", "slice(1)", "...", "type", "zip()")
    assert len({told_of_hidden(tiny, f"return {value}").message for value in kinds}) == 1
    assert "gave a generator" in told_of_hidden(tiny, "return (one for one in [])").message


@pytest.mark.room
def test_a_question_is_told_once_how_hidden_cases_ended_and_the_gravest_of_it():
    lost = "def stage_output_shape(height, width, *_):\n    if height == 112: return (56, 56, 24)\n    "
    lost += "if height == 14: return (14, 14, 112)\n    if height != width: raise KeyError\n    "
    lost += "raise MemoryError if height == 7 else OSError"
    sources = {"q1_2-stage_output_shape": lost}
    question = judge(submission_of(COURSE, "1_intuition", sources), 3, NONE, COURSE).question("q1_2")
    assert [case.message for case in question.cases if case.hidden] == [NOT_PASSED, ENDED["memory"], NOT_PASSED]
    assert question.message == ENDED["memory"] and question.status is Status.MEMORY


@pytest.mark.room
def test_once_hidden_inputs_were_given_a_cell_is_told_by_name_only_what_teaches(tiny):
    def told(cell: str, source: str) -> str:
        return judged(tiny, {cell: source}).question(cell.partition("-")[0]).message.split("\n")[0]

    assert told(DEVIATION, "raise KeyError") == f"The cell {DEVIATION} raised KeyError."
    for source in ("raise KeyError", "raise OSError", "raise SyntaxError", "1 / 0"):
        assert told(STEPS, source) == f"The cell {STEPS} raised an exception: run it in your notebook."
    for source, kind in (("def steps(", "SyntaxError"), ("import none_such", "ModuleNotFoundError")):
        assert told(STEPS, source).startswith(f"The cell {STEPS} raised {kind}.")
    assert "none_such is not there" in told(STEPS, "import none_such")  # which its own text says
    assert "none_such" not in told(STEPS, "raise KeyError  # import none_such")
    assert sys.version_info >= (3, 12) or "does not know the syntax" in told(STEPS, "type Size = int")


@pytest.mark.room
def test_a_missing_name_is_told_where_the_text_lacks_it_and_not_where_the_room_says_so(tiny):
    public = "def deviation(numbers):\n    global deviation\n    del deviation\n    return 2"
    assert judged(tiny, {DEVIATION: public}).question("q3").message == NOT_PASSED
    misspelt = judged(tiny, {DEVIATION: "def devation(numbers):\n    return 2"}).question("q3")
    assert misspelt.message == "deviation is not defined."


@pytest.mark.parametrize(
    ("source", "nowhere"),
    [
        ("def f(): pass", False),
        ("class f: pass", False),
        ("f = 1", False),
        ("for f in []: pass", False),
        ("import a.b as f", False),
        ("from a import f", False),
        ("import f.b", False),
        ("%time f = 1", False),
        ("def g(): return f", True),
        ("f.x = 1", True),
        ("%time ff = 1", True),
        ("", True),
    ],
)
def test_a_name_is_nowhere_defined_where_no_text_gives_it(source, nowhere):
    assert is_nowhere_defined("f", [Cell("id", "code", "answer", "q", source)]) == nowhere


def test_the_gravest_comes_first():
    assert gravest([RAISED, WRONG_KIND, SLOW, ENDED["memory"]]) == ENDED["memory"]
    assert gravest([WRONG_KIND, RAISED]) == WRONG_KIND
    assert gravest([]) == ""


def test_promises_say_how_many_bits_are_left():
    least, most = re.search(r"between (\d+) and (\d+) bits", (ROOT / "autograder/PROMISES.md").read_text()).groups()
    bits = all_bits()
    assert int(least) <= min(bits.values()) and max(bits.values()) <= int(most) <= max(bits.values()) + 1
