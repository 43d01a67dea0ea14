"""Brightspace: its grades as CSV, with a mark at the end of every line."""

import re
from dataclasses import replace
from pathlib import Path

from autograder.errors import WrongCall
from autograder.run.scores_out.filling import Assignment, Filled, Score, filled, other_maximum, rows_of, the_column
from autograder.run.students import NOT_GRADED
from autograder.tables import Table

TITLE = re.compile(r"(?P<title>.+) Points Grade(?: <(?P<more>.*)>)?", re.DOTALL)
MAXIMUM = re.compile(r"MaxPoints:\s*([\d.,]+)")
END, MARK = "End-of-Line Indicator", "#"


def fill(table: Table, assignment: Assignment, scores: list[Score]) -> Filled:
    """Put the scores into a file that was exported. See System.fill.

    Args:
        table: the export, with a column OrgDefinedId or Username.
        assignment: what its column may be called, with or without what Brightspace adds to a title.
        scores: everyone's.

    Raises:
        WrongCall: if it is no such export, or has no column for the assignment, or several.
    """
    org, user = table.column("OrgDefinedId"), table.column("Username")
    if org is None and user is None:
        raise WrongCall(f"{table.path}: is no export of Brightspace; it has a column OrgDefinedId or Username")
    matches = {place: match for place, name in enumerate(table.header) if (match := TITLE.fullmatch(name))}
    column = the_column(table, {place: match["title"] for place, match in matches.items()}, assignment)
    rows = rows_of(
        table,
        scores,
        [
            (org, lambda one: [one.id_in("brightspace")]),
            (user, lambda one: [one.id_in("brightspace")]),
            (org, lambda one: [one.own]),
            (user, lambda one: [one.own]),
            (table.column("Email"), lambda one: [one.row.email]),
        ],
    )
    said = MAXIMUM.search(matches[column]["more"] or "")
    done = filled(table, column, rows, scores, other_maximum(said[1], assignment) if said else [])
    end = table.column(END)
    if end is None:
        return replace(done, table=_with_marks(done.table))
    return replace(done, table=done.table.with_cells({(number, end): MARK for number, _ in table.lines()}))


def _with_marks(table: Table) -> Table:
    first, *others = table.rows
    return replace(table, rows=((*first, END), *((*row, MARK) for row in others if any(row))))


def make(assignment: Assignment, scores: list[Score]) -> Filled:
    """A file with this item alone, for those whose id in Brightspace is known.

    Args:
        assignment: its first title is that of the column.
        scores: everyone's. Whoever is graded and has no id in Brightspace is told as unmatched.
    """
    title = f"{assignment.titles[0]} Points Grade"
    known = [one for one in scores if one.id_in("brightspace")]
    rows = [("OrgDefinedId", title, END)]
    rows += [(one.id_in("brightspace"), one.text, MARK) for one in known]
    missing = tuple(one.row.student for one in scores if one not in known and one.row.status != NOT_GRADED)
    note = f"Brightspace needs a grade item that is called {assignment.titles[0]!r}; with --template, it has one"
    return Filled(Table(Path("brightspace.csv"), tuple(rows)), len(known), missing, (note,))
