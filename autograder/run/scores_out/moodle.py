"""Moodle: the assignment's offline grading worksheet."""

from dataclasses import replace
from pathlib import Path

from autograder.errors import WrongCall
from autograder.intake.roster import participant_number
from autograder.intake.times_file import identifier_of
from autograder.run.scores_out.filling import Assignment, Filled, Score, filled, other_maximum, rows_of
from autograder.run.students import NOT_GRADED, as_cell
from autograder.tables import Table

COLUMNS = ("Identifier", "Full name", "Email address", "Grade", "Maximum grade", "Last modified (grade)")
LOCKED = "Grade can be changed"


def fill(table: Table, assignment: Assignment, scores: list[Score]) -> Filled:
    """Put the scores into the worksheet. Whatever else stands there is left as it is. See System.fill.

    Args:
        table: the worksheet, with a column of participants' numbers and one of grades.
        assignment: the column of grades is called Grade, or has one of its titles.
        scores: everyone's. A score above Moodle's maximum, or of a locked row, is left out and told.

    Raises:
        WrongCall: if it is no such worksheet.
    """
    who, grade = identifier_of(table), table.column("Grade", *assignment.titles)
    if who is None or grade is None:
        raise WrongCall(
            f"{table.path}: is no grading worksheet of Moodle; it has the columns Identifier and Grade. In another "
            "language, name the column of grades with --column"
        )
    rows = rows_of(
        table,
        scores,
        [
            (who, lambda one: [one.id_in("moodle")]),
            (table.column("Email address"), lambda one: [one.row.email]),
        ],
        participant_number,
    )
    most, can_change = table.column("Maximum grade"), table.column(LOCKED)
    lines = dict(table.lines())
    notes, refused = [], []
    for number, one in list(rows.items()):
        above = most is not None and one.text and float(one.text) > _number(lines[number][most])
        locked = can_change is not None and lines[number][can_change].strip().casefold() == "no"
        if one.text and (above or locked):
            why = (
                f"has {one.text} points, more than Moodle's maximum"
                if above
                else "has a grade that is locked in Moodle"
            )
            notes.append(f"{one.row.student} {why}, and is left out")
            refused.append(one.row.student)
            del rows[number]
    if most is not None and lines:
        notes += other_maximum(next(iter(lines.values()))[most], assignment)
    done = filled(table, grade, rows, scores, notes)
    return replace(done, matched=done.matched + len(refused))


def _number(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return float("inf")


def make(assignment: Assignment, scores: list[Score]) -> Filled:
    """A worksheet for those whose participant number is known.

    Args:
        assignment: with the maximum.
        scores: everyone's. Whoever is graded and has no participant number is told as unmatched.
    """
    known = [one for one in scores if one.id_in("moodle")]
    rows = [COLUMNS]
    for one in known:
        number = one.id_in("moodle").split()[-1]
        most = as_cell(assignment.most)
        rows.append((f"Participant {number}", one.row.name, one.row.email, one.text, most, "-"))
    missing = tuple(one.row.student for one in scores if one not in known and one.row.status != NOT_GRADED)
    note = "Moodle takes 'Participant' in the language of the site; with --template, the word is the site's own"
    return Filled(Table(Path("moodle.csv"), tuple(rows)), len(known), missing, (note,))
