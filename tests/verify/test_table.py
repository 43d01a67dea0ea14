"""The table of `autograder verify` counts what is as it must be, and each deviation is a line and ends it with 1."""

import io

import pytest
from rich.console import Console

from autograder.judge.told import ENDED, WRONG
from autograder.verify.bank import Answer
from autograder.verify.both_engines import Verified
from autograder.verify.known_sentences import Sentences
from autograder.verify.table import show
from autograder.verify.verdict import Verdict
from tests.compound import COURSE

RIGHT = Answer("q2_2", "loops")
WRONG_ONE = Answer("q2_2", "counts FLOPs", 3.5, "or of FLOPs")


def verdict(answer, score, message="", engine="nbgrader", **more):
    return Verdict(engine, "bank-001", answer, score, 6.0, message, **more)


GOOD = (verdict(RIGHT, 6.0), verdict(WRONG_ONE, 3.5, "Is that a count of multiply-adds, or of FLOPs?"))


def shown(*verdicts, problems=()):
    console = Console(width=200, record=True, file=io.StringIO())
    return show(Verified(verdicts, tuple(problems)), console), console.export_text()


def test_all_is_well_where_every_answer_gets_what_it_must():
    good, text = shown(*GOOD)
    assert good and "1/1" in text


@pytest.mark.parametrize(
    "odd, said",
    [
        (verdict(RIGHT, 5.5, "A hint."), "5.5 points, not 6"),
        (verdict(RIGHT, None), "None points, not 6"),
        (verdict(RIGHT, 6.0, "A hint."), "is right, and told"),
        (verdict(RIGHT, 6.0, fault=True), "the course's fault"),
        (verdict(WRONG_ONE, 6.0), "6.0 points, not 3.5"),
        (verdict(WRONG_ONE, 3.5, "Wrong."), "is not told 'or of FLOPs' but 'Wrong.'"),
        (verdict(WRONG_ONE, 3.5, "or of FLOPs", leaked=("37",)), "LEAKED"),
        (verdict(Answer("q2_2", "odd", 3.5, ""), 3.5), "are told no misconception"),
    ],
)
def test_each_deviation_is_told(odd, said):
    good, text = shown(*GOOD, odd)
    assert not good and said in text


def test_engines_that_differ_are_told():
    good, text = shown(*GOOD, verdict(RIGHT, 5.5, "A hint.", engine="otter"))
    assert not good and "NO" in text


def test_a_submission_that_could_not_be_graded_is_told():
    good, text = shown(*GOOD, problems=["otter: bank-001, 2_compound_scaling: died"])
    assert not good and "died" in text


def test_sentences_that_were_written_beforehand_are_no_leak():
    sentences = Sentences(COURSE)
    for message in (WRONG, ENDED["memory"], "A call raised TypeError.", "conv_macs is not defined."):
        assert sentences.unknown_in(message, "q2_2") == ""
    assert sentences.unknown_in("Is that a count of multiply-adds, or of FLOPs?", "q2_2") == ""


@pytest.mark.parametrize("message", ["A call raised Width37Error: 37.", "It was asked of 37 channels.", WRONG + " 37"])
def test_what_else_is_told_of_a_hidden_case_is_a_leak(message):
    assert Sentences(COURSE).unknown_in(message, "q2_2")
