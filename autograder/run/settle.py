"""The one function by which `grade`, `report` and `written` bring everything to the same points.

It takes TAs' points from nbgrader's gradebook, computes penalties, and writes scores.csv, students.csv, changes.csv,
report.html and the penalties' parts in the gradebook.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from autograder.atomic import FOR_US, write_bytes
from autograder.course import Course
from autograder.errors import NoReport, WrongCall
from autograder.intake.read import shown
from autograder.passwords import has_password, without_passwords
from autograder.run.changes import Change, changes_between, lines_of_changes, write_changes
from autograder.run.deadlines import Due
from autograder.run.graded import Graded, NotGraded, with_verdict
from autograder.run.hand_ins import HandIns, groups_in, read_hand_ins
from autograder.run.hints import after_run, read_history, repeated, write_history
from autograder.run.page import read_graded, read_left_out, write_report
from autograder.run.regrades.table import read_regrades
from autograder.run.scores import write_scores
from autograder.run.similarity.similar import Similar, similar_code
from autograder.run.students import Student, penalties_of, students_of_class, write_students

if TYPE_CHECKING:  # imports nbgrader, and otter works without it
    from nbgrader.api import Gradebook

FILE = "engine.json"
NO_GRADEBOOK = "none"
"""The engine of a shard, which writes into no gradebook."""


@dataclass(frozen=True)
class Engine:
    """What a run has rendered its results into, kept beside them.

    name: nbgrader, otter or NO_GRADEBOOK. folder: nbgrader's own course folder. url: of another gradebook than that
    folder's, or "". has_password: whether the URL had a password, which is not kept.
    """

    name: str
    folder: Path
    url: str = ""
    has_password: bool = False


@dataclass(frozen=True)
class Settled:
    """What came of a class. graded: with the points that count. lines: what the instructor should know.

    others: students of whom the gradebook holds points of another run's tests.
    """

    rows: list[Student]
    graded: list[Graded | NotGraded]
    changes: list[Change]
    lines: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def settle(
    course: Course,
    out: Path,
    graded: list[Graded | NotGraded],
    hand_ins: HandIns,
    due: Due,
    engine: Engine | None,
    before: list[Graded | NotGraded],
) -> Settled:
    """Bring all files of a run, and the gradebook, to the points that count now.

    Args:
        course: the course.
        out: the folder of a run.
        graded: every notebook of everyone.
        hand_ins: what is known of everyone.
        due: the deadline.
        engine: where TAs' points are; None if nothing is known of it.
        before: what was graded before, to tell what has changed.

    Returns:
        The class, with the points that count and what has changed.
    """
    with _book(course, engine) as book:
        lines: list[str] = []
        others: tuple[str, ...] = ()
        if book is not None:
            from autograder.run.gradebook.marks import marks_of_class, with_marks

            marked = with_marks(graded, marks_of_class(book, course.name))
            graded, others = marked.graded, marked.others
            if others:
                lines.append(f"the gradebook has other points of tests, so grade them: {', '.join(others)}")
        rows = students_of_class(course, graded, hand_ins, due)
        lines += _extensions_for_nobody(rows, due)
        changes = changes_between(before, graded)
        write_scores(out / "scores.csv", graded)
        write_students(out / "students.csv", rows)
        write_changes(out, changes)
        write_history(out, after_run(read_history(out), before, graded))
        show(course, out, graded, rows, hand_ins, engine)
        if book is not None:
            from autograder.run.gradebook.writing import record_penalties, set_due

            set_due(book, course)
            parts = {row.student: penalties_of(row, graded, due) for row in rows if row.score is not None}
            record_penalties(book, course.name, parts)
    return Settled(rows, graded, changes, (*lines_of_changes(changes), *_to_look_at(graded), *lines), others)


def show_again(course: Course, out: Path, graded: list[Graded | NotGraded], due: Due) -> None:
    """Write report.html anew after a regrade request was asked or decided: it alone says what is open.

    Args:
        course: the course.
        out: the folder of a run.
        graded: every notebook of everyone, with the points that count.
        due: the deadline.
    """
    hand_ins = read_hand_ins(out)
    rows = students_of_class(course, graded, hand_ins, due)
    show(course, out, graded, rows, hand_ins, _kept_engine(out))


def show(
    course: Course,
    out: Path,
    graded: list[Graded | NotGraded],
    rows: list[Student],
    hand_ins: HandIns,
    engine: Engine | None,
) -> None:
    """Write report.html anew, from points that are settled.

    Args:
        course: the course.
        out: the folder of a run.
        graded: every notebook of everyone, with the points that count.
        rows: of students.csv.
        hand_ins: what is known of everyone.
        engine: where notebooks are; None if nothing is known of it.
    """
    similar = _similar(course, out, graded, hand_ins, engine)
    left_out = read_left_out(out)
    try:
        regrades, mistakes = read_regrades(out), []
    except WrongCall as problem:  # a table that people edit stops nobody's grading
        regrades, mistakes = (), str(problem).splitlines()
    again = repeated(read_history(out))
    page = out / "report.html"
    write_report(page, course.title, graded, [*left_out, *mistakes], rows, again, similar, regrades)


@contextmanager
def _book(course: Course, engine: Engine | None) -> "Iterator[Gradebook | None]":
    if engine is None or engine.name != "nbgrader":
        yield None
        return
    from autograder.run.gradebook.writing import open_gradebook

    with open_gradebook(course, engine.folder, engine.url) as book:
        yield book


def _similar(
    course: Course, out: Path, graded: list[Graded | NotGraded], hand_ins: HandIns, engine: Engine | None
) -> Similar:
    """Who has similar code. Only a run with nbgrader keeps what was handed in, as notebooks."""
    if engine is None or engine.name != "nbgrader":
        return Similar(problem="only a run with nbgrader keeps the notebooks that were graded")
    return similar_code(course, out, engine.folder, {one.student for one in with_verdict(graded)}, groups_in(hand_ins))


def _to_look_at(graded: list[Graded | NotGraded]) -> list[str]:
    return [
        f"look at {one.student}, {question.question}: {one.said_again(question)}"
        for one in with_verdict(graded)
        for question in one.results.questions
        if question.question in one.again
    ]


def _extensions_for_nobody(rows: list[Student], due: Due) -> list[str]:
    strangers = sorted(due.extensions.keys() - {row.student for row in rows})
    return [f"extensions for nobody who handed in: {', '.join(map(shown, strangers))}"] if strangers else []


def earlier_graded(out: Path) -> list[Graded | NotGraded]:
    """What was graded before, as far as it can be read."""
    try:
        return read_graded(out)
    except NoReport:
        return []


def write_engine(out: Path, engine: Engine) -> None:
    """Keep what a run has rendered its results into, for `report`.

    Args:
        out: the run's folder.
        engine: as the run had it. A password in its URL is left out. A folder beside `out` is kept as such, so that a
            course that is copied or moved has its own gradebook, and not that of where it came from.
    """
    if has_password(engine.url):
        engine = replace(engine, url=without_passwords(engine.url), has_password=True)
    here, folder = out.resolve(), engine.folder.resolve()
    if folder.is_relative_to(here.parent):
        engine = replace(engine, folder=Path(os.path.relpath(folder, here)))
    write_bytes(out / FILE, _adapter().dump_json(engine, indent=1), FOR_US)


def read_engine(out: Path, course: Course, folder: Path | None = None, gradebook: str = "") -> Engine | None:
    """What the last run in `out` has rendered its results into, or what the command names instead.

    A password that is not kept is taken from course.toml.

    Args:
        out: the run's folder.
        course: that was graded.
        folder: nbgrader's own course folder, as the command names it; None if it does not.
        gradebook: the URL of a gradebook, as the command names it; "" if it does not.

    Returns:
        None if nothing is kept or named, and the course has no gradebook of its own.

    Raises:
        WrongCall: if the gradebook's URL has to be named, as its password is not kept.
    """
    engine = _kept_engine(out)
    if engine is None:
        engine = Engine("nbgrader", course.dist / "nbgrader", course.gradebook)
        if not (engine.folder / "gradebook.db").is_file() and folder is None and not gradebook:
            return None
    if folder is not None or gradebook:
        return Engine("nbgrader", (folder or engine.folder).resolve(), gradebook or course.gradebook)
    if engine.has_password and engine.url == without_passwords(course.gradebook):
        return Engine(engine.name, engine.folder, course.gradebook)
    if engine.has_password:
        raise WrongCall(f"--gradebook: name {engine.url} with its password, which is not kept in {out}")
    return engine


def _kept_engine(out: Path) -> Engine | None:
    """What `write_engine` has kept; None if nothing, or if it is damaged."""
    try:
        engine = _adapter().validate_json((out / FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    return replace(engine, folder=(out / engine.folder).resolve())


@lru_cache
def _adapter() -> TypeAdapter[Engine]:
    return TypeAdapter(Engine)
