"""regrades.csv: what students ask, and what was decided. A mistake in it is one line each."""

import pytest

from autograder.errors import WrongCall
from autograder.run.regrades.table import (
    COLUMNS,
    FILE,
    Regrade,
    doubts_about,
    read_regrades,
    with_asked,
    with_decided,
    write_regrades,
)

MOST = {("ada", "q1"): 6.0, ("ada", "q2"): 4.0, ("-lee", "q1"): 6.0}
OPEN = Regrade("ada", "q2", "=1+1; is the second half not right?", 2.5)


def most(student: str, question: str) -> float | None:
    return MOST.get((student, question))


def test_a_request_is_asked_decided_and_read_again(tmp_path):
    regrades = with_asked(read_regrades(tmp_path), "ada", "q2", OPEN.asked, 2.5)
    regrades = with_asked(regrades, "-lee", "q1", "why?", None)
    write_regrades(tmp_path, regrades)
    text = (tmp_path / FILE).read_text(encoding="utf-8-sig")
    assert "\n'-lee," in text and ",'=1+1;" in text, "no spreadsheet computes what a student asks"
    assert read_regrades(tmp_path) == regrades
    regrades = with_decided(regrades, "ada", "q2", "Yes: half a point.", "Kim", 3.0)
    write_regrades(tmp_path, regrades)
    first, second = read_regrades(tmp_path)
    assert (first.by, first.moved, first.is_open, second.is_open) == ("Kim", "2.5 points → 3 points", False, True)
    assert "Yes: half a point. (Kim" in first.told
    assert len(with_asked((first,), "ada", "q2", "and once more?", 3.0)) == 2, "it may be asked again"


def test_a_question_is_open_once_and_decided_if_it_is_open():
    with pytest.raises(WrongCall, match="is asked already, and open"):
        with_asked((OPEN,), "ada", "q2", "again", 2.5)
    with pytest.raises(WrongCall, match="nothing is asked and open"):
        with_decided((OPEN,), "ada", "q1", "no", "Kim", 1.0)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (",q2,why?,,,,", "'student' is empty"),
        ("ada,,why?,,,,", "'question' is empty"),
        ("ada,q2,,,,,", "'asked' is empty"),
        ("ada,q2,why?,2,yes,,3", "'decided' is filled in, and 'by' is empty"),
        ("ada,q2,why?,2,,Kim,", "'by' is filled in, and 'decided' is empty"),
        ("ada,q2,why?,2,,,3", "'after' is filled in, and 'decided' is empty"),
        ("ada,q2,why?,two,,,", "'two' in 'before' is no number of points"),
        ("ada,q2,why?,nan,,,", "'nan' in 'before' is no number of points"),
        ("ada,q2,why?,-1,,,", "'-1' in 'before' is no number of points"),
    ],
)
def test_each_mistake_is_one_line_that_names_the_file_and_the_line(tmp_path, line, told):
    header = "student,question,asked,before,decided,by,after"
    (tmp_path / FILE).write_text(f"{header}\nada,q1,fine?,1,yes,Kim,2\n{line}\n", encoding="utf-8")
    with pytest.raises(WrongCall) as problem:
        read_regrades(tmp_path)
    assert str(problem.value) == f"{tmp_path / FILE}, line 3: {told}"


def test_all_mistakes_are_told_at_once_and_a_second_open_request_is_one(tmp_path):
    lines = ["ada;q2;why?;1,5;;;", "ada;q2;why not?;;;;", "eve;;why?;;;;"]
    (tmp_path / FILE).write_text("\n".join([";".join(COLUMNS), *lines]), encoding="cp1252")
    with pytest.raises(WrongCall) as problem:
        read_regrades(tmp_path)
    told = str(problem.value).splitlines()
    assert len(told) == 2 and "line 3: this request is open already in line 2" in told[0] and "line 4" in told[1]


def test_what_does_not_fit_what_is_graded_is_told_and_keeps_nobody_from_deciding(tmp_path):
    header = ",".join(COLUMNS)
    lines = (
        "eve,q2,why?,,,,",
        "ada,q9,why?,,,,",
        "eve,q1,why?,,no,Kim,",
        "ada,q2,why?,2,yes,Kim,5",
        "ada,q2,why?,9,,,",
    )
    (tmp_path / FILE).write_text("\n".join((header, *lines)), encoding="utf-8")
    regrades = read_regrades(tmp_path)
    gone, no_question, too_many = doubts_about(regrades, most)
    assert "'eve' has no graded question 'q2'" in gone and "'ada' has no graded question 'q9'" in no_question
    assert too_many == "regrades.csv: ada, q2: 5 in 'after' is more than the most, 4"
    assert with_decided(regrades, "ada", "q2", "no", "Kim", 2.0)


def test_a_table_of_something_else_is_one_line(tmp_path):
    (tmp_path / FILE).write_text("student,points\nada,3\n")
    with pytest.raises(WrongCall, match="has no column 'question'"):
        read_regrades(tmp_path)
