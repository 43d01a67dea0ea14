"""Points and comments from a sheet into nbgrader's gradebook, all of them or none, as formgrader writes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from nbgrader.api import Gradebook

from autograder.cells import as_typed
from autograder.course import Course
from autograder.course.source import Criterion
from autograder.errors import WrongCall
from autograder.run.written.sheet import Answer, Given, Sheets, by_name, criteria_of, key_of_points
from autograder.tables import Table

FULL = "x"
"""In a criterion's cell: all of its points."""

NEEDED = ("student", "question", "points", "extra_credit", "comment", "key")


@dataclass(frozen=True)
class Row:
    """One row of a sheet. cells: column → what stands there, without spaces around it."""

    number: int
    cells: Mapping[str, str]


class DoesNotFit(Exception):
    """Why a row cannot be taken, as the end of a sentence."""


def given_in(course: Course, table: Table, answers: list[Answer], sheets: Sheets) -> dict[tuple[str, str], Given]:
    """What a sheet gives, (student, question) → given, for every row that gives anything that the gradebook lacks.

    Args:
        course: the course.
        table: the sheet.
        answers: of `autograder.run.written.sheet.written_of_class`.
        sheets: what earlier sheets gave.

    Raises:
        WrongCall: in one line, if anything in the sheet does not fit.
    """
    known, criteria = dict(by_name(sheets, answers)), criteria_of(course)
    for column in (*NEEDED, *(column for of in criteria.values() for column in of)):
        table.need_column(column)
    given: dict[tuple[str, str], Given] = {}
    problems = []
    seen: dict[tuple[str, str], int] = {}
    for row in _rows(table):
        try:
            one = _answer(row, known)
            place = one.student, one.question
            if place in seen:
                raise DoesNotFit(f"this answer stands in line {seen[place]} already")
            seen[place] = row.number
            new = _given(row, one, criteria)
            if new is not None and (one.mark.asks_again or not _holds(one, new)):
                _need_unchanged(row, one, sheets)
                given[place] = new
        except DoesNotFit as problem:
            who = f"{row.cells['student']}, {row.cells['question']}"
            problems.append(f"{table.path}, line {row.number} ({who}): {problem}")
    if problems:
        others = len(problems) - 1
        more = f"; {others} more {'line does' if others == 1 else 'lines do'} not fit" if others else ""
        raise WrongCall(f"{problems[0]}{more}; nothing was written")
    return given


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


def _rows(table: Table) -> Iterator[Row]:
    for number, cells in table.lines():
        yield Row(number, {name: cell.strip() for name, cell in zip(table.header, cells, strict=False)})


def _answer(row: Row, known: Mapping[tuple[str, str], Answer]) -> Answer:
    student, question = as_typed(row.cells["student"]), row.cells["question"]
    if (student, question) in known:
        return known[student, question]
    if any(name == student for name, _ in known):
        raise DoesNotFit(f"{question!r} is no written question that this student has handed in")
    raise DoesNotFit(f"no student {student!r} has written answers here")


def _given(row: Row, one: Answer, criteria: Mapping[str, Mapping[str, Criterion]]) -> Given | None:
    """What a row gives; None where a person has filled in nothing."""
    met = {}
    for question, columns in criteria.items():
        for column, criterion in columns.items():
            if cell := row.cells[column]:
                if question != one.question:
                    raise DoesNotFit(f"{column!r} is a criterion of {question}, and not of {one.question}")
                met[column] = criterion.points if cell.lower() == FULL else _number(column, cell, criterion.points)
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
    return Given(points, extra, comment, met)


def _holds(one: Answer, new: Given) -> bool:
    """Whether the gradebook has it already."""
    same = (one.mark.by_hand, one.mark.extra) == (new.points, new.extra)
    return same and one.comment.strip() == new.comment.strip()


def _need_unchanged(row: Row, one: Answer, sheets: Sheets) -> None:
    """Raises DoesNotFit if the answer, or its points, are not those that the sheet was made with."""
    text, _, points = row.cells["key"].partition("-")
    if text != one.key_of_text:
        raise DoesNotFit("the answer has changed since the sheet was made; make a new one")
    before = sheets.given.get(one.student, {}).get(one.question)
    had = key_of_points(one.mark.by_hand, one.mark.extra, one.comment)
    if had != points and (before is None or had != key_of_points(before.points, before.extra, before.comment)):
        raise DoesNotFit("it was graded elsewhere since the sheet was made; make a new one")


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
