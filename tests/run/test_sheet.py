"""What a sheet of written answers gives, what comes too late, and what is refused in one line with nothing written."""

from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import WrongCall
from autograder.run.gradebook.marks import Mark
from autograder.run.written.sheet import Answer, Given, Sheets, code_of, criteria_of, sheet_of, with_given
from autograder.run.written.sheet_in import FromSheet, given_in
from autograder.tables import Table, read_table
from tests.tiny import FIRST

SHEETS = Sheets("secret")
WAITS = Mark(None, None, 0.0, True)
ADA = Answer("ada", FIRST, "q2", "The median.", WAITS, "")
BEN = Answer("ben", FIRST, "q2", '=HYPERLINK("http://evil")', Mark(None, 3.0, 0.5, False), "Why?")


class Sheet:
    """A sheet of ada's and ben's answers, to be filled in."""

    def __init__(self, course: Course, folder: Path, anonymous: bool = False, sheets: Sheets = SHEETS):
        self.course, self.path, self.sheets = course, folder / "written.csv", sheets
        sheet_of(course, self.path, [ADA, BEN], sheets, anonymous).write(self.path)
        self.table: Table = read_table(self.path)
        self.criteria = list(criteria_of(course)["q2"])

    def fill(self, student: str, /, **cells: str) -> "Sheet":
        """Type into the row of a student. c1, c2: its criteria."""
        [number] = [number for number, row in self.table.lines() if row[0] == student]
        named = {
            self.criteria[int(name[1]) - 1] if name in ("c1", "c2") else name: cell for name, cell in cells.items()
        }
        typed = {(number, self.table.need_column(name)): cell for name, cell in named.items()}
        self.table = self.table.with_cells(typed)
        return self

    def taken(self, *answers: Answer, overwrite: bool = False) -> FromSheet:
        return given_in(self.course, self.table, list(answers or (ADA, BEN)), self.sheets, overwrite)

    def given(self, *answers: Answer) -> dict[tuple[str, str], Given]:
        """What a sheet gives of which nothing comes too late."""
        taken = self.taken(*answers)
        assert taken.left == ()
        return {place: replace(one, file="") for place, one in taken.given.items()}

    def copied(self, name: str) -> "Sheet":
        """A copy, in which somebody else grades."""
        other = copy(self)
        other.path = self.path.with_name(name)
        other.table = replace(self.table, path=other.path)
        return other


@pytest.fixture
def sheet(tiny, tmp_path) -> Sheet:
    return Sheet(tiny, tmp_path)


def test_a_sheet_as_it_was_written_gives_nothing(sheet):
    assert sheet.given() == {}


def test_criteria_add_up_to_points_and_x_means_all_of_them(sheet):
    [given] = sheet.fill("ada", c1="x", c2="1,5", comment="Go on.").given().values()
    assert (given.points, given.comment, list(given.criteria.values())) == (3.5, "Go on.", [2.0, 1.5])


def test_points_alone_will_do_and_empty_cells_leave_everything_as_it_is(sheet):
    assert sheet.fill("ada", points="3").given() == {("ada", "q2"): Given(3.0, 0.0, "")}
    given = sheet.fill("ben", points="2", comment="", extra_credit="").given()["ben", "q2"]
    assert given == Given(2.0, 0.5, "Why?")


def test_a_comment_alone_leaves_the_points(sheet):
    assert sheet.fill("ben", comment="Better.").given() == {("ben", "q2"): Given(3.0, 0.5, "Better.")}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"points": "5"}, "5 in 'points' is more than the most, 4"),
        ({"c1": "3"}, "is more than the most, 2"),
        ({"points": "-1"}, "is no number of points"),
        ({"points": "nan"}, "is no number of points"),
        ({"points": "good"}, "'good' in 'points' is no number"),
        ({"c1": "2", "points": "4"}, "its criteria add up to 2 points, and 4 are in the column points"),
        ({"student": "eve", "points": "1"}, "no student 'eve' has written answers here"),
        ({"question": "q6", "points": "1"}, "'q6' is no written question that this student has handed in"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(sheet, cells, told):
    with pytest.raises(WrongCall) as refused:
        sheet.fill("ada", **cells).given()
    assert told in str(refused.value) and "line 2" in str(refused.value)
    assert "\n" not in str(refused.value) and str(refused.value).endswith("nothing was written")


def test_a_criterion_of_another_question_a_row_twice_and_a_missing_column_are_refused(sheet):
    other = next(iter(criteria_of(sheet.course)["q6"]))
    as_written = sheet.table
    with pytest.raises(WrongCall, match="is a criterion of q6, and not of q2"):
        sheet.fill("ada", **{other: "1"}).given()
    sheet.table = replace(as_written, rows=(*as_written.rows[:2], as_written.rows[1]))
    with pytest.raises(WrongCall, match="stands in line 2 already"):
        sheet.given()
    without = replace(as_written, rows=tuple(row[:-1] for row in as_written.rows))
    with pytest.raises(WrongCall, match="no column 'key'"):
        given_in(sheet.course, without, [ADA, BEN], SHEETS)


def test_headings_may_be_written_with_other_capital_letters(sheet):
    sheet.fill("ada", points="3")
    header = tuple(name.capitalize() for name in sheet.table.rows[0])
    sheet.table = replace(sheet.table, rows=(header, *sheet.table.rows[1:]))
    assert sheet.given() == {("ada", "q2"): Given(3.0, 0.0, "")}


def test_a_row_that_nobody_touched_is_no_mistake_where_its_answer_is_gone(sheet):
    assert sheet.given(ADA) == {}  # ben has handed in something else since, without q2
    with pytest.raises(WrongCall, match="no student 'ben' has written answers here"):
        sheet.fill("ben", comment="Why not?").given(ADA)


def test_points_that_are_more_than_the_most_by_now_are_no_mistake_in_an_untouched_row(tiny, tmp_path):
    many = replace(BEN, mark=Mark(None, 5.0, 0.0, False))  # of 4, since the rubric has changed
    sheet_of(tiny, tmp_path / "written.csv", [ADA, many], SHEETS, False).write(tmp_path / "written.csv")
    assert given_in(tiny, read_table(tmp_path / "written.csv"), [ADA, many], SHEETS) == FromSheet({})


def after(sheet: Sheet, answer: Answer, *, overwrite: bool = False) -> tuple[Sheets, Answer]:
    """What is kept of sheets once this one was taken, and the answer with the points that it has then."""
    given = sheet.taken(ADA, BEN, overwrite=overwrite).given
    new = given[answer.student, answer.question]
    mark = Mark(None, new.points, new.extra, False)
    return with_given(sheet.sheets, given), replace(answer, mark=mark, comment=new.comment)


def test_an_answer_that_changed_since_the_sheet_was_made_is_left_out_and_the_others_go_in(sheet):
    sheet.fill("ada", points="3").fill("ben", points="1")
    for overwrite in (False, True):
        taken = sheet.taken(replace(ADA, text="The mean."), BEN, overwrite=overwrite)
        assert list(taken.given) == [("ben", "q2")]
        assert taken.left == ("line 2 (ada, q2): the answer has changed since the sheet was made; make a new one",)


def test_nobody_is_told_of_a_changed_answer_whose_row_is_untouched(sheet):
    sheet.fill("ada", points="3")
    for asks in (False, True):
        changed = replace(BEN, text="Another.", mark=replace(BEN.mark, asks=asks))
        assert list(sheet.given(ADA, changed)) == [("ada", "q2")]


def test_points_of_formgrader_since_the_sheet_was_made_stay_unless_forced(sheet):
    sheet.fill("ada", points="3").fill("ben", points="1")
    elsewhere = replace(ADA, mark=Mark(None, 1.0, 0.5, False))
    taken = sheet.taken(elsewhere, BEN)
    assert list(taken.given) == [("ben", "q2")]
    assert taken.left == (
        "line 2 (ada, q2): 3 points and 0.5 extra here, and 1 point and 0.5 extra in the gradebook, given since the "
        "sheet was made; --overwrite replaces that",
    )
    assert sheet.taken(elsewhere, BEN, overwrite=True).given["ada", "q2"].points == 3
    same = replace(ADA, mark=Mark(None, 3.0, 0.0, False))
    assert list(sheet.given(same, BEN)) == [("ben", "q2")], "the gradebook has ada's already"


@pytest.mark.parametrize("column", ["points", "c1"])
def test_of_two_copies_of_one_sheet_the_second_overwrites_nothing_unless_forced(sheet, column):
    lee = sheet.copied("lee.csv").fill("ada", **{column: "1"})
    kept, graded = after(sheet.fill("ada", points="3"), ADA)
    lee.sheets = kept
    taken = lee.taken(graded, BEN)
    assert taken.given == {}
    assert "1 point here, and 3 points in the gradebook" in taken.left[0]
    assert "given since the sheet was made, by written.csv; --overwrite" in taken.left[0]
    assert lee.taken(graded, BEN, overwrite=True).given["ada", "q2"].points == 1


def test_a_sheet_may_correct_what_it_gave_and_take_it_back(sheet):
    sheet.sheets, graded = after(sheet.fill("ben", points="1"), BEN)
    assert sheet.fill("ben", points="2").given(ADA, graded)["ben", "q2"].points == 2
    assert sheet.fill("ben", points="3").given(ADA, graded)["ben", "q2"].points == 3, "as before the sheet was made"


def test_criteria_may_be_corrected_or_come_later_where_their_sum_stays(sheet):
    sheet.fill("ada", c1="1", c2="2")
    sheets, answer = after(sheet, ADA)
    taken = given_in(sheet.course, sheet.fill("ada", c1="2", c2="1").table, [answer, BEN], sheets)
    assert list(taken.given["ada", "q2"].criteria.values()) == [2.0, 1.0]
    assert given_in(sheet.course, sheet.fill("ada", c1="1", c2="2").table, [answer, BEN], sheets) == FromSheet({})
    alone = Sheet(sheet.course, sheet.path.parent).fill("ada", points="3")
    sheets, answer = after(alone, ADA)
    assert given_in(alone.course, alone.fill("ada", c1="2", c2="1").table, [answer, BEN], sheets).given


def test_other_criteria_of_the_same_sum_overwrite_nothing_in_a_copy(sheet):
    other = sheet.copied("copy.csv").fill("ada", c1="2", c2="1")
    sheets, answer = after(sheet.fill("ada", c1="1", c2="2"), ADA)
    [said] = given_in(other.course, other.table, [answer, BEN], sheets).left
    assert "3 points by other criteria here than in the gradebook" in said
    only_the_sum = sheet.copied("sum.csv").fill("ada", c1="", c2="", points="3")
    assert given_in(sheet.course, only_the_sum.table, [answer, BEN], sheets) == FromSheet({})


def test_a_comment_that_was_changed_in_formgrader_stays_unless_both_have_changed(sheet):
    sheets, answer = after(sheet.fill("ada", points="3", comment="Go on."), ADA)
    changed = replace(answer, comment="Go on. See chapter 2.")
    assert given_in(sheet.course, sheet.table, [changed, BEN], sheets) == FromSheet({})
    taken = given_in(sheet.course, sheet.fill("ada", comment="Good.").table, [changed, BEN], sheets)
    assert not taken.given and "another comment here than in the gradebook" in taken.left[0]
    forced = given_in(sheet.course, sheet.table, [changed, BEN], sheets, overwrite=True)
    assert forced.given["ada", "q2"].comment == "Good."


def test_a_row_that_nobody_touched_brings_no_old_points_back(sheet):
    lee = sheet.copied("lee.csv").fill("ada", points="1")
    lee.sheets, graded = after(sheet.fill("ben", points="2", comment="Well."), BEN)
    for overwrite in (False, True):
        taken = lee.taken(ADA, graded, overwrite=overwrite)
        assert (list(taken.given), taken.left) == ([("ada", "q2")], ())


def test_an_answer_that_asks_to_be_looked_at_again_has_no_points_in_the_sheet(tiny, tmp_path):
    asks = replace(BEN, mark=replace(BEN.mark, asks=True))
    table = sheet_of(tiny, tmp_path / "w.csv", [asks], SHEETS, False)
    place = table.need_column("points")
    assert table.rows[1][place] == ""
    same = table.with_cells({(2, place): "3"})
    elsewhere = replace(BEN, mark=replace(BEN.mark, by_hand=2.0))
    assert given_in(tiny, same, [elsewhere], SHEETS).left, "somebody else has looked at it by now"
    assert list(given_in(tiny, same, [asks], SHEETS).given) == [("ben", "q2")], "the same points as before, given anew"


def test_no_cell_that_a_student_wrote_is_a_formula(sheet):
    text = sheet.path.read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK" in text and ",=HYPERLINK" not in text and ',"=HYPERLINK' not in text


def test_an_anonymous_sheet_names_nobody_and_comes_back_to_the_right_student(tiny, tmp_path):
    sheet = Sheet(tiny, tmp_path, anonymous=True)
    text = sheet.path.read_text(encoding="utf-8-sig")
    assert "ada" not in text and "ben" not in text
    assert list(sheet.fill(code_of(SHEETS, "ada"), points="3").given()) == [("ada", "q2")]
    assert code_of(SHEETS, "ada") != code_of(Sheets("another"), "ada")
