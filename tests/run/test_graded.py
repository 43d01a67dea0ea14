"""What a run says of one notebook: its verdict, or why it has none, and never points for what is in doubt."""

from pathlib import Path

from autograder.engines.grading import Grading
from autograder.judge import QuestionResult, Results, Status
from autograder.run.graded import Graded, NotGraded, with_verdict, without_verdict
from autograder.run.records import Records, finish
from autograder.run.run import Run
from autograder.run.workers.judged import Judged
from tests.compound import COURSE

RUN = Run(Path("handins"), Grading(Path("results"), COURSE, seed=1, room="none"), "otter", Path("course"), 1)


def graded(notebook: str, judged: float, by_engine: float | None) -> Graded:
    question = QuestionResult("q1", judged, 6, Status.CORRECT)
    return Graded("ada", notebook, Results("ada", notebook, 1, (question,)), {"q1": by_engine})


def test_what_the_engine_and_the_judge_agree_on_is_graded():
    judged = [graded("first", 6, 6.0), graded("second", 2, 2.0)]
    assert finish(RUN, Records(RUN), Judged(judged)) == judged


def test_a_score_that_the_engine_has_otherwise_is_no_verdict_and_says_both():
    [more, none] = finish(RUN, Records(RUN), Judged([graded("first", 2, 6.0), graded("second", 2, None)]))
    assert more == NotGraded("ada", "first", "q1: the judge gave 2, the engine has 6.0")
    assert none == NotGraded("ada", "second", "q1: the judge gave 2, the engine has None")


def test_where_one_notebook_has_no_verdict_the_others_of_the_student_are_not_written_down():
    judged = [NotGraded("ada", "first", "its worker died"), graded("second", 2, 2.0)]
    outcomes = finish(RUN, Records(RUN), Judged(judged))
    assert with_verdict(outcomes) == []
    assert [one.problem for one in without_verdict(outcomes)] == [
        "its worker died",
        "not written down, as another notebook of this student has no verdict",
    ]


def test_what_was_raised_is_told_in_one_line_and_kept_for_the_log():
    one = NotGraded.because_of(ValueError("two\nlines"), "ada", "first")
    assert one.problem == "ValueError: two"
    assert "ValueError" in one.trace
