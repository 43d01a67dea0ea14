import ast

import pytest
from nbformat.v4 import new_code_cell

from autograder.errors import CourseError
from autograder.release.stubs import ClearSolutionsWithHints

ANSWER = '''\
def area(radius):
    """The area of a circle."""
    ### BEGIN SOLUTION {hint}
    return 3.14159 * radius**2
    ### END SOLUTION'''


def stub_of(source):
    cell = new_code_cell(source, metadata={"nbgrader": {"solution": True, "grade_id": "q1-area"}})
    resources = {"metadata": {"path": ""}}
    return ClearSolutionsWithHints().preprocess_cell(cell, {"language": "python"} | resources, 0)[0].source


@pytest.mark.parametrize(
    ("hint", "said"),
    [
        ("use the radius", "area: use the radius"),
        ("  two   blanks ", "area: two blanks"),
        ("", "area: write this"),
        ('says "quoted"', "area: says 'quoted'"),
        ("a \\ backslash, {braces} and %s", "area: a \\ backslash, {braces} and %s"),
    ],
)
def test_a_stub_parses_and_raises_with_the_functions_name_and_the_hint(hint, said):
    stub = stub_of(ANSWER.format(hint=hint))
    names = {}
    exec(compile(ast.parse(stub), "stub", "exec"), names)
    with pytest.raises(NotImplementedError) as raised:
        names["area"](1)
    assert str(raised.value) == said
    assert "3.14159" not in stub and "SOLUTION" not in stub and "YOUR CODE HERE" in stub


def test_a_stub_of_a_value_raises_where_it_stands():
    with pytest.raises(NotImplementedError, match="ratio: half of it"):
        exec(stub_of("### BEGIN SOLUTION half of it\nratio = 0.5\n### END SOLUTION"))


def test_two_regions_in_a_cell_are_refused():
    with pytest.raises(CourseError, match="has 2 solution regions; one is allowed"):
        stub_of(ANSWER.format(hint="a") + "\n" + ANSWER.format(hint="b"))
