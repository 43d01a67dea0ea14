"""Syntax that only a newer Python has is told from mistakes, as the cell's own text shows it."""

import sys

import pytest

from autograder.course.submission import Cell
from autograder.judge.newer_python import about_newer_python

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python knows it")


def told(source, kind="SyntaxError"):
    return about_newer_python(kind, Cell("a", "code", "answer", "q", source))


@pytest.mark.parametrize(
    "source", ['d = {}\nf"{d["x"]}"', "type Size = int", "def first[T](x: T):\n    return x", "class A[T]:\n    pass"]
)
def test_syntax_of_a_newer_python_is_said_to_be_newer(source):
    assert told(source) == " This is Python 3.11, which does not know the syntax of later ones."


@pytest.mark.parametrize(
    "source", ["def f(:", "x = (1", "f'{x}'\ny = ", "type = 3\nx =", "x = 1", "\0", "print 'type x'"]
)
def test_a_mistake_is_no_newer_syntax(source):
    assert told(source) == ""


def test_of_another_exception_nothing_is_said():
    assert told("type Size = int", kind="NameError") == ""
