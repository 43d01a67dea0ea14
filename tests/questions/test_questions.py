"""The test files of notebooks 1 and 2 are as they say, and give full points to the model answers with any seed.

What they give to right and wrong answers of students is in the course's answers/, and tests/verify/ tries it.
"""

import re
from functools import lru_cache
from pathlib import Path

import jupytext
import pytest
from otter.test_files.exception_test import ExceptionTestFile

from scalelab.checking import Unexpected, judging

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "solutions" / "compound_scaling"
QUESTIONS = ROOT / "autograder" / "questions"
HIDDEN = "# ---- hidden: nothing below this line reaches a student ----\n"
POINTS = {"q1_2": 4, "q1_3": 4, "q1_4": 4, "q2_2": 6, "q2_3": 4, "q3_1": 12, "x2_grid": 3}
NOTEBOOKS = ("1_intuition", "2_compound_scaling")


@lru_cache
def cells(notebook):
    return jupytext.read(SOURCES / f"{notebook}.py").cells


def answers():
    """The names that the model answers define."""
    names = {}
    exec("import math", names)
    for notebook in NOTEBOOKS:
        for cell in cells(notebook):
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
    tests = ExceptionTestFile.from_file(str(QUESTIONS / f"{question}.py"))
    stated = {}
    public, _, hidden = text.partition(HIDDEN)
    exec(text, stated)
    assert (tests.name, stated["points"], stated["OK_FORMAT"]) == (question, POINTS[question], False)
    assert stated.get("bonus", False) == question.startswith("x")
    assert text.startswith(f'"""{question}: ')
    assert "hidden=True" not in public
    assert hidden.count("@test_case(") == hidden.count("hidden=True")


@pytest.mark.parametrize("question", POINTS)
def test_no_hidden_line_stands_in_what_students_get(question):
    """The release refuses more than this does; here are the lines of 25 characters and the rows of three."""
    public, _, hidden = text_of(question).partition(HIDDEN)
    given = [line.strip() for line in public.splitlines() if line.strip()]
    kept = [line.strip() for line in hidden.splitlines() if line.strip()]
    long = {line for line in kept if len(re.sub(r"\s", "", line)) >= 25}
    assert not long & set(given)
    rows = set(zip(given, given[1:], given[2:], strict=False))
    assert not rows & set(zip(kept, kept[1:], kept[2:], strict=False))


@pytest.mark.parametrize("question", POINTS)
def test_hints_are_sentences_and_the_same_for_everybody(question):
    hidden = text_of(question).partition(HIDDEN)[2]
    assert not re.findall(r"\bf[\"'][^\"']*[?.][\"']", hidden)


def test_every_question_has_its_cells():
    for notebook in NOTEBOOKS:
        found = [(cell.metadata.get("question"), cell.metadata.get("role"), cell) for cell in cells(notebook)]
        for question in {name for name, _, _ in found if name}:
            roles = [role for name, role, _ in found if name == question]
            if "written" in roles:
                assert roles == ["written", "rubric", "answer"]
                continue
            assert roles[-1] == "check" and roles.count("check") == 1
            check = next(cell for name, role, cell in found if (name, role) == (question, "check"))
            assert check.source == f'grader.check("{question}")'


@pytest.mark.parametrize("question", POINTS)
def test_untouched_answers_earn_nothing(question):
    assert run(text_of(question), {}, seed=3)[0] == 0
