from pathlib import Path

import pytest

from autograder.course.questions import HIDDEN_LINE, Question
from autograder.course.source import SourceCell, SourceNotebook
from autograder.release.leaks import Secret, find_leaks, secrets_of

LONG = "return height * width * channels"
SECRET = Secret("the answer", f"a = 1\nb = 2\nc = 3\n\nd = 4\n{LONG}")


def leaks(text, secret=SECRET):
    return list(find_leaks([secret], {"file": text}))


@pytest.mark.parametrize("text", [LONG, f"x = 1  # {LONG}", LONG.replace(" ", "  "), f"\t{LONG}\n", f"`{LONG}`"])
def test_a_long_line_is_a_leak_wherever_it_stands_and_however_it_is_spaced(text):
    [found] = leaks(text)
    assert found.startswith("file: holds a line of the answer")


@pytest.mark.parametrize("length", [24, 25])
def test_long_is_25_characters_without_blanks(length):
    line = "x" * 10 + "   " + "y" * (length - 10)
    assert bool(leaks(line, Secret("a", line))) == (length >= 25)


@pytest.mark.parametrize("text", ["a = 1\nb = 2\nc = 3", "  b=2\n\n c = 3\n d = 4"])
def test_three_lines_in_a_row_are_a_leak(text):
    assert len(leaks(text)) == 1


@pytest.mark.parametrize("text", ["a = 1", "a = 1\nb = 2", "a = 1\nb = 2\nx = 0\nc = 3", "c = 3\nb = 2\na = 1"])
def test_short_lines_alone_are_no_leak(text):
    assert leaks(text) == []


def test_three_lines_of_mere_brackets_are_no_leak():
    assert leaks(")\n}\n)", Secret("a", ")\n}\n)\n")) == []


def test_answers_rubrics_and_hidden_tests_are_secret_and_all_else_is_not():
    marked = "def f():\n    ### BEGIN SOLUTION hint\n    return 1\n    ### END SOLUTION"
    cells = [
        SourceCell("code", "answer", "q1", marked, "q1-f"),
        SourceCell("markdown", "answer", "q2", "Because.", "q2-answer"),
        SourceCell("markdown", "rubric", "q2", "- [1] says why", "q2-rubric"),
        SourceCell("markdown", "written", "q2", "Why?", "q2"),
        SourceCell("code", "given", "", "import os", "given-1"),
    ]
    question = Question("q1", Path("q1.py"), 1, False, f"public\n{HIDDEN_LINE}\nhidden")
    found = secrets_of([SourceNotebook("1", Path("1.py"), tuple(cells))], [question])
    assert [secret.text.strip() for secret in found] == ["return 1", "Because.", "- [1] says why", "hidden"]
