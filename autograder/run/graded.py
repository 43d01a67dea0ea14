"""What a grading run says of one notebook of one student: its verdict, or why it has none."""

from dataclasses import dataclass, field

from autograder.judge import QuestionResult, Results, Status
from autograder.log import told_of, trace_of


@dataclass(frozen=True)
class Graded:
    """A notebook with a verdict.

    scores: question → what the engine itself has written down, or a TA in its gradebook; None where that waits for a
    person.
    """

    student: str
    notebook: str
    results: Results
    scores: dict[str, float | None] = field(default_factory=dict)

    def status_of(self, question: QuestionResult) -> Status:
        """The judge's, or for a written answer that a TA has graded what the points say."""
        score = self.scores.get(question.question)
        if question.status != Status.UNGRADED or score is None:
            return question.status
        if score >= question.max_score:
            return Status.CORRECT
        return Status.PARTIAL if score > 0 else Status.WRONG


@dataclass(frozen=True)
class NotGraded:
    """A notebook without a verdict. problem: why. trace: how that came about, for the log; "" if there is nothing."""

    student: str
    notebook: str
    problem: str
    trace: str = ""

    @classmethod
    def because_of(cls, problem: BaseException, student: str, notebook: str) -> "NotGraded":
        """No verdict, as something was raised."""
        return cls(student, notebook, told_of(problem), trace_of(problem))


def with_verdict(outcomes: list[Graded | NotGraded]) -> list[Graded]:
    """Those that have a verdict."""
    return [one for one in outcomes if isinstance(one, Graded)]


def without_verdict(outcomes: list[Graded | NotGraded]) -> list[NotGraded]:
    """Those that have none."""
    return [one for one in outcomes if isinstance(one, NotGraded)]
