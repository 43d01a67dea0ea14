"""What an answer of the bank got, beside what it must get."""

from dataclasses import dataclass

from autograder.judge import QuestionResult
from autograder.verify.bank import Answer
from autograder.verify.known_sentences import Sentences


@dataclass(frozen=True)
class Verdict:
    """What one answer to a question got. engine, student: from which tool, and in whose notebook.

    score: as that tool has written it down. most: the points there are. leaked: what of the message no one wrote
    beforehand. fault: whether the judge calls it the course's. lost: the cases that failed.
    """

    engine: str
    student: str
    answer: Answer
    score: float | None
    most: float
    message: str
    leaked: tuple[str, ...] = ()
    fault: bool = False
    lost: tuple[str, ...] = ()

    @property
    def wanted(self) -> float:
        """The points that it must get."""
        return self.most if self.answer.points is None else self.answer.points

    @property
    def exact(self) -> bool:
        """Whether it got those."""
        return self.score is not None and abs(self.score - self.wanted) < 1e-6 and not self.fault

    @property
    def named(self) -> bool:
        """Whether the message names the misconception: of a right answer, that nothing is told."""
        if self.answer.right:
            return not self.message
        return bool(self.answer.says) and self.answer.says in self.message

    @property
    def deviation(self) -> str:
        """In which way it is not as it must be, or ""."""
        found = []
        if not self.exact:
            fault = ", the course's fault" if self.fault else ""
            found.append(f"{self.score} points{fault}, not {self.wanted:g}; told: {self.message or 'nothing'}")
        elif self.answer.right and not self.named:
            found.append(f"is right, and told {self.message!r}")
        elif self.answer.says and not self.named:
            found.append(f"is not told {self.answer.says!r} but {self.message!r}")
        if self.leaked:
            found.append(f"LEAKED {self.leaked}")
        return "; ".join(found)


def verdict_on(
    result: QuestionResult, answer: Answer, engine: str, student: str, score: float | None, sentences: Sentences
) -> Verdict:
    """How the judge's result on an answer compares with what the bank says of it.

    Args:
        result: the judge's.
        answer: of the bank.
        engine: that has rendered the result.
        student: who gave the answer.
        score: as the engine has it.
        sentences: all that a message may say.
    """
    leaked = (sentences.unknown_in(case.message, result.question) for case in result.cases if case.hidden)
    return Verdict(
        engine=engine,
        student=student,
        answer=answer,
        score=score,
        most=sum(case.points for case in result.cases),
        message=result.message,
        leaked=tuple(text for text in leaked if text),
        fault=result.course_fault,
        lost=tuple(case.name for case in result.cases if not case.passed),
    )
