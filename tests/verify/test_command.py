"""`autograder verify` grades a question's bank with both real engines, and exits with 1 where anything deviates."""

import pytest
from rich.console import Console

from autograder.verify.bank import Answer
from autograder.verify.both_engines import ENGINES, run_bank
from autograder.verify.seeds import repeat_bank
from autograder.verify.table import show

pytestmark = pytest.mark.room


@pytest.fixture
def bank(monkeypatch):
    """Lets a test put another bank in the place of the course's."""

    def put(answers):
        monkeypatch.setattr(
            "autograder.verify.both_engines.bank_of", lambda course: type("Bank", (), {"answers": answers})
        )

    return put


MEDIAN = "from statistics import median"
UPPER = "def median(numbers):\n    return sorted(numbers)[len(numbers) // 2]"
ANSWERS = (
    Answer("q1", "the standard library's", cells=((MEDIAN, ""),)),
    Answer("q1", "the upper one of two", 4, "two are in the middle", cells=((UPPER, ""),)),
)


def test_both_engines_give_what_the_bank_says(bank, tiny):
    bank({"q1": ANSWERS})
    verified = run_bank(tiny, "q1", workers=2)
    assert show(verified, Console(quiet=True))
    assert {one.engine for one in verified.verdicts} == set(ENGINES)
    assert len(verified.verdicts) == 2 * (2 + len(ANSWERS)), "the model, the untouched release, and two answers"
    assert not verified.problems and not any(one.leaked for one in verified.verdicts)


def test_a_bank_that_says_otherwise_is_found_out(bank, tiny):
    lies = (Answer("q1", "not right at all", cells=ANSWERS[1].cells),)
    bank({"q1": lies})
    verified = run_bank(tiny, "q1", workers=2, engines=("nbgrader",))
    assert not show(verified, Console(quiet=True))


def test_a_deviation_is_told_as_soon_as_it_is_there(monkeypatch, tiny, capsys):
    """Whoever interrupts when the first answer is done has read of it."""
    answers = (Answer("q1", "a lie", cells=ANSWERS[1].cells),)
    monkeypatch.setattr(
        "autograder.verify.seeds.bank_of", lambda course: type("Bank", (), {"answers": {"q1": answers}})
    )

    def interrupt(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        repeat_bank(tiny, "q1", 2, 1, interrupt)
    assert "q1, 'a lie', seed " in capsys.readouterr().err
