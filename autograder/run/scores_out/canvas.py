"""Canvas: its gradebook as CSV, which is imported under Grades → Import."""

import re
from pathlib import Path

from autograder.errors import WrongCall
from autograder.run.scores_out.filling import Assignment, Filled, Score, filled, other_maximum, rows_of, the_column
from autograder.run.students import NOT_GRADED, as_cell
from autograder.tables import Table

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
TITLE = re.compile(r"(?P<title>.+) \((?P<id>\d+)\)", re.DOTALL)
MAXIMUM = "points possible"
EXCUSED = "EX"


def fill(table: Table, assignment: Assignment, scores: list[Score]) -> Filled:
    """Put the scores into a gradebook that was exported. An excused student stays excused. See System.fill.

    Args:
        table: the export, with the columns Student, ID and Section.
        assignment: what its column may be called, with or without the number that Canvas adds.
        scores: everyone's.

    Raises:
        WrongCall: if it is no such export, or has no column for the assignment, or several.
    """
    if any(table.column(name) is None for name in ("Student", "ID", "Section")):
        raise WrongCall(f"{table.path}: is no gradebook of Canvas; its first columns are {', '.join(COLUMNS)}")
    titles = {place: match["title"] for place, name in enumerate(table.header) if (match := TITLE.fullmatch(name))}
    column = the_column(table, titles, assignment)
    rows = rows_of(
        table,
        scores,
        [
            (table.column("ID"), lambda one: [one.id_in("canvas")]),
            (table.column("SIS User ID"), lambda one: [one.own]),
            (table.column("SIS Login ID"), lambda one: [one.own, one.row.email]),
        ],
    )
    lines = dict(table.lines())
    notes = []
    for row in lines.values():
        if row[0].strip().casefold() == MAXIMUM:
            notes += other_maximum(row[column], assignment)
    excused = [number for number in rows if lines[number][column].strip().upper() == EXCUSED]
    if names := [rows[number].row.student for number in excused if rows[number].text]:
        notes.append(f"excused in Canvas, and left so: {', '.join(names)}")
    done = filled(table, column, {number: one for number, one in rows.items() if number not in excused}, scores, notes)
    there = {rows[number].row.student for number in excused}
    unmatched = tuple(name for name in done.unmatched if name not in there)
    return Filled(done.table, done.matched + len(there), unmatched, done.notes)


def make(assignment: Assignment, scores: list[Score]) -> Filled:
    """A gradebook with this assignment alone, for those whose id in Canvas is known.

    Args:
        assignment: its first title is that of the column.
        scores: everyone's. Whoever is graded and has no id in Canvas is told as unmatched.
    """
    title = assignment.titles[0]
    known = [one for one in scores if one.id_in("canvas")]
    rows = [(*COLUMNS, title), ("    Points Possible", "", "", "", "", as_cell(assignment.most))]
    rows += [(one.row.name or one.row.student, one.id_in("canvas"), "", "", one.row.section, one.text) for one in known]
    missing = tuple(one.row.student for one in scores if one not in known and one.row.status != NOT_GRADED)
    note = f"Canvas makes a new assignment if it has none that is called {title!r}; with --template it cannot"
    return Filled(Table(Path("canvas.csv"), tuple(rows)), len(known), missing, (note,))
