import pytest

from autograder.course.source import SourceCell, defined_name, read_source
from autograder.errors import CourseError

SCRIPT = """\
# %% [markdown]
# Prose.

# %%
import math

# %% question="q1" role="answer"
def area(r):
    ### BEGIN SOLUTION square it
    return math.pi * r**2
    ### END SOLUTION

# %% question="q1" role="check"
grader.check("q1")

# %% [markdown] question="q2" role="written"
# Why?

# %% [markdown] question="q2" role="rubric"
# - [1] says why
# * [2.5] says how
# - [not points] no criterion
# - 3 points neither

# %% [markdown] question="q2" role="answer"
# Because.

# %% role="playground"
area(2)

# %% role="train"
train()

# %% [markdown]
# More prose.
"""


@pytest.fixture
def read(tmp_path):
    """Reads a percent script from a text."""

    def from_text(text):
        path = tmp_path / "1_test.py"
        path.write_text(text)
        return read_source(path)

    return from_text


def test_every_cell_gets_its_role_and_an_id_from_its_question_or_its_place_among_its_like(read):
    cells = read(SCRIPT).cells
    assert [(cell.id, cell.role, cell.kind) for cell in cells] == [
        ("prose-1", "prose", "markdown"),
        ("given-1", "given", "code"),
        ("q1-area", "answer", "code"),
        ("q1", "check", "code"),
        ("q2", "written", "markdown"),
        ("q2-rubric", "rubric", "markdown"),
        ("q2-answer", "answer", "markdown"),
        ("playground-1", "playground", "code"),
        ("train-1", "train", "code"),
        ("prose-2", "prose", "markdown"),
    ]


def test_an_id_does_not_change_when_a_cell_of_another_kind_is_added_above(read):
    before = {cell.id for cell in read(SCRIPT).cells}
    after = {cell.id for cell in read('# %% role="playground"\n1 + 1\n\n' + SCRIPT).cells}
    assert after - before == {"playground-2"} and before <= after


def test_the_points_of_a_written_question_are_the_sum_of_its_rubrics_criteria(read):
    assert read(SCRIPT).written_points("q2") == 3.5
    assert read(SCRIPT).written_points("q1") == 0


def test_the_solution_is_what_stands_between_its_marks(read):
    cells = {cell.id: cell for cell in read(SCRIPT).cells}
    assert cells["q1-area"].solution == "    return math.pi * r**2"
    assert cells["given-1"].solution is None
    assert SourceCell("code", "answer", "q", "### BEGIN SOLUTION\nx = 1").solution is None


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ('# %% role="anwser" question="q1"\nx = 1', "1_test.py: a cell has the unknown role 'anwser'"),
        ('# %% role="answer"\nx = 1', "of role 'answer' names no question"),
        ('# %% role="check"\nx = 1', "of role 'check' names no question"),
        ('# %% role="check" question="q1"\na\n\n# %% role="check" question="q1-2"\nb', None),
    ],
)
def test_a_wrong_header_is_said(read, script, reason):
    if reason is None:
        assert [cell.id for cell in read(script).cells] == ["q1", "q1-2"]
        return
    with pytest.raises(CourseError, match=reason):
        read(script)


def test_two_cells_that_would_get_one_id_are_refused(read):
    check = '# %% role="check" question="{}"\ngrader.check("q1")\n\n'
    with pytest.raises(CourseError, match="two cells would get the id 'q1-2'"):
        read(check.format("q1-2") + check.format("q1") + check.format("q1"))


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def f(): pass", "f"),
        ("async def f(): pass", "f"),
        ("class C: pass", "C"),
        ("x = 1", "x"),
        ("import os\nx = 1\ny = 2", "x"),
        ("a.b = 1", None),
        ("print(1)", None),
        ("def f(", None),
        ("x = 1\0", None),
        ("-" * 100_000 + "1", None),
        ("a" + ".b" * 100_000, None),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_the_first_name_that_a_cell_defines_is_found_whatever_it_holds(source, name):
    assert defined_name(source) == name
