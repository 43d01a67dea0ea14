"""What a grading run says of one notebook of one student: its verdict, or why it has none."""

from dataclasses import dataclass, field

from autograder.judge import QuestionResult, Results, Status
from autograder.log import told_of, trace_of


@dataclass(frozen=True)
class Graded:
    """A notebook with a verdict.

    scores: question → what the engine itself has written down, or a TA in its gradebook; None where that waits for a
    person. again: questions that a TA has graded, and which have changed since.
    """

    student: str
    notebook: str
    results: Results
    scores: dict[str, float | None] = field(default_factory=dict)
    again: frozenset[str] = frozenset()

    def status_of(self, question: QuestionResult) -> Status:
        """The judge's, or what the points say where a TA has given others. What waits for a TA is ungraded."""
        score = self.scores.get(question.question)
        written = question.score is None
        if written and question.question in self.again:
            return Status.UNGRADED
        if score is None or score == question.score or (written and not score and question.status != Status.UNGRADED):
            return question.status
        most = sum(case.points for case in question.cases) if question.bonus else question.max_score
        if score >= most:
            return Status.CORRECT
        return Status.PARTIAL if score > 0 else Status.WRONG

    def points_for(self, question: QuestionResult) -> float | None:
        """The points that a question has; None where a person is to give some. Nobody grades what is not there."""
        score = self.scores.get(question.question)
        return 0.0 if score is None and self.status_of(question) == Status.MISSING else score

    def waits_for(self, question: QuestionResult) -> bool:
        """Whether a person is to grade a question, or to look at it once more."""
        return self.points_for(question) is None or question.question in self.again

    def said_again(self, question: QuestionResult) -> str:
        """For the instructor: why a question that a TA has graded is to be looked at once more; or ""."""
        if question.question not in self.again:
            return ""
        what = "the answer has" if question.score is None else "what the tests give has"
        return f"{what} changed since a TA gave {self.scores.get(question.question) or 0:g} points: look at it again"


@dataclass(frozen=True)
class NotGraded:
    """A notebook without a verdict. problem: why. trace: how that came about, for the log; "" if there is nothing."""

    student: str
    notebook: str
    problem: str
    trace: str = ""

    @classmethod
    def because_of(cls, problem: BaseException, student: str, notebook: str) -> "NotGraded":
        """No verdict, as something was raised.

        Args:
            problem: what was raised. Its message is shown, its traceback goes to the log.
            student: whose notebook it is.
            notebook: its name, without `.ipynb`.
        """
        return cls(student, notebook, told_of(problem), trace_of(problem))


def with_verdict(outcomes: list[Graded | NotGraded]) -> list[Graded]:
    """Those that have a verdict."""
    return [one for one in outcomes if isinstance(one, Graded)]


def without_verdict(outcomes: list[Graded | NotGraded]) -> list[NotGraded]:
    """Those that have none."""
    return [one for one in outcomes if isinstance(one, NotGraded)]
