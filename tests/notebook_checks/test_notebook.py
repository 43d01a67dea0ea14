"""What `grader.check` shows a student, with the real otter (tried with 7.0.0)."""

from importlib.metadata import version
from pathlib import Path

import pytest

from notebook_checks.expect import Unexpected
from notebook_checks.failures import explain
from notebook_checks.notebook import Notebook
from notebook_checks.public_checks import read_public_checks

CASES = """
from otter.test_files import test_case

from notebook_checks import expect_equal

OK_FORMAT = False
name = "{name}"
points = {points}


@test_case(points=1)
def a_worked_example({asked}):
    expect_equal({asked}(3, (1, 2)), (4, 6), {{(3, 3): "Think of <both>."}}, what="the result")


@test_case(points=0)
def practice({asked}):
    expect_equal({asked}(0, (1, 2)), (1, 2), what="the result for 0")
"""


@pytest.fixture
def grader(tmp_path, monkeypatch):
    """A Notebook whose tests ask q1 about `add` and q2 about `twice`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests").mkdir()
    for name, asked, points in (("q1", "add", 4), ("q2", "twice", 2.5)):
        (tmp_path / "tests" / f"{name}.py").write_text(CASES.format(name=name, asked=asked, points=points))
    return Notebook()


def names(source: str) -> dict:
    """What a notebook has after a cell."""
    made: dict = {}
    exec(compile(source, "<cell>", "exec"), made)
    return made


RIGHT = "def add(n, pair):\n    return pair[0] + n if n else 1, pair[1] + n + (n > 0)"


def test_it_was_tried_with_this_otter():
    assert version("otter-grader") == "7.0.0"


def test_what_passed_is_one_line_and_what_it_is_worth(grader):
    assert repr(grader.check("q1", names(RIGHT))).splitlines() == [
        "✓ q1: all 2 checks passed",
        "  1 of 1 point here; 3 more for other inputs, after you hand in.",
    ]


ONE_CASE = """
from otter.test_files import test_case

OK_FORMAT = False
name = "x_form"
points = {points}
bonus = True


@test_case(points={here})
def a_list(found):
    assert isinstance(found, list)
"""


@pytest.mark.parametrize(
    ("here", "answer", "verdict", "points"),
    [
        (0, "found = []", "✓ x_form: the check passed", "No points here; up to 2 bonus points after you hand in."),
        (0, "found = 1", "✗ x_form: the check did not pass", "No points here; up to 2 bonus points after you"),
        (1, "found = []", "✓ x_form: the check passed", "1 of 1 bonus point here; 1 more for other inputs, after"),
    ],
)
def test_a_single_check_is_not_counted_and_one_without_points_says_so(grader, here, answer, verdict, points):
    Path("tests/x_form.py").write_text(ONE_CASE.format(points=2, here=here), encoding="utf-8")
    lines = repr(grader.check("x_form", names(answer))).splitlines()
    assert lines[0] == verdict and lines[-1].strip().startswith(points)
    file = read_public_checks(Path("tests/x_form.py"))
    assert file is not None
    assert file.earned("\n".join(lines)) == (here if verdict.startswith("✓") else None)


def test_a_wrong_value_shows_the_call_both_values_as_they_are_and_the_hint(grader):
    said = repr(grader.check("q1", names("def add(n, pair):\n    return (n, n) if n else pair")))
    assert "1 of 2 checks passed" in said and "a worked example" in said and "practice" not in said
    assert "You were asked: add(3, (1, 2))" in said
    assert "The result: (3, 3) came out, and (4, 6) was expected." in said
    assert "→ Think of <both>." in said
    assert "Unexpected" not in said and "expect_equal" not in said


def test_practice_that_fails_beside_all_points_says_that_it_counts_later(grader):
    """Or "1 of 2 checks passed" and "1 of 1 point here" contradict each other."""
    later = "What failed above is practice for those: it costs no points here, but it will there."
    practice = repr(grader.check("q1", names("def add(n, pair):\n    return pair[0] + n, pair[1] + n + 1")))
    assert practice.startswith("✗ q1: 1 of 2 checks passed") and "1 of 1 point here; 3 more" in practice
    assert later in practice and later not in repr(grader.check("q1", names(RIGHT)))
    assert later not in repr(grader.check("q1", names("def add(n, pair):\n    return pair")))


APART = """
from otter.test_files import test_case

from notebook_checks import Unexpected, expect_equal

OK_FORMAT = False
name = "q3"
points = 1


@test_case(points=1)
def by_another_function(growth_of, add):
    add(abs, [(len, 2), (lambda pair: pair, 1)])
    expect_equal(growth_of, 4, what="growth_of")
"""


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("growth_of = 2", "      growth_of: 2 came out, and 4 was expected."),
        ("growth_of = 1 / 3", "      growth_of: 0.3333333333333333 came out, and 4 was expected."),
    ],
)
def test_a_message_about_another_name_tells_no_call_and_leaves_the_name_as_it_is_written(grader, cell, told):
    Path("tests/q3.py").write_text(APART, encoding="utf-8")
    lines = repr(grader.check("q3", names(f"def add(*given):\n    pass\n{cell}"))).splitlines()
    assert lines[2] == told


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("best.safetensors does not fit", "best.safetensors does not fit."),
        ("train_loader has 7 batches", "train_loader has 7 batches."),
        ("round(2.5) is 2", "round(2.5) is 2."),
        ("(d, w) at phi = 0", "(d, w) at phi = 0."),
        ("the shape", "The shape."),
    ],
)
def test_names_of_files_and_of_python_stay_as_they_are_written(seen, told):
    assert explain(Unexpected(seen), {}, []).told == (told,)


def test_a_function_in_a_call_is_shown_by_its_name(grader):
    Path("tests/q3.py").write_text(APART, encoding="utf-8")
    said = repr(grader.check("q3", names("def add(*given):\n    raise ValueError('no')\ngrowth_of = 4")))
    assert "You were asked: add(abs, [(len, 2), (<lambda>, 1)])" in said


def test_html_is_escaped_and_needs_no_colour_of_the_text(grader):
    html = grader.check("q1", names("def add(n, pair):\n    return (n, n) if n else pair"))._repr_html_()
    assert "Think of &lt;both&gt;." in html and "color:" not in html.replace("border-left:4px solid", "")


def test_an_error_shows_the_students_line_and_is_told_once(grader, tmp_path):
    cell = tmp_path / "cell.py"
    cell.write_text("def add(n, pair):\n    return pari\n")
    made: dict = {}
    exec(compile(cell.read_text(), str(cell), "exec"), made)
    said = repr(grader.check("q1", made))
    assert said.count("NameError: name 'pari' is not defined") == 1
    assert "in add, line 2 of its cell: return pari" in said


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("", "add is not defined yet: has its cell been run?"),
        ("add = None", "add is not defined yet: has its cell been run?"),
        ("def add(n, pair):\n    raise NotImplementedError('add them')", "Not written yet: add them"),
    ],
)
def test_what_is_not_there_yet_is_said_once(grader, cell, told):
    said = repr(grader.check("q1", names(cell)))
    assert said.count(told) == 1 and "0 of 2 checks passed" in said


def test_what_builds_on_an_earlier_answer_says_so_until_that_one_passes(grader):
    wrong = names("def add(n, pair):\n    return pair\ndef twice(n, pair):\n    return add(n, pair)")
    grader.check("q1", wrong)
    assert "It builds on q1, whose own check does not pass: begin there." in repr(grader.check("q2", wrong))
    fixed = names(RIGHT + "\ndef twice(n, pair):\n    return 0 * n, add(n, pair)")
    grader.check("q1", fixed)
    assert "builds on" not in repr(grader.check("q2", fixed))


def test_a_question_without_checks_says_where_they_are_looked_for(grader):
    with pytest.raises(FileNotFoundError, match="is the folder 'tests' beside the notebook"):
        grader.check("q9", {})


def test_what_was_earned_is_read_from_the_output(grader, tmp_path):
    from notebook_checks.public_checks import read_public_checks

    checks = read_public_checks(tmp_path / "tests" / "q1.py")
    wrong = "def add(n, pair):\n    return pair if n else 0"
    assert checks.earned(repr(grader.check("q1", names(RIGHT)))) == 1
    assert checks.earned(repr(grader.check("q1", names(wrong)))) == 0


def test_it_is_logged_as_otter_logs_it(grader, tmp_path):
    from otter.check.logs import EventType, Log

    grader.check("q1", names(RIGHT))
    checks = [entry for entry in Log.from_file(".OTTER_LOG").entries if entry.event_type is EventType.CHECK]
    assert [entry.question for entry in checks] == ["q1"]
