"""No verdict depends on what was drawn: a sample of the bank with many seeds, in this process. `--seeds` does all."""

import random

import pytest

from autograder.course.questions import read_questions
from autograder.verify.in_process import names_of, passes
from autograder.verify.search import sources_of
from tests.compound import BANK, COURSE

SEEDS = range(1, 31)
SAMPLE = 12
"""Answers of each question, which are the same in each run."""

CHEAP = ("q1_2", "q1_3", "q1_4", "q2_3", "q3_4b")
"""Questions whose cases take milliseconds, unless an answer computes with torch."""

UNUSUAL = (
    "pairs in the same order, as Kendall counts them",
    "the smallest of the largest residuals",
    "medians in the place of means",
    "ranges in the place of spreads",
    "the steps from one network to the next",
    "reciprocals in the place of logarithms",
)
"""Measures of x5_runtime that no input was made for, before they lost other points with each seed."""


def lost_with(names, question, seed):
    cases = read_questions(COURSE.questions)[question].judged_cases()
    return tuple(case.body.test_func.__name__ for case in cases if not passes(case, names, seed))


def uses_torch(answer):
    return any("torch" in source for source, _ in answer.cells)


@pytest.mark.parametrize("question", CHEAP)
def test_an_answer_loses_the_same_cases_with_every_seed(question):
    runs = [one for one in BANK.answers[question] if not one.says.startswith("SyntaxError") and not uses_torch(one)]
    for answer in random.Random(question).sample(runs, SAMPLE):
        sources = sources_of(COURSE, answer)
        lost = {lost_with(names_of(COURSE, question, sources), question, seed) for seed in SEEDS}
        assert len(lost) == 1, answer.name


def test_a_measure_that_is_unusual_loses_the_same_cases_with_every_seed():
    for answer in BANK.answers["x5_runtime"]:
        if answer.name in UNUSUAL:
            names = names_of(COURSE, "x5_runtime", sources_of(COURSE, answer))
            assert len({lost_with(names, "x5_runtime", seed) for seed in range(1, 6)}) == 1, answer.name


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("repeats are rounded to the nearest", 13),
        ("repeats are rounded to the nearest", 100),
        ("repeats are rounded to the nearest", 127),
        ("channels go up to the next multiple of 8", 17),
    ],
)
def test_a_wrong_way_to_round_shows_at_the_widths_and_depths_that_are_drawn(name, seed):
    """With these seeds it did not, and the answer earned a point more than with all others."""
    [answer] = [one for one in BANK.answers["q3_net"] if one.name == name]
    lost = "parameters_of_small_and_large_variants"
    cases = read_questions(COURSE.questions)["q3_net"].judged_cases()
    [case] = [one for one in cases if one.body.test_func.__name__ == lost]
    assert not passes(case, names_of(COURSE, "q3_net", sources_of(COURSE, answer)), seed)
