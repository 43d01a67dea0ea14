"""The test files of notebook 5 are as they say, and give full points to the model answers with any seed."""

import re
from functools import lru_cache
from pathlib import Path

import jupytext
import pytest
from otter.test_files.exception_test import ExceptionTestFile

from scalelab.checking import Unexpected, judging

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "solutions" / "compound_scaling" / "5_comparison.py"
QUESTIONS = ROOT / "autograder" / "questions"
HIDDEN = "# ---- hidden: nothing below this line reaches a student ----\n"
POINTS = {"q3_4a": 3, "q3_4b": 2, "x5_runtime": 4}
WRITTEN = {"q3_4a_written": 5, "q3_4b_written": 4}


@lru_cache
def cells():
    return jupytext.read(SOURCE, fmt="py:percent").cells


@lru_cache
def answers():
    """The names that the model answers define."""
    names = {}
    exec("import math\nimport numpy as np", names)
    for cell in cells():
        if cell.cell_type == "code" and cell.metadata.get("role") == "answer":
            exec(cell.source, names)
    return names


def text_of(question):
    return (QUESTIONS / f"{question}.py").read_text()


def run(text, names, seed):
    """The points earned, the points there are, and what was said about each case that failed."""
    tests = ExceptionTestFile.from_string(text)
    earned, said = 0.0, []
    with judging(seed, make=lambda source: eval(source, {})):
        for case in tests.test_cases:
            try:
                case.body.call_func(names)
                earned += case.points
            except Unexpected as problem:
                said.append((case.body.test_func.__name__, problem.hint, str(problem)))
            except Exception as problem:  # the student's own, as the judge would tell it
                said.append((case.body.test_func.__name__, None, repr(problem)))
    return earned, sum(case.points for case in tests.test_cases), said


@pytest.mark.parametrize("question", POINTS)
def test_model_answers_get_all_points(question):
    names = answers()
    for seed in range(20):
        earned, possible, said = run(text_of(question), names, seed)
        assert (earned, possible, said) == (POINTS[question], POINTS[question], [])


@pytest.mark.parametrize("question", POINTS)
def test_the_public_text_runs_alone_and_is_worth_about_a_quarter(question):
    public, line, _ = text_of(question).partition(HIDDEN)
    assert line
    earned, possible, said = run(public, answers(), seed=1)
    assert earned == possible and not said
    assert 0.2 <= possible / POINTS[question] <= 0.35


@pytest.mark.parametrize("question", POINTS)
def test_files_say_what_they_are(question):
    text = text_of(question)
    stated = {}
    public, _, hidden = text.partition(HIDDEN)
    exec(text, stated)
    assert (stated["name"], stated["points"], stated["OK_FORMAT"]) == (question, POINTS[question], False)
    assert stated.get("bonus", False) == question.startswith("x")
    assert text.startswith(f'"""{question}: ')
    assert "hidden=True" not in public
    assert hidden.count("@test_case(") == hidden.count("hidden=True")


@pytest.mark.parametrize("question", POINTS)
def test_hints_are_sentences_and_the_same_for_everybody(question):
    hidden = text_of(question).partition(HIDDEN)[2]
    assert not re.findall(r"\bf[\"'][^\"']*[?.][\"']", hidden)


def test_the_rubrics_add_up():
    criterion = re.compile(r"^- \[(\d+)\]", re.MULTILINE)
    for question, points in WRITTEN.items():
        found = [cell for cell in cells() if cell.metadata.get("question") == question]
        assert [cell.metadata["role"] for cell in found] == ["written", "rubric", "answer"]
        assert sum(map(int, criterion.findall(found[1].source))) == points


@pytest.mark.parametrize("question", POINTS)
def test_untouched_answers_earn_nothing(question):
    assert run(text_of(question), {}, seed=3)[0] == 0
