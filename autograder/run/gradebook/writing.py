"""Writes students into nbgrader's gradebook, by nbgrader's own autograde."""

import glob
import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

from nbgrader.api import Grade, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import capture_log, temp_attrs
from traitlets.config import Config

from autograder.course import Course
from autograder.course.gradebook_url import SQLITE, shown_url
from autograder.course.skeleton import load_skeletons
from autograder.engines.answers import answers_in
from autograder.engines.class_gradebook import ClassGradebook
from autograder.engines.copied_release import copy_release
from autograder.engines.grading import Grading, grading_as
from autograder.engines.nbgrader import configure
from autograder.engines.recording import AutogradeClean
from autograder.errors import NotRecorded
from autograder.judge import Results
from autograder.log import trace_of, without_texts
from autograder.release.nbgrader_course import reason_of, without_output
from autograder.run.gradebook.marks import of_assignment


class Recorded(NamedTuple):
    """What the gradebook holds of a question. score: None where it waits for a person; a TA's own goes before all.

    by_tests: what tests gave, None where nothing has been written down.
    """

    score: float | None
    by_tests: float | None


@dataclass(frozen=True)
class Recorder:
    """Writes students down by nbgrader's autograde."""

    grading: Grading
    api: NbGraderAPI
    book: ClassGradebook

    def __call__(self, student: str, results: tuple[Results, ...]) -> dict[str, dict[str, Recorded]]:
        """Write down the clean notebooks of a student, by name, with their Results.

        Returns:
            What the gradebook then holds, notebook → question → what is recorded.

        Raises:
            NotRecorded: and then nothing of the student has changed.
        """
        with _unless_it_fails(_autograded(self.api, self.grading.course.name, student)) as before:
            return _record(self, student, results, before)

    def troubles(self) -> list[BaseException]:
        """What the database has raised since the last student was begun."""
        return self.book.troubles


@contextmanager
def open_for_class(grading: Grading, course_folder: Path, gradebook: str) -> Iterator[Recorder]:
    """Open the gradebook of nbgrader's course, to write students into it one by one.

    Args:
        grading: how the run judges.
        course_folder: nbgrader's course.
        gradebook: the URL of another gradebook than the course's own, or "".

    Yields:
        What writes them.
    """
    api = _api(grading.course, course_folder, gradebook)
    with ClassGradebook(api.coursedir.db_url, grading.course.name) as book:
        set_due(book, grading.course)
        book.db.rollback()  # a transaction that has only read would stay open until the class is done
        yield Recorder(grading, api, book)


def set_due(book: ClassGradebook, course: Course) -> None:
    """Have nbgrader know when the assignment is due: its own pages show what is late, and its plugin is asked.

    Args:
        book: the gradebook, which knows the assignment. The change is committed.
        course: the course. Without a deadline, nothing is changed.
    """
    due = None if course.deadline is None else course.deadline.moment.astimezone(UTC).replace(tzinfo=None)
    assignment = book.find_assignment(course.name)
    if due is not None and assignment.duedate != due:
        assignment.duedate = due
        book.db.commit()


@contextmanager
def _unless_it_fails(autograded: Path) -> Iterator[Path]:
    """Put a student's autograded notebooks aside, and back if what follows fails: nbgrader removes them then.

    Yields:
        Where they are meanwhile.
    """
    before = autograded.with_name(f".{autograded.name}.before")
    if before.exists() and not autograded.exists():  # of a run that was killed
        before.rename(autograded)
    shutil.rmtree(before, ignore_errors=True)
    with suppress(FileNotFoundError):
        autograded.rename(before)
    try:
        yield before
    except BaseException:
        if before.exists():
            shutil.rmtree(autograded, ignore_errors=True)
            before.rename(autograded)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _record(
    recorder: Recorder, student: str, results: tuple[Results, ...], before: Path
) -> dict[str, dict[str, Recorded]]:
    book, course = recorder.book, recorder.grading.course
    grading = replace(recorder.grading, known=results)
    with warnings.catch_warnings(), book.all_or_nothing(turn=f"{course.name}/{student}"), grading_as(grading):
        warnings.simplefilter("ignore")  # SQLAlchemy's, of how nbgrader adds a submission
        book.hold_grades(course.name, student)
        outcome = _autograde(recorder.api, book, course.name, student, before)
        if not outcome["success"]:
            raise _not_recorded(outcome)
        return {name: _recorded(book, course.name, name, student) for name in load_skeletons(course)}


def _not_recorded(outcome: dict) -> NotRecorded:
    """Why nbgrader failed: in one line what it raised, and in `details` where."""
    failures = outcome.get("failures", [])
    problem = NotRecorded(_in_one_line(failures[-1]) if failures else reason_of(outcome))
    said = without_texts(outcome.get("log", "") + outcome.get("error", ""))
    problem.details = "\n\n".join([*map(trace_of, failures)]) or said
    return problem


def _in_one_line(problem: Exception) -> str:
    return " ".join(f"{type(problem).__name__}: {problem}".split("\n")[0].split())


def _api(course: Course, course_folder: Path, gradebook: str) -> NbGraderAPI:
    config = Config()
    configure(config, course_folder, course, clean=True)
    config.CourseDirectory.db_url = gradebook or own_url(course_folder)
    config.Exchange.root = str(course_folder)  # not used here: nbgrader complains of a machine without an exchange
    api = NbGraderAPI(config=config)
    api.log.setLevel("ERROR")
    return api


def _autograde(api: NbGraderAPI, book: ClassGradebook, assignment: str, student: str, before: Path) -> dict:
    """As the API's own `autograde` does it, with another converter."""
    with temp_attrs(api.coursedir, assignment_id=assignment, student_id=glob.escape(student)):
        app = AutogradeClean(coursedir=api.coursedir, parent=api, gradebook=book)
        app.force = app.create_student = True
        app.graded_answers = answers_in(before)
        with without_output(app.log):
            return capture_log(app) | {"failures": app.failures}


def _autograded(api: NbGraderAPI, assignment: str, student: str) -> Path:
    """The folder of a student's autograded notebooks: what TAs see."""
    return Path(api.coursedir.format_path(api.coursedir.autograded_directory, student, assignment))


def _recorded(book: Gradebook, assignment: str, notebook: str, student: str) -> dict[str, Recorded]:
    grades = book.find_submission_notebook(notebook, assignment, student).grades
    return {grade.name: Recorded(_score(grade), _by_tests(grade)) for grade in grades}


def _score(grade: Grade) -> float | None:
    """nbgrader asks for another look where a TA's score meets a new one of tests: until then the TA's counts."""
    return None if grade.needs_manual_grade and grade.manual_score is None else grade.score


def _by_tests(grade: Grade) -> float | None:
    return None if grade.auto_score is None and grade.needs_manual_grade else grade.auto_score or 0.0


@contextmanager
def open_gradebook(course: Course, course_folder: Path, gradebook: str) -> Iterator[ClassGradebook]:
    """Open the gradebook of nbgrader's course, or another one by its URL.

    Args:
        course: whose assignment is opened.
        course_folder: nbgrader's course.
        gradebook: a database URL; "" for the course's own file.
    """
    with ClassGradebook(gradebook or own_url(course_folder), course.name) as book:
        yield book


def own_url(course_folder: Path) -> str:
    """The URL of the gradebook in nbgrader's own course folder."""
    return f"{SQLITE}{course_folder.resolve() / 'gradebook.db'}"


def bring_to_release(course: Course, course_folder: Path, gradebook: str) -> None:
    """Have another gradebook know the release's notebooks, as the course's own one does.

    Args:
        course: the course.
        course_folder: nbgrader's own course folder, whose gradebook.db is copied from.
        gradebook: the URL of the other gradebook.

    Raises:
        CourseError: if students are graded in it whose cells would change.
    """
    with open_gradebook(course, course_folder, "") as own, ClassGradebook(gradebook, course.name) as other:
        copy_release(own, other, course.name, shown_url(gradebook))


def record_penalties(book: Gradebook, assignment: str, penalties: Mapping[str, Mapping[str, float]]) -> None:
    """Write everyone's penalty for late work into the gradebook, so that nbgrader's own totals are ours.

    Args:
        book: the gradebook.
        assignment: the course's name.
        penalties: student → notebook → the points that are lost there. Students who are not named keep theirs.
    """
    submitted = book.db.query(
        SubmittedNotebook.id,
        SubmittedNotebook.late_submission_penalty,
        SubmittedAssignment.student_id,
        Notebook.name,
    ).select_from(SubmittedNotebook)
    rows = of_assignment(submitted, assignment).order_by(SubmittedNotebook.id).all()  # in one order for all who do so
    for key, earlier, student, notebook in rows:
        penalty = penalties.get(student, {}).get(notebook, 0.0) or None
        if student in penalties and penalty != earlier:
            one = book.db.query(SubmittedNotebook).filter(SubmittedNotebook.id == key)
            one.update({"late_submission_penalty": penalty})
    book.db.commit()
