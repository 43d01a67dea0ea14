"""What a cell imports and no room has is named, as the cell's own text says it."""

from pathlib import Path

import pytest

from autograder.course import BARE
from autograder.course.folder import RoomNeeds
from autograder.course.submission import Cell
from autograder.judge.missing_packages import about_missing, imported


def told(source, kind="ModuleNotFoundError", needs=BARE):
    return about_missing(kind, Cell("a", "code", "answer", "q", source), needs)


def test_what_no_room_has_is_named_and_nothing_else():
    assert told("import math, sklearn.x as sns\nimport IPython\nimport otter") == (
        " sklearn is not there when this is graded: leave it out, or catch the ImportError."
    )
    assert told("from a.b import c\nimport d").startswith(" a, d are not there")


def test_nothing_is_said_of_what_is_there_or_of_another_exception():
    assert told("import math, IPython") == ""
    assert told("import sklearn", kind="ImportError") == ""


def test_a_course_s_own_library_is_there():
    needs = RoomNeeds(folders=((Path("x"), "mylib"),))
    assert told("import mylib", needs=needs) == "" != told("import mylib")


@pytest.mark.parametrize("source", ["import " + "a" * 100, "import\nx = 1", "from . import x", "import " + "," * 99])
def test_odd_imports_name_nothing(source):
    assert told(source) == ""


def test_imports_are_read_in_their_order():
    assert imported("import a, b.c as d\nfrom x.y import z\n  import q\n%load_ext foo") == ["a", "b", "x", "q"]
