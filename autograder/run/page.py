"""Reads what a run has written of a class, and writes report.html."""

import csv
from collections import defaultdict
from collections.abc import Container, Sequence
from math import isfinite
from pathlib import Path

from autograder.atomic import write_text
from autograder.cells import as_typed
from autograder.errors import NoReport
from autograder.judge import Results
from autograder.run.class_report.describe import described
from autograder.run.class_report.html import html_of
from autograder.run.graded import Graded, NotGraded
from autograder.run.hints import Repeated
from autograder.run.regrades.table import Regrade
from autograder.run.scores import UNGRADED
from autograder.run.similarity.similar import Similar
from autograder.run.students import Student

LEFT_OUT = "left_out.txt"
"""What a run leaves beside its scores.csv: the entries of the class's folder that belong to no student."""


def write_left_out(out: Path, lines: Sequence[str]) -> None:
    """Keep what belongs to no student for a report that is made anew; no file if there is nothing.

    Args:
        out: the run's folder.
        lines: one for each entry of the class's folder, without a line break in it.
    """
    if lines:
        write_text(out / LEFT_OUT, "".join(f"{line}\n" for line in lines))
    else:
        (out / LEFT_OUT).unlink(missing_ok=True)


def read_left_out(out: Path) -> list[str]:
    """What `write_left_out` has written."""
    try:
        return (out / LEFT_OUT).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []


def write_report(
    path: Path,
    title: str,
    outcomes: list[Graded | NotGraded],
    left_out: Sequence[str] = (),
    students: Sequence[Student] = (),
    repeated: Sequence[Repeated] = (),
    similar: Similar | None = None,
    regrades: Sequence[Regrade] = (),
) -> None:
    """Write the page, or leave it as it was. It needs no network, and no file beside it.

    Args:
        path: of the page.
        title: of the course.
        outcomes: what came of each notebook.
        left_out: what belongs to no student, a line each.
        students: the rows of students.csv.
        repeated: hints that were told again at a later attempt.
        similar: pairs of students with similar code; None if that was not looked for.
        regrades: what students ask of their points, and what was decided.
    """
    write_text(path, html_of(described(title, outcomes, left_out, students, repeated, similar, regrades)))


def read_graded(out: Path, but: Container[str] = ()) -> list[Graded | NotGraded]:
    """What an earlier run has written to scores.csv and results/.

    Args:
        out: the run's folder.
        but: ids of students to leave out.

    Returns:
        Notebooks without a verdict first, then those with one, each in the order of scores.csv.

    Raises:
        NoReport: if a file is missing or damaged.
    """
    scores: dict[tuple[str, str], dict[str, float | None]] = defaultdict(dict)
    problems: dict[tuple[str, str], str] = {}
    try:
        with (out / "scores.csv").open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                place = as_typed(row["student"]), row["notebook"]
                if place[0] in but:
                    continue
                if row["question"]:
                    scores[place][row["question"]] = _number(row["score"]) if row["score"] else None
                else:
                    problems[place] = as_typed(row["message"]).removeprefix(UNGRADED)
        failed = [NotGraded(*place, problem) for place, problem in problems.items()]
        return failed + [Graded(*place, _read_results(out, *place), given) for place, given in scores.items()]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as problem:
        raise NoReport(
            f"{out}: holds no scores.csv with its results/; run 'autograder grade' first ({problem})"
        ) from None


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is no score")
    return number


def _read_results(out: Path, student: str, notebook: str) -> Results:
    return Results.from_json((out / "results" / student / f"{notebook}.json").read_text(encoding="utf-8"))
