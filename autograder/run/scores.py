"""scores.csv: a row for every question of every student."""

import csv
from pathlib import Path

from autograder.atomic import replacing
from autograder.cells import as_cell_text
from autograder.run.graded import Graded, NotGraded

COLUMNS = ("student", "notebook", "question", "score", "max_score", "status", "message")
UNGRADED = "could not be graded: "
"""What stands before the reason, in the one row of a notebook without a verdict."""


def write_scores(path: Path, outcomes: list[Graded | NotGraded]) -> None:
    """Write scores.csv anew, or leave it as it was.

    Args:
        path: of the file.
        outcomes: what came of every notebook of everyone, in the order of the rows. One without a verdict has one row.
    """
    with replacing(path) as partial, partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for one in outcomes:
            writer.writerows(_rows(one))


def _rows(one: Graded | NotGraded) -> list[tuple]:
    if isinstance(one, NotGraded):
        return [
            (
                as_cell_text(one.student),
                one.notebook,
                "",
                "",
                "",
                "error",
                f"{UNGRADED}{one.problem}".replace("\n", " "),
            )
        ]
    return [_row(one, index) for index in range(len(one.results.questions))]


def _row(one: Graded, index: int) -> tuple:
    question = one.results.questions[index]
    score, status = one.points_for(question), one.status_of(question)
    notes = "; ".join(one.results.notes) if index == 0 else ""
    again = one.said_again(question)
    remarks = "; ".join([*question.remarks, *([again] if again else [])])
    told = (question.message, f"[look at this: {remarks}]" if remarks else "", f"[{notes}]" if notes else "")
    message = " ".join(part for part in told if part)
    return (
        as_cell_text(one.student),
        one.notebook,
        question.question,
        "" if score is None else f"{score:g}",
        f"{question.max_score:g}",
        status.value,
        as_cell_text(message.replace("\n", " ")),
    )
