"""Blackboard: the grade centre's file, which is downloaded for work offline and uploaded again."""

import re

from autograder.errors import WrongCall
from autograder.run.scores_out.filling import Assignment, Filled, Score, filled, other_maximum, rows_of, the_column
from autograder.tables import Table

TITLE = re.compile(r"(?P<title>.+?) \[Total Pts:\s*(?P<most>[^\s\]]+)[^\]]*\] ?\|(?P<id>\d+)", re.DOTALL)


def fill(table: Table, assignment: Assignment, scores: list[Score]) -> Filled:
    """Put the scores into the file, whose encoding and delimiter stay as well. See System.fill.

    Args:
        table: the grade centre's file, with a column Username.
        assignment: what its column may be called, with or without what Blackboard adds to a title.
        scores: everyone's.

    Raises:
        WrongCall: if it is no such file, or has no column for the assignment, or several.
    """
    user = table.column("Username", "User Name")
    if user is None:
        raise WrongCall(f"{table.path}: is no file of Blackboard's grade centre; it has a column Username")
    matches = {place: match for place, name in enumerate(table.header) if (match := TITLE.fullmatch(name))}
    column = the_column(table, {place: match["title"] for place, match in matches.items()}, assignment)
    rows = rows_of(
        table,
        scores,
        [
            (user, lambda one: [one.id_in("blackboard")]),
            (user, lambda one: [one.own]),
            (table.column("Student ID"), lambda one: [one.own]),
        ],
    )
    return filled(table, column, rows, scores, other_maximum(matches[column]["most"], assignment))
