"""Puts scores into a table that a learning-management system gave: its rows and columns stay as they are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from autograder.errors import WrongCall
from autograder.intake.owners import Origin
from autograder.intake.roster import same_id
from autograder.run.students import NOT_GRADED, Student
from autograder.tables import Table


@dataclass(frozen=True)
class Assignment:
    """titles: what its column may be called. most: the points that there are, or None."""

    titles: tuple[str, ...]
    most: float | None


@dataclass(frozen=True)
class Score:
    """What a student gets. text: "" for no grade. own: the course's own id, or "" if it has none of its own.

    ids: system → the student's id there.
    """

    row: Student
    text: str
    own: str
    ids: Mapping[str, str]

    @classmethod
    def of(cls, row: Student, origin: Origin | None, text: str) -> "Score":
        """A student's score. Without a roster, a student is called as the LMS that the hand-in came from calls them.

        Args:
            row: the student's row of students.csv.
            origin: what is known of the hand-in, with ids in other systems; None if nothing is.
            text: the score as the system takes it; "" for no grade.
        """
        ids = dict(origin.ids) if origin else {}
        if row.lms and row.lms_id:
            ids.setdefault(row.lms, row.lms_id)
        own = row.student if not row.lms or row.lms == "inbound" or (origin and origin.listed) else ""
        return cls(row, text, own, ids)

    def id_in(self, system: str) -> str:
        """The student's id in a system, or ""."""
        return self.ids.get(system, "")


@dataclass(frozen=True)
class Filled:
    """A table to upload. matched: how many students are in it. unmatched: those who are not, and should be.

    notes: what the instructor should know, a line each.
    """

    table: Table
    matched: int
    unmatched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


Key = tuple[int | None, Callable[[Score], Iterable[str]]]
"""A column (None if the table has none), and what of a student may stand there."""


def rows_of(
    table: Table, scores: list[Score], keys: Iterable[Key], same: Callable[[str], str] = same_id
) -> dict[int, Score]:
    """Whose row each is: its number → the student's score.

    Args:
        table: the template.
        scores: everyone's.
        keys: tried in their order.
        same: how ids are compared.
    """
    found: dict[int, Score] = {}
    for column, names in keys:
        if column is None:
            continue
        by_name: dict[str, Score | None] = {}
        for score in scores:
            for name in {same(one) for one in names(score)} - {""}:
                by_name[name] = score if name not in by_name else None  # two students of one name match nobody
        for number, row in table.lines():
            if number not in found and (whose := by_name.get(same(row[column]))) is not None:
                found[number] = whose
    return found


def the_column(table: Table, columns: Mapping[int, str], assignment: Assignment) -> int:
    """The place of the assignment's column.

    Args:
        table: the template.
        columns: those of assignments: place → title, or the whole name.
        assignment: what is looked for.

    Raises:
        WrongCall: if there is none, or more than one. A new column is never made.
    """
    wanted = {title.casefold().strip() for title in assignment.titles}
    found = [place for place, title in columns.items() if {title.casefold(), table.header[place].casefold()} & wanted]
    if len(found) == 1:
        return found[0]
    there = ", ".join(repr(title) for title in dict.fromkeys(columns.values())) or "none"
    what = "several columns" if found else "no column"
    raise WrongCall(
        f"{table.path}: has {what} for {assignment.titles[0]!r}; it has {there}. Name the right one with --column"
    )


def filled(
    table: Table, column: int, rows: Mapping[int, Score], scores: Iterable[Score], notes: Iterable[str] = ()
) -> Filled:
    """The table with the scores in a column. A cell whose student has no grade yet is left as it is.

    Args:
        table: the system's file.
        column: the column's number.
        rows: a row's number → whose score stands there.
        scores: everyone's.
        notes: what else is to be told.
    """
    cells = {(number, column): score.text for number, score in rows.items() if score.text}
    there = {score.row.student for score in rows.values()}
    missing = tuple(one.row.student for one in scores if one.row.student not in there and one.row.status != NOT_GRADED)
    return Filled(table.with_cells(cells), len(there), missing, tuple(notes))


def other_maximum(said: str, assignment: Assignment) -> list[str]:
    """A line if the system's maximum is another than the course's; no line if one of them is not known.

    Args:
        said: the maximum as the system's file has it, with a decimal point or comma.
        assignment: with the course's own maximum.
    """
    try:
        there = float(said.strip().replace(",", "."))
    except ValueError:
        return []
    if assignment.most is None or abs(there - assignment.most) < 1e-6:
        return []
    return [f"its maximum there is {there:g}, and these are points of {assignment.most:g}: change one of them"]
