"""changes.csv: who gained or lost what since the last run or report, and why."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.atomic import replacing
from autograder.cells import as_cell_text
from autograder.judge.store import HAND_IN, JUDGE, ROOM, RUBRICS, TEST
from autograder.run.graded import Graded, NotGraded

FILE = "changes.csv"
COLUMNS = ("student", "notebook", "question", "before", "after", "reason")
MAX_TOLD = 20
"""How many changes the console names one by one."""

REASONS = {
    HAND_IN: "the hand-in changed",
    RUBRICS: "the points of a written question changed",
    ROOM: "the room or its limits changed",
    JUDGE: "what judges changed (course, data, packages or autograder)",
}


@dataclass(frozen=True)
class Change:
    """A question with other points than before. None: a person is to grade it, or it had no verdict."""

    student: str
    notebook: str
    question: str
    before: float | None
    after: float | None
    reason: str

    @property
    def told(self) -> str:
        """In one line."""
        return f"{self.student}, {self.question}: {_points(self.before)} → {_points(self.after)} ({self.reason})"


def changes_between(before: Iterable[Graded | NotGraded], after: Iterable[Graded | NotGraded]) -> list[Change]:
    """What is other than it was, question by question. A notebook that was not graded before is no change.

    Args:
        before: what was graded earlier, with the points that counted then.
        after: what is graded now, in the order in which changes are told.
    """
    earlier = {(one.student, one.notebook): one for one in before}
    found = []
    for one in after:
        old = earlier.get((one.student, one.notebook))
        if old is None:
            continue
        had, has = _scores(old), _scores(one)
        for name in dict.fromkeys([*has, *had]):
            if had.get(name) != has.get(name):
                found.append(
                    Change(one.student, one.notebook, name, had.get(name), has.get(name), _reason(old, one, name))
                )
    return found


def write_changes(out: Path, changes: Iterable[Change]) -> None:
    """Write changes.csv anew, or leave it as it was.

    Args:
        out: the run's folder.
        changes: one row for each, in their order.
    """
    with replacing(out / FILE) as partial, partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for one in changes:
            points = ("" if score is None else f"{score:g}" for score in (one.before, one.after))
            writer.writerow([as_cell_text(one.student), one.notebook, one.question, *points, as_cell_text(one.reason)])


def lines_of_changes(changes: list[Change]) -> list[str]:
    """The first of them for the console, and how many more there are."""
    lines = [f"changed: {one.told}" for one in changes[:MAX_TOLD]]
    more = len(changes) - MAX_TOLD
    return [*lines, f"… and {more} more, in {FILE}"] if more > 0 else lines


def _points(score: float | None) -> str:
    return "no points yet" if score is None else f"{score:g}"


def _scores(one: Graded | NotGraded) -> dict[str, float | None]:
    if isinstance(one, NotGraded):
        return {}
    return {question.question: one.points_for(question) for question in one.results.questions}


def _reason(before: Graded | NotGraded, after: Graded | NotGraded, question: str) -> str:
    if isinstance(after, NotGraded):
        return f"not graded any more: {after.problem}"
    if isinstance(before, NotGraded):
        return "had no verdict before"
    new = _by_tests(after, question)
    if _by_tests(before, question) == new and after.scores.get(question) != new:
        return "a TA's points"
    old, now = before.results.parts, after.results.parts
    changed = {part for part in old.keys() | now.keys() if old.get(part) != now.get(part)} if old and now else set()
    reasons = [said for part, said in REASONS.items() if part in changed]
    if f"{TEST}{question}" in changed:
        reasons.insert(0, "its test changed")
    elif any(part.startswith(TEST) for part in changed):
        reasons.append("another test of the notebook changed")
    if before.results.seed != after.results.seed:
        reasons.append("another seed")
    return ", ".join(reasons) or "judged again"


def _by_tests(one: Graded, question: str) -> float | None:
    return next((known.score for known in one.results.questions if known.question == question), None)
