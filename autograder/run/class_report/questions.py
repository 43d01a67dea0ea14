"""What the report says of each question: points, statuses, discrimination, and what students were told."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.judge import QuestionResult, Results, Status
from autograder.run.class_report.figures import Box, Segment, box_of, stacked
from autograder.run.class_report.messages import Told, kind_of
from autograder.run.class_report.spread import Spread, item_rest, spread_of
from autograder.run.graded import Graded

ORDER = (
    *(Status.CORRECT, Status.PARTIAL, Status.WRONG, Status.ERROR, Status.TIMEOUT, Status.MEMORY),
    *(Status.MISSING, Status.UNGRADED),
)
"""Statuses as they stand beside each other, from full points to none."""
CUT_SHORT = (Status.ERROR, Status.TIMEOUT, Status.MEMORY)
FAILED = (Status.PARTIAL, Status.WRONG, *CUT_SHORT)
NOT_HANDED_IN = "Not handed in. "
"""How the reason begins of a notebook that is missing, where there is more to say of it."""

BY_HAND = (Status.CORRECT, Status.PARTIAL, Status.WRONG)
"""What a written answer may be once a person has graded it."""

Answer = tuple[Graded, QuestionResult]
"""A student's notebook, and one question of it."""


@dataclass(frozen=True)
class QuestionRow:
    """One question of the class.

    points: the most that it gives, a bonus's, too. tested: whether tests grade it, and no person. spread: of the points
    that were given; None where nobody has graded it. discrimination: see `item_rest`. statuses: as a stacked bar.
    waiting: of whom it waits for a person.
    """

    notebook: str
    name: str
    points: float
    bonus: bool
    tested: bool
    spread: Spread | None
    box: Box | None
    discrimination: float | None
    statuses: tuple[Segment, ...]
    waiting: tuple[str, ...]

    @property
    def counted(self) -> str:
        """The statuses in words."""
        return ", ".join(f"{one.count} {one.name}" for one in self.statuses)


@dataclass(frozen=True)
class Message:
    """Something that students were told of a question, and who was."""

    question: str
    kind: Told
    line: str
    who: tuple[str, ...]
    asked: int

    @property
    def percent(self) -> float:
        """How many of all whom this question was judged of, in percent."""
        return 100 * len(self.who) / self.asked


def answers_by_question(done: Iterable[Graded]) -> list[list[Answer]]:
    """Everyone's answers, question by question in the course's order."""
    by_question: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for one in sorted(done, key=lambda one: one.notebook):
        for question in one.results.questions:
            by_question[one.notebook, question.question].append((one, question))
    return list(by_question.values())


def question_row(answers: list[Answer], totals: Mapping[str, float]) -> QuestionRow:
    """One question's row.

    Args:
        answers: of everyone to it.
        totals: student → the points of all questions, of everyone whose notebooks all have a verdict.
    """
    first = answers[0][1]
    tested = next((result for _, result in answers if result.cases), None)
    points = sum(case.points for case in tested.cases) if first.bonus and tested else first.max_score
    scores = {one.student: one.scores.get(result.question) for one, result in answers}
    given = {student: score for student, score in scores.items() if score is not None}
    counts = Counter(one.status_of(result) for one, result in answers)
    graded = bool(tested or any(counts[status] for status in BY_HAND))
    spread = spread_of(given.values()) if graded else None
    whole = [student for student in given if student in totals]
    return QuestionRow(
        notebook=answers[0][0].notebook,
        name=first.question,
        points=points,
        bonus=first.bonus,
        tested=tested is not None,
        spread=spread,
        box=box_of(spread, points),
        discrimination=item_rest([given[one] for one in whole], [totals[one] for one in whole]) if graded else None,
        statuses=stacked([(status.value, counts[status]) for status in ORDER if counts[status]]),
        waiting=tuple(one.student for one, result in answers if one.waits_for(result)),
    )


def messages_of(answers: list[Answer]) -> list[Message]:
    """What students were told of one question, the most frequent first."""
    told: dict[str, list[str]] = defaultdict(list)
    for one, result in answers:
        if about_all(one.results) or result.message.startswith(NOT_HANDED_IN.strip()):
            continue
        if result.status in FAILED or (result.status == Status.MISSING and result.cases):
            for line in dict.fromkeys(result.message.split("\n")):
                if line:
                    told[line].append(one.student)
    found = [
        Message(answers[0][1].question, kind_of(line), line, tuple(who), len(answers)) for line, who in told.items()
    ]
    return sorted(found, key=lambda one: -len(one.who))


def about_all(results: Results) -> str:
    """What is said of a whole notebook that could not be played, and so at each of its questions; or ""."""
    said = {(question.status, question.message) for question in results.questions}
    status, message = said.pop()
    told = status == Status.ERROR or (status == Status.MISSING and message.startswith(NOT_HANDED_IN))
    return message if told and not said else ""
