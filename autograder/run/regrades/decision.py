"""One regrade request: asked, or decided, with the points that a decision gives."""

from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.errors import WrongCall
from autograder.run.graded import Graded, NotGraded, with_verdict
from autograder.run.regrades.table import Regrade, read_regrades, with_asked, with_decided, write_regrades
from autograder.run.settle import Engine


@dataclass(frozen=True)
class GradedQuestion:
    """A question of a student, as it is graded. points: None while it waits. most: the points that there are."""

    notebook: str
    points: float | None
    most: float


class Known:
    """What is graded, by student and question."""

    def __init__(self, graded: list[Graded | NotGraded]):
        self._of = {
            (one.student, question.question): GradedQuestion(
                one.notebook,
                one.points_for(question),
                sum(case.points for case in question.cases) if question.bonus else question.max_score,
            )
            for one in with_verdict(graded)
            for question in one.results.questions
        }
        self._students = {student for student, _ in self._of}

    def most(self, student: str, question: str) -> float | None:
        """The points that a question has at most; None if nothing of that name is graded.

        Args:
            student: the student's id.
            question: the question's id.
        """
        one = self._of.get((student, question))
        return None if one is None else one.most

    def need(self, student: str, question: str) -> GradedQuestion:
        """A question as it is graded.

        Args:
            student: the student's id.
            question: the question's id.

        Raises:
            WrongCall: if no such student or question was graded.
        """
        one = self._of.get((student, question))
        if one is None:
            what = f"{question}: is no question" if student in self._students else f"{student}: is no student"
            raise WrongCall(f"regrade: {what} that was graded here")
        return one


def ask(out: Path, known: Known, student: str, question: str, asked: str) -> Regrade:
    """Write a request down, with the points that the question has now.

    Args:
        out: the run's folder, with regrades.csv.
        known: the class's questions and their points.
        student: who asks.
        question: about which.
        asked: in the student's words.

    Returns:
        The request.

    Raises:
        WrongCall: if there is no such question of that student's, or if one is asked and open.
    """
    points = known.need(student, question).points
    regrades = with_asked(read_regrades(out), student, question, asked, points)
    write_regrades(out, regrades)
    return regrades[-1]


def need_open(out: Path, student: str, question: str) -> None:
    """See to it that a request is there to be decided.

    Args:
        out: the run's folder, with regrades.csv.
        student: who asks.
        question: about which.

    Raises:
        WrongCall: if there is no open request of that student's question, or regrades.csv has a mistake.
    """
    with_decided(read_regrades(out), student, question, "?", "?", None)


def need_fitting(known: Known, student: str, question: str, points: float | None) -> None:
    """See to it that a question can have so many points.

    Args:
        known: what is graded.
        student: whose question.
        question: the question's id.
        points: that a decision gives; None if it gives none, which always fits.

    Raises:
        WrongCall: if they are below 0 or above the question's own, or the question was not graded.
    """
    most = known.need(student, question).most
    if points is not None and not 0 <= points <= most + 1e-9:
        raise WrongCall(f"--points {points:g}: {question} has from 0 to {most:g}")


def give_points(
    course: Course, engine: Engine | None, known: Known, student: str, question: str, points: float
) -> None:
    """Write a person's points into the gradebook, as formgrader does.

    Args:
        course: that was graded.
        engine: that the run was graded with.
        known: the class's questions and their points.
        student: whose points.
        question: for which.
        points: from 0 to the question's own.

    Raises:
        WrongCall: if the run has no gradebook.
    """
    if engine is None or engine.name != "nbgrader":
        raise WrongCall("--points: was not graded with nbgrader, so there is no gradebook for a person's points")
    from autograder.run.gradebook.writing import open_gradebook

    with open_gradebook(course, engine.folder, engine.url) as book:
        grade = book.find_grade(question, known.need(student, question).notebook, course.name, student)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, None, False
        book.db.commit()


def decide(out: Path, known: Known, student: str, question: str, decided: str, by: str) -> Regrade:
    """Write a decision down, with the points that the question has after it.

    Args:
        out: the run's folder, with regrades.csv.
        known: the class's questions and their points.
        student: who asks.
        question: about which.
        decided: in the words of whoever decided.
        by: who that was.

    Returns:
        The request, which is closed now.

    Raises:
        WrongCall: if nothing is asked and open.
    """
    regrades = read_regrades(out)
    points = known.need(student, question).points
    settled = with_decided(regrades, student, question, decided, by, points)
    write_regrades(out, settled)
    return next(one for one, before in zip(settled, regrades, strict=True) if one != before)
