"""`autograder verify --public`: which wrong answers the students' own checks catch."""

import pytest
from rich.console import Console

from autograder.course.questions import read_questions
from autograder.verify.bank import Answer, bank_of
from autograder.verify.public_checks import Checked, check_publicly
from autograder.verify.public_table import CAUGHT, show_public
from tests.compound import COURSE

RIGHT = Answer("q1", "a right one")


def wrong(number):
    return Answer("q1", f"wrong {number}", 0.0)


def shown(found):
    console = Console(record=True, width=160, quiet=True)
    return show_public(found, console)


def test_enough_of_the_wrong_ones_are_to_be_caught():
    most = [Checked(wrong(number), "said" if number < 17 else "") for number in range(19)]
    assert len(most) * CAUGHT <= 17 and shown([*most, Checked(RIGHT, "")])
    assert not shown([*most[6:], Checked(RIGHT, "")])


def test_no_right_one_may_be_refused():
    assert not shown([Checked(wrong(1), "said"), Checked(RIGHT, "said")])


@pytest.mark.tool
def test_the_tiny_courses_bank_is_checked_in_processes_of_its_own_and_nothing_is_left(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    found = check_publicly(tiny, "", 2, lambda *_: None)
    assert list(tmp_path.iterdir()) == []
    assert {one.answer for one in found} == {answer for bank in bank_of(tiny).answers.values() for answer in bank}
    assert not any(one.caught for one in found if one.answer.right)
    assert any(one.caught for one in found if not one.answer.right)


@pytest.mark.tool
@pytest.mark.proof
def test_students_catch_most_of_the_wrong_answers_to_a_question_without_torch():
    found = check_publicly(COURSE, "q1_3", 2, lambda *_: None)
    assert not [one.said for one in found if one.answer.right and one.caught]
    assert sum(one.caught for one in found) >= CAUGHT * sum(not one.answer.right for one in found)


def test_what_is_worth_nothing_is_practice_and_not_judged():
    question = read_questions(COURSE.questions)["q1_3"]
    judged = {case.body.test_func.__name__ for case in question.judged_cases()}
    every = {case.body.test_func.__name__: case for case in question.load().test_cases}
    assert judged < set(every)
    assert all(not every[name].hidden and not every[name].points for name in set(every) - judged)
