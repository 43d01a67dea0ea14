"""Our own sheets: a spreadsheet computes nothing of them, and what we read is what was written."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.cells import as_cell_text, as_typed
from autograder.intake.roster import read_roster
from autograder.run.changes import Change, write_changes
from autograder.run.graded import NotGraded
from autograder.run.page import read_graded
from autograder.run.scores import write_scores
from autograder.run.students import FILE, Student, read_students, write_students

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", " =", "'=", "''-", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u00a0="]
TEXT = st.text(max_size=8) | st.builds(str.__add__, st.sampled_from(STARTS), st.text(max_size=5))


@pytest.mark.parametrize("start", STARTS)
def test_what_may_be_a_formula_gets_an_apostrophe_before_it(start):
    assert as_cell_text(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["", "'", "x", "'x", "5", "a=b", "O'Neil", "ü-"])
def test_any_other_text_is_a_cell_as_it_is(text):
    assert as_cell_text(text) == text == as_typed(text)


@given(text=TEXT)
def test_what_is_read_is_what_was_written(text):
    assert as_typed(as_cell_text(text)) == text
    assert as_cell_text(text)[:1] not in tuple("=+-@\t\r\n")


def row_of(student, text):
    numbers = dict.fromkeys(("late_seconds", "penalty", "tests", "written", "bonus", "score", "max_score"))
    texts = dict.fromkeys(("name", "email", "section", "lms", "lms_id", "handed_in", "status", "remarks"), text)
    return Student(student=student, attempts=1, **texts, **numbers)


@settings(max_examples=40, deadline=None)
@given(student=TEXT, text=TEXT)
def test_students_csv_comes_back_exactly(tmp_path_factory, student, text):
    out = tmp_path_factory.mktemp("out")
    write_students(out / FILE, [row_of(student, text)])
    assert read_students(out) == [row_of(student, text)]
    with (out / FILE).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert not any(cell[:1] in tuple("=+-@\t\r\n") for cell in row.values() if cell)


@settings(max_examples=40, deadline=None)
@given(student=TEXT.filter(lambda text: "\n" not in text and "\r" not in text))
def test_scores_and_changes_have_no_formulas_and_come_back(tmp_path_factory, student):
    out = tmp_path_factory.mktemp("out")
    write_scores(out / "scores.csv", [NotGraded(student, "1", "-why")])
    assert read_graded(out) == [NotGraded(student, "1", "-why")]
    write_changes(out, [Change(student, "1", "q", None, 2.0, "=why")])
    for name in ("scores.csv", "changes.csv"):
        with (out / name).open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        assert not any(cell[:1] in tuple("=+-@\t\r\n") for row in rows for cell in row if cell)


def test_a_roster_made_of_our_own_sheet_names_the_same_students(tmp_path):
    write_students(tmp_path / "roster.csv", [row_of("-ada", "=Ada"), row_of("'+bob", "Bob")])
    (tmp_path / "roster.csv").write_text(
        (tmp_path / "roster.csv").read_text(encoding="utf-8").replace(",lms,lms_id", ",x,y"), encoding="utf-8"
    )
    assert [line.student for line in read_roster(tmp_path / "roster.csv").lines] == ["-ada", "'+bob"]
    assert read_roster(tmp_path / "roster.csv").lines[0].name == "=Ada"
