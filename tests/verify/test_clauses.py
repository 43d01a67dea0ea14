"""The table from contract to case: each clause has a case, and a wrong answer that loses it, or `verify` says so."""

import pytest
from rich.console import Console

from autograder.verify.clauses import Clause, clauses_of, mistakes_in, mistakes_shown
from autograder.verify.table import show_clauses
from autograder.verify.verdict import Verdict
from tests.compound import BANK, COURSE

CLAUSES = clauses_of(COURSE)
GOOD = next(one for one in CLAUSES if one.question == "q1_2")


def changed(**parts):
    return Clause(**(vars(GOOD) | parts))


def test_every_promise_of_a_description_has_a_clause_and_each_names_what_there_is():
    assert list(mistakes_in(COURSE, CLAUSES)) == []


@pytest.mark.parametrize(
    "clause, said",
    [
        (changed(question="q9_9"), "no such question"),
        (changed(case="no_such_case"), "no case no_such_case"),
        (changed(dropped_by="nobody"), "no wrong answer of the bank is called 'nobody'"),
        (changed(dropped_by=next(one.name for one in BANK.answers["q1_2"] if one.right)), "no wrong answer"),
        (changed(quote="sizes round to the nearest"), "the notebook does not say this"),
    ],
)
def test_a_clause_that_names_what_is_not_there_is_told(clause, said):
    assert any(said in line for line in mistakes_in(COURSE, [*CLAUSES, clause]))


def test_a_question_without_clauses_and_a_sentence_without_one_are_told():
    others = [one for one in CLAUSES if one.question != "q1_2"]
    assert "q1_2: has no clause in clauses.toml" in list(mistakes_in(COURSE, others))
    without = [one for one in CLAUSES if "round up" not in one.quote and "stride does not divide" not in one.quote]
    assert any("so sizes that the stride does not divide round up" in line for line in mistakes_in(COURSE, without))


def test_a_wrong_answer_must_lose_the_case_that_it_is_named_for(capsys):
    answer = next(one for one in BANK.answers["q1_2"] if one.name == GOOD.dropped_by)

    def mistakes(*lost):
        verdict = Verdict("otter", "someone", answer, answer.points, 4.0, answer.says, lost=lost)
        return list(mistakes_shown([GOOD], [verdict]))

    assert mistakes(GOOD.case) == []
    assert "does not lose" in mistakes("another_case")[0]
    assert "does not lose" in next(mistakes_shown([GOOD], []))
    console = Console(width=200)
    assert show_clauses([GOOD], [], console)
    assert not show_clauses([GOOD], mistakes("another_case"), console)
    assert "does not lose" in capsys.readouterr().out
