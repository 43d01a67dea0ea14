"""What every test file promises. Which points answers get is in the course's answers/, tried in tests/verify/."""

import re

import pytest

from autograder.course.questions import HIDDEN_LINE, read_questions
from tests.compound import COURSE

QUESTIONS = read_questions(COURSE.questions).values()


FORM_ALONE = {"x_bugs", "x_order", "x_own_code"}
"""Their public cases look at the form of an answer: anything more would be the answer."""


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_file_says_what_it_is_and_gives_about_a_quarter_for_its_public_cases(question):
    cases = question.load().test_cases
    public = sum(case.points for case in cases if not case.hidden)
    least, most = (0, 0) if question.name in FORM_ALONE else (0.15, 0.35)
    assert least <= public / question.points <= most
    assert question.text.startswith(f'"""{question.name}: ')
    assert question.text.count(f"{HIDDEN_LINE}\n") == 1
    assert question.bonus == question.name.startswith("x")


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.name != "q3_3"], ids=lambda question: question.name)
def test_hints_are_sentences_and_the_same_for_everybody(question):
    # q3_3 is left out: it tells each student the accuracy that was measured.
    assert not re.findall(r"\bf[\"'][^\"']*[?.][\"']", question.hidden_text)
