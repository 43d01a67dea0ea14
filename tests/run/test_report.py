"""What a grading run tells on the console."""

from autograder.judge import QuestionResult, Results, Status
from autograder.run.graded import Graded
from autograder.run.report import lines_of_absent, was_not_handed_in


def graded(student: str, question: QuestionResult) -> Graded:
    return Graded(student, "2_spread", Results(student, "2_spread", 1, (question,)))


def missing(student: str, message: str = "Not handed in.") -> Graded:
    return graded(student, QuestionResult("q1", 0.0, 2.0, Status.MISSING, message))


def test_who_lacks_a_notebook_is_told_once_and_not_in_a_line_for_each():
    here = graded("ada", QuestionResult("q1", 2.0, 2.0, Status.CORRECT))
    told = missing("eve", "Not handed in. work.rar is a RAR archive; hand in a zip.")
    assert not was_not_handed_in(here) and not was_not_handed_in(told), "there is more to say of this one"
    assert lines_of_absent([here, told, missing("ben")]) == ["2_spread not handed in: ben"]
    many = [missing(f"s{number}") for number in range(299)]
    assert lines_of_absent([here, *many]) == ["2_spread not handed in: 299 of 300 students (in scores.csv)"]
