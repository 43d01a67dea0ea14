"""Regrade requests: what students asked, and what was decided, in a table that people read and may edit."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from math import isfinite
from pathlib import Path

from autograder.atomic import replacing
from autograder.cells import as_cell_text, as_typed
from autograder.errors import WrongCall
from autograder.run.students import as_cell
from autograder.tables import Table, read_table

FILE = "regrades.csv"


@dataclass(frozen=True)
class Regrade:
    """One request. asked, decided: in words. by: who decided. before, after: the question's points; None if unknown.

    It is open until something is decided.
    """

    student: str
    question: str
    asked: str
    before: float | None = None
    decided: str = ""
    by: str = ""
    after: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide."""
        return not self.decided

    @property
    def told(self) -> str:
        """In one line."""
        what = f"{self.student}, {self.question}: {self.asked}"
        if self.is_open:
            return f"{what} ({_points(self.before)})"
        return f"{what} → {self.decided} ({self.by}, {self.moved})"

    @property
    def moved(self) -> str:
        """The points before and after."""
        return f"{_points(self.before)} → {_points(self.after)}"


COLUMNS = tuple(field.name for field in fields(Regrade))


def read_regrades(out: Path) -> tuple[Regrade, ...]:
    """The requests of a run's folder; none if there is no such file.

    Args:
        out: the run's folder.

    Raises:
        WrongCall: with a line for each mistake: the file, the line, and what is wrong with it.
    """
    path = out / FILE
    if not path.exists():
        return ()
    table = read_table(path)
    for column in COLUMNS:
        table.need_column(column)
    found, mistakes = [], []
    waiting: dict[tuple[str, str], int] = {}
    for number, cells in _lines(table):
        wrong = list(_mistakes(cells))
        if not wrong:
            one = _regrade(cells)
            place = one.student, one.question
            if one.is_open and place in waiting:
                wrong.append(f"this request is open already in line {waiting[place]}; decide that one first")
            elif one.is_open:
                waiting[place] = number
            found.append(one)
        mistakes += [f"{path}, line {number}: {mistake}" for mistake in wrong]
    if mistakes:
        raise WrongCall("\n".join(mistakes))
    return tuple(found)


def doubts_about(regrades: Iterable[Regrade], most: Callable[[str, str], float | None]) -> list[str]:
    """What does not fit what is graded now, a line each: a name was mistyped, or the class or a question has changed.

    It keeps nobody from asking and deciding.

    Args:
        regrades: the requests.
        most: the points that a student's question can have; None for a student or a question that is not there.
    """
    lines = []
    for one in regrades:
        limit = most(one.student, one.question)
        if limit is None and one.is_open:
            lines.append(
                f"{FILE}: {one.student!r} has no graded question {one.question!r}; mend the name or delete the line"
            )
        elif limit is not None and one.after is not None and one.after > limit + 1e-9:
            lines.append(
                f"{FILE}: {one.student}, {one.question}: {one.after:g} in 'after' is more than the most, {limit:g}"
            )
    return lines


def write_regrades(out: Path, regrades: Iterable[Regrade]) -> None:
    """Write regrades.csv anew, or leave it as it was.

    Args:
        out: the run's folder.
        regrades: all requests, one row each, in their order.
    """
    with replacing(out / FILE) as partial, partial.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for one in regrades:
            writer.writerow([as_cell_text(as_cell(getattr(one, column))) for column in COLUMNS])


def with_asked(
    regrades: tuple[Regrade, ...], student: str, question: str, asked: str, points: float | None
) -> tuple[Regrade, ...]:
    """The same requests and one more, which is open.

    Args:
        regrades: all requests so far.
        student: who asks.
        question: about which.
        asked: in the student's words.
        points: that the question has now; None while it waits for a person.

    Raises:
        WrongCall: if there is an open one of that student's question.
    """
    if any(one.is_open and (one.student, one.question) == (student, question) for one in regrades):
        raise WrongCall(f"regrade {student} {question}: is asked already, and open; decide that with --decided first")
    return (*regrades, Regrade(student, question, asked, points))


def with_decided(
    regrades: tuple[Regrade, ...], student: str, question: str, decided: str, by: str, points: float | None
) -> tuple[Regrade, ...]:
    """The same requests with an open one decided.

    Args:
        regrades: all requests so far.
        student: who asked.
        question: about which.
        decided: in the words of whoever decided.
        by: who that was.
        points: that the question has after it; None while it waits for a person.

    Raises:
        WrongCall: if there is no open one of that student's question.
    """
    for number, one in enumerate(regrades):
        if one.is_open and (one.student, one.question) == (student, question):
            done = replace(one, decided=decided, by=by, after=points)
            return (*regrades[:number], done, *regrades[number + 1 :])
    raise WrongCall(f"regrade {student} {question}: nothing is asked and open; write it down with --asked first")


def _lines(table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    places = {column: table.need_column(column) for column in COLUMNS}
    for number, row in table.lines():
        yield number, {column: as_typed(row[place].strip()) for column, place in places.items()}


def _mistakes(cells: dict[str, str]) -> Iterator[str]:
    """What is wrong with a line, each as the end of a sentence."""
    for column in ("student", "question", "asked"):
        if not cells[column]:
            yield f"{column!r} is empty"
    for column, needed in (("decided", "by"), ("by", "decided"), ("after", "decided")):
        if cells[column] and not cells[needed]:
            yield f"{column!r} is filled in, and {needed!r} is empty"
    for column in ("before", "after"):
        if cells[column] and _number(cells[column]) is None:
            yield f"{cells[column]!r} in {column!r} is no number of points"


def _regrade(cells: dict[str, str]) -> Regrade:
    numbers = {column: _number(cells[column]) for column in ("before", "after")}
    texts = {column: cells[column] for column in COLUMNS if column not in numbers}
    return Regrade(**texts, **numbers)  # type: ignore[arg-type] # each is of its column


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if isfinite(number) and number >= 0 else None


def _points(points: float | None) -> str:
    return "no points" if points is None else f"{points:g} point{'' if points == 1 else 's'}"
