"""All that a course keeps of one student: to be given to the student, or to be deleted."""

import csv
import io
import json
import shutil
import zipfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment

from autograder.atomic import FOR_US, replacing, write_text
from autograder.cells import as_typed
from autograder.course import Course
from autograder.engines.clean import CLEAN
from autograder.errors import WrongCall
from autograder.portable import NamesInZip
from autograder.run import changes
from autograder.run.deadlines import Due
from autograder.run.gradebook.writing import open_gradebook
from autograder.run.hand_ins import HandIns, read_hand_ins, write_hand_ins
from autograder.run.hints import read_history
from autograder.run.page import read_graded
from autograder.run.regrades import table as regrades
from autograder.run.regrades.table import read_regrades, write_regrades
from autograder.run.settle import Engine, settle
from autograder.run.to_students.feedback import KEYS
from autograder.run.written.sheet import read_sheets, write_sheets
from autograder.tables import read_table

TABLES = ("scores.csv", "students.csv", changes.FILE, regrades.FILE)
"""Files in a run's folder with a column `student`."""

MAY_NAME = ("scores_*.csv", "feedback_*.zip", "left_out.txt", "log.txt", "run.json")
"""Other files there that may name a student."""


@dataclass(frozen=True)
class Kept:
    """Where a course keeps what it knows. out: a run's folder. engine: nbgrader's folder and gradebook, or None."""

    course: Course
    out: Path
    engine: Engine | None

    def folders_of(self, student: str) -> dict[str, Path]:
        """The folders that are one student's alone, by what they hold."""
        folders = {"results": self.out / "results" / student, "feedback": self.out / "feedback" / student}
        if self.engine is not None:
            parts = {
                "hand-in": "submitted",
                "clean": CLEAN,
                "autograded": "autograded",
                "feedback-nbgrader": "feedback",
            }
            folders |= {what: self.engine.folder / part / student for what, part in parts.items()}
        return {what: path for what, path in folders.items() if path.is_dir() and not path.is_symlink()}

    def tables_of(self, student: str) -> dict[str, list[list[str]]]:
        """The rows of each table that are about a student, under its header."""
        found = {}
        for name in TABLES:
            if (self.out / name).is_file():
                table = read_table(self.out / name)
                column = table.header.index("student") if "student" in table.header else None
                rows = [list(row) for row in table.rows[1:] if column is not None and as_typed(row[column]) == student]
                if rows:
                    found[name] = [list(table.header), *rows]
        return found

    def notes_of(self, student: str) -> dict[str, Any]:
        """What else is kept beside results: who the student is, what sheets gave, what hints were told."""
        known = read_hand_ins(self.out).of(student)
        notes = {
            "hand_in": None if known is None else asdict(known),
            "sheets": {name: asdict(one) for name, one in read_sheets(self.out).given.get(student, {}).items()},
            "told": {name: [asdict(a) for a in of] for name, of in read_history(self.out).of.get(student, {}).items()},
        }
        return {name: note for name, note in notes.items() if note}

    def grades_of(self, student: str) -> list[dict[str, Any]]:
        """What the gradebook has of a student in this assignment."""
        if self.engine is None:
            return []
        with open_gradebook(self.course, self.engine.folder, self.engine.url) as book:
            submission = _submission(book, self.course.name, student)
            if submission is None:
                return []
            return [
                {
                    "notebook": notebook.name,
                    "penalty": notebook.late_submission_penalty,
                    "grades": [grade.to_dict() for grade in notebook.grades],
                    "comments": [comment.to_dict() for comment in notebook.comments],
                }
                for notebook in submission.notebooks
            ]

    def needs(self, student: str) -> None:
        """See to it that something is kept of a student.

        Raises:
            WrongCall: if nothing is kept of a student of this name.
        """
        is_name = student not in ("", ".", "..") and "/" not in student and "\0" not in student
        if not is_name or not (
            self.folders_of(student) or self.tables_of(student) or self.notes_of(student) or self.grades_of(student)
        ):
            raise WrongCall(f"{student}: nothing is kept of anyone of this name in {self.out}, or in the gradebook")


def export_student(kept: Kept, student: str, file: Path) -> list[str]:
    """Write all that is kept of a student into a zip.

    Args:
        kept: where the course keeps it.
        student: the student's id.
        file: the zip; one of that name is replaced.

    Returns:
        What is in it, in words, a line each.

    Raises:
        WrongCall: if nothing is kept of a student of this name.
    """
    kept.needs(student)
    tables, notes, grades = kept.tables_of(student), kept.notes_of(student), kept.grades_of(student)
    with replacing(file) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        names = NamesInZip()  # hand-ins are called as students called them
        for what, folder in kept.folders_of(student).items():
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    archive.write(path, names.of(f"{what}/{path.relative_to(folder)}"))
        for name, rows in tables.items():
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            archive.writestr(name, text.getvalue())
        for name, content in (("notes.json", notes), ("gradebook.json", grades)):
            if content:
                archive.writestr(name, json.dumps(content, indent=1, ensure_ascii=False, default=str))
    return _in_words(kept, student)


def delete_student(kept: Kept, student: str, due: Due) -> list[str]:
    """Delete all that is kept of a student, and make the class's tables and report.html anew without them.

    Args:
        kept: where.
        student: who.
        due: the deadline.

    Returns:
        What was removed, in words.

    Raises:
        WrongCall: if nothing is kept of a student of this name, or regrades.csv has a mistake; nothing is deleted then.
        NoReport: if what was graded of the others cannot be read; nothing is deleted then.
    """
    kept.needs(student)
    removed, out = _in_words(kept, student), kept.out
    graded = read_graded(out, {student}) if (out / "scores.csv").is_file() else []  # or else nothing is deleted
    regrades = read_regrades(out)
    if kept.engine is not None:
        with open_gradebook(kept.course, kept.engine.folder, kept.engine.url) as book, book.all_or_nothing():
            _remove(book, kept.course.name, student)
    for folder in kept.folders_of(student).values():
        shutil.rmtree(folder)
    sheets = read_sheets(out)
    if student in sheets.given:
        write_sheets(out, replace(sheets, given={name: of for name, of in sheets.given.items() if name != student}))
    if any(one.student == student for one in regrades):
        write_regrades(out, [one for one in regrades if one.student != student])
    if (out / "feedback" / KEYS).is_file():
        keys = json.loads((out / "feedback" / KEYS).read_text(encoding="utf-8"))
        write_text(out / "feedback" / KEYS, json.dumps({k: v for k, v in keys.items() if k != student}), FOR_US)
    if (out / "scores.csv").is_file():
        others = HandIns(tuple(one for one in read_hand_ins(out).known if one.student != student))
        write_hand_ins(out, others)
        settle(kept.course, out, graded, others, due, kept.engine, graded)
    return removed


def may_name(out: Path, student: str) -> list[str]:
    """Files in a run's folder that may still name a student, and that a person has to look at.

    Args:
        out: the run's folder.
        student: the student's id. In zips it is not looked for: each of them may name the student.
    """
    found = []
    for pattern in MAY_NAME:
        for path in sorted(out.glob(pattern)):
            if path.suffix == ".zip" or student.encode() in path.read_bytes():
                found.append(path.name)
    return found


def _in_words(kept: Kept, student: str) -> list[str]:
    words = [f"{what}: {path}" for what, path in kept.folders_of(student).items()]
    words += [f"{len(rows) - 1} rows of {name}" for name, rows in kept.tables_of(student).items()]
    words += [f"{name} in what is kept beside the results" for name in kept.notes_of(student)]
    grades = sum(len(one["grades"]) for one in kept.grades_of(student))
    return [*words, *([f"{grades} grades and their comments in the gradebook"] if grades else [])]


def _submission(book: Gradebook, assignment: str, student: str) -> SubmittedAssignment | None:
    try:
        return book.find_submission(assignment, student)
    except MissingEntry:
        return None


def _remove(book: Gradebook, assignment: str, student: str) -> None:
    """Remove a student's submission; and the student, if no other assignment has one of theirs."""
    if _submission(book, assignment, student) is not None:
        book.remove_submission(assignment, student)
    try:
        if not book.find_student(student).submissions:
            book.remove_student(student)
    except MissingEntry:
        pass
