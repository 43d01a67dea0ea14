"""Written answers as a table for TAs who grade in a spreadsheet: a row for each answer, a column for each criterion."""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from nbgrader.api import BaseCell, Comment, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from pydantic import TypeAdapter, ValidationError

from autograder.atomic import FOR_US, write_bytes
from autograder.cells import as_cell_text
from autograder.course import Course
from autograder.course.skeleton import load_skeletons
from autograder.course.source import Criterion, read_source
from autograder.engines.answers import answers_in
from autograder.engines.clean import CLEAN
from autograder.run.gradebook.marks import Mark, marks_of_class, of_assignment
from autograder.tables import Table

FILE = "written.json"
COLUMNS = ("student", "notebook", "question", "answer")
FILLED_IN = ("points", "max_points", "extra_credit", "comment", "key")
MAX_TEXT = 30_000
"""Characters of an answer in a cell: spreadsheets cut off longer ones without a word."""

HEADER_TEXT = 80


@dataclass(frozen=True)
class Given:
    """What a sheet has given for one answer.

    criteria: column → points; none where only points were typed. file: the sheet, of `file_of`.
    """

    points: float | None
    extra: float
    comment: str
    criteria: dict[str, float] = field(default_factory=dict)
    file: str = ""


@dataclass(frozen=True)
class Sheets:
    """What is kept of sheets beside a run's results. secret: of anonymous codes. given: student → question → given."""

    secret: str
    given: dict[str, dict[str, Given]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A written answer of one student, with what the gradebook holds of it."""

    student: str
    notebook: str
    question: str
    text: str
    mark: Mark
    comment: str

    @property
    def key(self) -> str:
        """What a row says of the answer, and of what stood in its cells, when it was made."""
        return f"{self.key_of_text}-{self.key_of_points}"

    @property
    def key_of_text(self) -> str:
        """The part of it that is the answer's. It begins with a letter: spreadsheets change numbers."""
        return f"k{hashlib.sha256(self.text.encode()).hexdigest()[:16]}"

    @property
    def key_of_points(self) -> str:
        """The part of it that is of what the gradebook holds, as a sheet shows it."""
        return key_of_points(self.points, self.mark.extra, self.comment)

    @property
    def points(self) -> float | None:
        """A TA's points; None if there are none, or if they are of an earlier answer."""
        return None if self.mark.asks_again else self.mark.by_hand


def key_of_points(points: float | None, extra: float, comment: str) -> str:
    """The part of a row's key that says what the gradebook held.

    Args:
        points: a TA's; None if there are none.
        extra: a TA's extra credit; 0 for none.
        comment: a TA's; "" for none.
    """
    comment = " ".join(comment.split())  # spreadsheets change ends of lines
    return hashlib.sha256(json.dumps([points, extra or 0.0, comment]).encode()).hexdigest()[:8]


def file_of(path: Path) -> str:
    """By what a sheet that was taken is known again when it comes with corrections."""
    return str(path.resolve())


def written_of_class(course: Course, folder: Path, book: Gradebook) -> list[Answer]:
    """All written answers that were handed in, question by question.

    Args:
        course: the course.
        folder: nbgrader's course.
        book: the gradebook.
    """
    comments = _comments(book, course.name)
    written = {name: [cell.question for cell in skeleton.written] for name, skeleton in load_skeletons(course).items()}
    texts: dict[str, dict[tuple[str, str], str]] = {}
    answers = []
    for (student, notebook), marks in marks_of_class(book, course.name).items():
        if student not in texts:
            texts[student] = answers_in(folder / CLEAN / student / course.name)
        for question in written.get(notebook, []):
            text, mark = texts[student].get((notebook, question)), marks.get(question)
            if text is not None and mark is not None:
                said = comments.get((student, notebook, question), "")
                answers.append(Answer(student, notebook, question, text, mark, said))
    return sorted(answers, key=lambda one: (one.notebook, one.question, one.student))


def _comments(book: Gradebook, assignment: str) -> dict[tuple[str, str, str], str]:
    query = (
        book.db.query(SubmittedAssignment.student_id, Notebook.name, BaseCell.name, Comment.manual_comment)
        .select_from(Comment)
        .join(BaseCell, Comment.cell_id == BaseCell.id)
        .join(SubmittedNotebook, Comment.notebook_id == SubmittedNotebook.id)
        .filter(Comment.manual_comment.isnot(None))
    )
    return {
        (student, notebook, question): said for student, notebook, question, said in of_assignment(query, assignment)
    }


def criteria_of(course: Course) -> dict[str, dict[str, Criterion]]:
    """Question → column → criterion, for every written question of the course."""
    found: dict[str, dict[str, Criterion]] = {}
    for name, skeleton in load_skeletons(course).items():
        source = read_source(course.source(name))
        for cell in skeleton.written:
            criteria = enumerate(source.criteria(cell.question), 1)
            found[cell.question] = {_column(cell.question, number, one): one for number, one in criteria}
    return found


def _column(question: str, number: int, criterion: Criterion) -> str:
    """A column's name. Without commas and semicolons, from which the table's delimiter is told."""
    text = " ".join(re.sub(r"[,;\t]", " ", criterion.text).split())
    short = text if len(text) <= HEADER_TEXT else f"{text[:HEADER_TEXT].rsplit(' ', 1)[0]} …"
    return f"{question}.{number} [{criterion.points:g}] {short}"


def sheet_of(course: Course, path: Path, answers: list[Answer], sheets: Sheets, anonymous: bool) -> Table:
    """The table of all answers, with the points that they have.

    An answer that changed since it was graded has no points in it, so that a person gives them anew.

    Args:
        course: the course.
        path: where it goes.
        answers: of `written_of_class`.
        sheets: what earlier sheets gave.
        anonymous: whether students are codes, and not their ids.
    """
    criteria = criteria_of(course)
    columns = [column for of in criteria.values() for column in of]
    rows = [(*COLUMNS, *columns, *FILLED_IN)]
    named = [(code_of(sheets, one.student) if anonymous else one.student, one) for one in answers]
    for name, one in sorted(named, key=lambda pair: (pair[1].notebook, pair[1].question, pair[0])):
        given = current(sheets, one)
        met = given.criteria if given is not None and not one.mark.asks_again else {}
        most = sum(criterion.points for criterion in criteria[one.question].values())
        text = one.text if len(one.text) <= MAX_TEXT else f"{one.text[:MAX_TEXT]} … (cut off; formgrader shows all)"
        rows.append(
            (
                *(as_cell_text(name), one.notebook, one.question, as_cell_text(text)),
                *("" if column not in met else f"{met[column]:g}" for column in columns),
                *("" if one.points is None else f"{one.points:g}", f"{most:g}"),
                *(f"{one.mark.extra:g}" if one.mark.extra else "", as_cell_text(one.comment), one.key),
            )
        )
    return Table(path, tuple(rows), encoding="utf-8-sig")


def current(sheets: Sheets, one: Answer) -> Given | None:
    """What a sheet has given for an answer; None if the gradebook holds other points by now.

    Args:
        sheets: what is kept of sheets in the run's folder.
        one: the answer, with what the gradebook holds of it.
    """
    given = sheets.given.get(one.student, {}).get(one.question)
    if given is None or (given.points, given.extra) != (one.mark.by_hand, one.mark.extra):
        return None
    return given


def criteria_met(
    sheets: Sheets, criteria: Mapping[str, Criterion], student: str, question: str, mark: Mark
) -> tuple[tuple[Criterion, float], ...]:
    """By which criteria a TA gave an answer its points; nothing if that is not known, or does not hold any more.

    Args:
        sheets: what sheets gave.
        criteria: column → criterion, of the question.
        student: whose answer it is.
        question: the question.
        mark: what the gradebook holds of it. Points of formgrader's, and an answer that changed, are of no criteria.

    Returns:
        Each criterion of the rubric, with the points that it gave.
    """
    given = sheets.given.get(student, {}).get(question)
    if given is None or mark.asks or (given.points, given.extra) != (mark.by_hand, mark.extra):
        return ()
    if not given.criteria or not given.criteria.keys() <= criteria.keys():  # the rubric may have changed since
        return ()
    return tuple((criterion, given.criteria.get(column, 0.0)) for column, criterion in criteria.items())


def code_of(sheets: Sheets, student: str) -> str:
    """A student's code in anonymous sheets, always the same in one run's folder.

    Args:
        sheets: with the secret of the run's folder.
        student: the student's id.
    """
    return "a" + hmac.new(sheets.secret.encode(), student.encode(), hashlib.sha256).hexdigest()[:10]


def read_sheets(out: Path) -> Sheets:
    """What is kept of sheets in a run's folder; a new secret if there is nothing."""
    try:
        return _adapter().validate_json((out / FILE).read_bytes())
    except (OSError, ValidationError):
        return Sheets(secrets.token_hex(16))


def write_sheets(out: Path, sheets: Sheets) -> None:
    """Write written.json anew, or leave it as it was.

    Args:
        out: the run's folder.
        sheets: what is to be kept, with the secret that codes are made with.
    """
    write_bytes(out / FILE, _adapter().dump_json(sheets, indent=1), FOR_US)


def with_given(sheets: Sheets, given: Mapping[tuple[str, str], Given]) -> Sheets:
    """The same with more.

    Args:
        sheets: what is kept so far; it stays as it is.
        given: (student, question) → what a sheet gave. It takes the place of what an earlier sheet gave.
    """
    kept = {student: dict(of) for student, of in sheets.given.items()}
    for (student, question), one in given.items():
        kept.setdefault(student, {})[question] = one
    return Sheets(sheets.secret, kept)


def by_name(sheets: Sheets, answers: list[Answer]) -> Iterator[tuple[tuple[str, str], Answer]]:
    """Every answer twice: by (student's id, question) and by (student's code, question).

    Args:
        sheets: with the secret that codes are made with.
        answers: of `written_of_class`.
    """
    for one in answers:
        yield (one.student, one.question), one
        yield (code_of(sheets, one.student), one.question), one


@lru_cache
def _adapter() -> TypeAdapter[Sheets]:
    return TypeAdapter(Sheets)
