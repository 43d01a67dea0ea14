"""A plain table of totals, for a system that is none of the others."""

from pathlib import Path

from autograder.run.scores_out.filling import Assignment, Filled, Score
from autograder.run.students import as_cell
from autograder.tables import Table

COLUMNS = ("student", "name", "email", "section", "score", "max_score", "status")


def make(_: Assignment, scores: list[Score]) -> Filled:
    """One row for each student.

    Args:
        _: the assignment, which every system's `make` gets.
        scores: everyone's, in the order of the rows.
    """
    rows = [COLUMNS]
    for one in scores:
        row = one.row
        rows.append((row.student, row.name, row.email, row.section, one.text, as_cell(row.max_score), row.status))
    return Filled(Table(Path("scores.csv"), tuple(rows)), len(scores))
