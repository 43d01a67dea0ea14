"""Who gained or lost what, and why; and whose points count."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import WrongCall
from autograder.judge import CaseResult, QuestionResult, Results, Status
from autograder.judge.store import HAND_IN, JUDGE, TEST
from autograder.run.changes import MAX_TOLD, Change, changes_between, lines_of_changes
from autograder.run.gradebook.marks import Mark, with_marks
from autograder.run.graded import Graded, NotGraded
from autograder.run.settle import Engine, read_engine, write_engine
from tests.compound import COURSE

PARTS = {HAND_IN: "a", JUDGE: "b", f"{TEST}q1": "c", f"{TEST}q3": "d"}
WRITTEN = QuestionResult("q2", None, 4, Status.UNGRADED)


def graded(score: float = 4, parts: dict[str, str] | None = None, **options) -> Graded:
    cases = (CaseResult("one", 4, False, True), CaseResult("two", 2, True, score == 6))
    question = QuestionResult("q1", score, 6, Status.CORRECT if score == 6 else Status.PARTIAL, cases=cases)
    results = Results("ada", "first", 1, (question, WRITTEN), parts=PARTS | (parts or {}))
    return Graded("ada", "first", results, {"q1": score, "q2": None} | options.pop("scores", {}), **options)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({f"{TEST}q1": "new"}, "its test changed"),
        ({f"{TEST}q3": "new"}, "another test of the notebook changed"),
        ({HAND_IN: "new"}, "the hand-in changed"),
        ({HAND_IN: "new", f"{TEST}q1": "new"}, "its test changed, the hand-in changed"),
        ({JUDGE: "new"}, "what judges changed (course, data, packages or autograder)"),
        ({}, "judged again"),
    ],
)
def test_a_change_says_why(parts, reason):
    assert changes_between([graded(4)], [graded(6, parts)]) == [Change("ada", "first", "q1", 4, 6, reason)]


def test_a_tas_points_are_told_as_such_and_what_is_new_or_the_same_is_no_change():
    by_hand = graded(scores={"q1": 5.0, "q2": 3.0})
    assert [one.reason for one in changes_between([graded()], [by_hand])] == ["a TA's points"] * 2
    assert changes_between([by_hand], [by_hand]) == changes_between([], [by_hand]) == []


def test_who_has_no_verdict_any_more_lost_everything_and_the_reason_is_told():
    changes = changes_between([graded()], [NotGraded("ada", "first", "its worker died")])
    assert [(one.question, one.after, one.reason) for one in changes] == [
        ("q1", None, "not graded any more: its worker died")
    ]


def test_the_console_names_the_first_changes_and_counts_the_others():
    lines = lines_of_changes([Change("ada", "first", "q1", 4, 6, "why")] * (MAX_TOLD + 2))
    assert len(lines) == MAX_TOLD + 1
    assert (lines[0], lines[-1]) == ("changed: ada, q1: 4 → 6 (why)", "… and 2 more, in changes.csv")


@pytest.mark.parametrize(("points", "status"), [(6, "correct"), (7, "correct"), (5, "partial"), (0, "wrong")])
def test_the_status_of_an_overridden_test_score_fits_its_points(points, status):
    one = graded(scores={"q1": points})
    assert one.status_of(one.results.questions[0]) == status
    assert graded().status_of(graded().results.questions[0]) == Status.PARTIAL


def test_an_overridden_bonus_is_measured_by_what_its_cases_give():
    one = graded()
    bonus = replace(one.results.questions[0], bonus=True, max_score=0.0)
    assert replace(one, scores={"q1": 5.0}).status_of(bonus) == Status.PARTIAL
    assert replace(one, scores={"q1": 6.0}).status_of(bonus) == Status.CORRECT


def test_points_of_another_gradebook_are_not_taken_and_its_students_are_named():
    tests, ta = Mark(4.0, None, 0.0, False), Mark(None, 3.0, 0.5, False)
    marked = with_marks([graded()], {("ada", "first"): {"q1": tests, "q2": ta}})
    assert (marked.graded[0].scores, marked.others) == ({"q1": 4.0, "q2": 3.5}, ())
    foreign = with_marks([graded()], {("ada", "first"): {"q1": replace(tests, by_tests=6.0), "q2": ta}})
    assert (foreign.graded, foreign.others) == ([graded()], ("ada",))


def test_what_a_ta_graded_and_has_changed_waits_with_its_points():
    again = Mark(None, 3.0, 0.0, True)
    [one] = with_marks([graded()], {("ada", "first"): {"q1": Mark(4.0, None, 0.0, False), "q2": again}}).graded
    assert (one.points_for(WRITTEN), one.status_of(WRITTEN), one.waits_for(WRITTEN)) == (3.0, Status.UNGRADED, True)
    assert "changed since a TA gave 3 points" in one.said_again(WRITTEN)


def test_no_password_of_a_gradebook_is_kept(tmp_path):
    write_engine(tmp_path, Engine("nbgrader", Path("/course"), "postgresql://ta:secret@host/grades"))
    assert not any("secret" in path.read_text() for path in tmp_path.iterdir())
    with pytest.raises(WrongCall, match=r"--gradebook: name postgresql://ta:\*\*\*@host/grades with its password"):
        read_engine(tmp_path, COURSE)
    named = read_engine(tmp_path, COURSE, gradebook="postgresql://ta:secret@host/grades")
    assert named is not None and named.url.startswith("postgresql://ta:secret")


def test_a_course_that_is_copied_or_moved_has_its_own_gradebook(tmp_path):
    out = tmp_path / "course" / "graded"
    out.mkdir(parents=True)
    write_engine(out, Engine("nbgrader", tmp_path / "course" / "nbgrader"))
    shutil.copytree(tmp_path / "course", tmp_path / "copy")
    copied = read_engine(tmp_path / "copy" / "graded", COURSE)
    assert copied is not None and copied.folder == tmp_path / "copy" / "nbgrader"
    write_engine(out, Engine("nbgrader", Path("/elsewhere/nbgrader")))
    other = read_engine(out, COURSE)
    assert other is not None and other.folder == Path("/elsewhere/nbgrader")
