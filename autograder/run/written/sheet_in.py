"""Points and comments from a sheet into nbgrader's gradebook, as formgrader writes them.

A row goes in only if its answer and its points are still those that the sheet was made with: two people may have graded
copies of one sheet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.cells import as_typed
from autograder.course import Course
from autograder.course.source import Criterion
from autograder.errors import WrongCall
from autograder.run.written.sheet import Answer, Given, Sheets, by_name, criteria_of, current, file_of, key_of_points
from autograder.tables import Table

FULL = "x"
"""In a criterion's cell: all of its points."""

NEEDED = ("student", "question", "points", "extra_credit", "comment", "key")


@dataclass(frozen=True)
class Row:
    """One row of a sheet. cells: column → what stands there, without spaces around it."""

    number: int
    cells: Mapping[str, str]

    @property
    def named(self) -> str:
        """The row, for messages."""
        return f"line {self.number} ({self.cells['student']}, {self.cells['question']})"


@dataclass(frozen=True)
class FromSheet:
    """What a sheet gives. given: (student, question) → given. left: the rows that are not taken, each in a line."""

    given: dict[tuple[str, str], Given]
    left: tuple[str, ...] = ()


class DoesNotFit(Exception):
    """What is wrong in a row, as the end of a sentence."""


class Outdated(Exception):
    """Why a row comes too late, as the end of a sentence."""


def given_in(course: Course, table: Table, answers: list[Answer], sheets: Sheets, overwrite: bool = False) -> FromSheet:
    """What a sheet gives in every row that gives anything that the gradebook lacks.

    Args:
        course: the course.
        table: the sheet.
        answers: of `autograder.run.written.sheet.written_of_class`.
        sheets: what earlier sheets gave. Their files may correct what they gave.
        overwrite: whether to replace points that were given elsewhere since the sheet was made.

    Raises:
        WrongCall: in one line, if anything in the sheet does not fit.
    """
    known, criteria = dict(by_name(sheets, answers)), criteria_of(course)
    columns = (*NEEDED, *(column for of in criteria.values() for column in of))
    places = {column: table.need_column(column) for column in columns}
    given: dict[tuple[str, str], Given] = {}
    problems, left = [], []
    seen: dict[tuple[str, str], int] = {}
    for row in _rows(table, places):
        student, question = as_typed(row.cells["student"]), row.cells["question"]
        meant = known.get((student, question))
        first = seen.setdefault((meant.student if meant else student, question), row.number)
        try:
            if first != row.number:
                raise DoesNotFit(f"this answer stands in line {first} already")
            one = _answer(student, question, known)
            new = _given(row, one, criteria, file_of(table.path))
            if new is None or (_holds(one, new, sheets) and not one.mark.asks_again):
                continue
            if _is_current(row, one, new, sheets, overwrite):
                given[one.student, one.question] = new
        except DoesNotFit as problem:
            if first != row.number or not _is_untouched(row, criteria):  # what nobody touched may have been overtaken
                problems.append(f"{table.path}, {row.named}: {problem}")
        except Outdated as problem:
            left.append(f"{row.named}: {problem}")
    if problems:
        others = len(problems) - 1
        more = f"; {others} more {'line does' if others == 1 else 'lines do'} not fit" if others else ""
        raise WrongCall(f"{problems[0]}{more}; nothing was written")
    return FromSheet(given, tuple(left))


def write_given(book: Gradebook, course: Course, answers: list[Answer], given: Mapping[tuple[str, str], Given]) -> None:
    """Write points and comments into the gradebook at once, as formgrader does it.

    Args:
        book: the gradebook. All is committed, or nothing is changed.
        course: that was graded.
        answers: of `written_of_class`.
        given: (student, question) → what a sheet gives. Answers that are not in it stay as they are.
    """
    try:
        for one in answers:
            new = given.get((one.student, one.question))
            if new is None:
                continue
            place = one.question, one.notebook, course.name, one.student
            grade = book.find_grade(*place)
            grade.manual_score, grade.extra_credit = new.points, new.extra or None
            grade.needs_manual_grade = new.points is None and grade.auto_score is None
            if new.comment != one.comment:
                book.find_comment(*place).manual_comment = new.comment
        book.db.commit()
    except BaseException:
        book.db.rollback()
        raise


def _rows(table: Table, places: Mapping[str, int]) -> Iterator[Row]:
    """places: column, as we write it → its place in the table."""
    for number, cells in table.lines():
        yield Row(number, {column: cells[place].strip() for column, place in places.items()})


def _answer(student: str, question: str, known: Mapping[tuple[str, str], Answer]) -> Answer:
    if (student, question) in known:
        return known[student, question]
    if any(name == student for name, _ in known):
        raise DoesNotFit(f"{question!r} is no written question that this student has handed in")
    raise DoesNotFit(f"no student {student!r} has written answers here")


def _given(row: Row, one: Answer, criteria: Mapping[str, Mapping[str, Criterion]], file: str) -> Given | None:
    """What a row of a file gives; None where a person has filled in nothing."""
    met: dict[str, float] = {}
    for question, columns in criteria.items():
        filled = _met(row, columns)
        if filled and question != one.question:
            raise DoesNotFit(f"{next(iter(filled))!r} is a criterion of {question}, and not of {one.question}")
        met |= filled
    most = sum(criterion.points for criterion in criteria[one.question].values())
    points = _number("points", row.cells["points"], most) if row.cells["points"] else None
    if met and points is not None and abs(sum(met.values()) - points) > 1e-6:
        raise DoesNotFit(
            f"its criteria add up to {sum(met.values()):g} points, and {points:g} are in the column points"
        )
    points = sum(met.values()) if met else points
    extra = _number("extra_credit", row.cells["extra_credit"], None) if row.cells["extra_credit"] else one.mark.extra
    comment = as_typed(row.cells["comment"]) or one.comment
    if points is None:
        if extra == one.mark.extra and comment.strip() == one.comment.strip():
            return None
        points = one.mark.by_hand
    return Given(points, extra, comment, met, file)


def _met(row: Row, columns: Mapping[str, Criterion]) -> dict[str, float]:
    """Column → points, of the criteria of one question that a row fills in."""
    return {
        column: criterion.points if cell.lower() == FULL else _number(column, cell, criterion.points)
        for column, criterion in columns.items()
        if (cell := row.cells[column])
    }


def _holds(one: Answer, new: Given, sheets: Sheets) -> bool:
    """Whether the gradebook has it already, by the same criteria if the row names any."""
    before = current(sheets, one)
    same = (one.mark.by_hand, one.mark.extra) == (new.points, new.extra) and _is_same_text(one.comment, new.comment)
    return same and (not new.criteria or (before is not None and before.criteria == new.criteria))


def _is_same_text(one: str, other: str) -> bool:
    return one.split() == other.split()  # spreadsheets change ends of lines


def _is_current(row: Row, one: Answer, new: Given, sheets: Sheets, overwrite: bool) -> bool:
    """Whether a row goes in; not if nobody has touched it. Raises Outdated if it comes too late."""
    text, _, points = row.cells["key"].partition("-")
    before = current(sheets, one)
    same_answer, same_points = text == one.key_of_text, points == one.key_of_points
    same_file = before is not None and before.file == new.file and _is_same_text(before.comment, one.comment)
    if same_answer and (same_file or same_points):
        return True
    if points == _key_of_cells(row, new.criteria):
        return False
    if not same_answer:
        raise Outdated("the answer has changed since the sheet was made; make a new one")
    if before == new:  # it was taken, and a comment that has changed elsewhere since stays
        return False
    if overwrite:
        return True
    by = f", by {Path(before.file).name}" if before is not None and before.file else ""
    raise Outdated(f"{_differing(one, new)}, given since the sheet was made{by}; --overwrite replaces that")


def _is_untouched(row: Row, criteria: Mapping[str, Mapping[str, Criterion]]) -> bool:
    """Whether nobody has filled in anything since the sheet was made."""
    try:
        met = {column: points for columns in criteria.values() for column, points in _met(row, columns).items()}
        return row.cells["key"].partition("-")[2] == _key_of_cells(row, met)
    except DoesNotFit:
        return False


def _differing(one: Answer, new: Given) -> str:
    """What a row gives, and what the gradebook holds in its place."""
    here, held = _told(new.points, new.extra), _told(one.mark.by_hand, one.mark.extra)
    if here != held:
        return f"{here} here, and {held} in the gradebook"
    if not _is_same_text(one.comment, new.comment):
        return "another comment here than in the gradebook"
    return f"{here} by other criteria here than in the gradebook"


def _told(points: float | None, extra: float) -> str:
    """Points and extra credit in words."""
    said = "no points" if points is None else "1 point" if points == 1 else f"{points:g} points"
    return f"{said} and {extra:g} extra" if extra else said


def _key_of_cells(row: Row, criteria: Mapping[str, float]) -> str:
    """The part of the row's key that it would have if the gradebook held what stands in its cells."""
    points, extra = row.cells["points"], row.cells["extra_credit"]
    held = sum(criteria.values()) if criteria else _number("points", points, None) if points else None
    extra_held = _number("extra_credit", extra, None) if extra else 0.0
    return key_of_points(held, extra_held, as_typed(row.cells["comment"]))


def _number(column: str, cell: str, most: float | None) -> float:
    try:
        number = float(cell.replace(",", "."))
    except ValueError:
        raise DoesNotFit(f"{cell!r} in {column!r} is no number") from None
    if not isfinite(number) or number < 0:
        raise DoesNotFit(f"{cell} in {column!r} is no number of points")
    if most is not None and number > most + 1e-9:
        raise DoesNotFit(f"{cell} in {column!r} is more than the most, {most:g}")
    return number
