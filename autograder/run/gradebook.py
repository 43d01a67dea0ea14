"""Writes students into nbgrader's gradebook, by nbgrader's own autograde."""

import glob
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import NamedTuple

from nbgrader.api import Grade, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import capture_log, temp_attrs
from traitlets.config import Config

from autograder.course import Course
from autograder.course.skeleton import load_skeletons
from autograder.engines.answers import answers_in
from autograder.engines.grading import Grading, grading_as
from autograder.engines.nbgrader import configure
from autograder.engines.recording import AutogradeClean, ClassGradebook
from autograder.errors import NotRecorded
from autograder.judge import Results
from autograder.log import trace_of, without_texts
from autograder.release.nbgrader_course import reason_of, without_output
from autograder.run.marks import of_assignment


class Recorded(NamedTuple):
    """What the gradebook holds of a question. score: None where it waits for a person; a TA's own goes before all.

    by_tests: what tests gave, None where nothing has been written down.
    """

    score: float | None
    by_tests: float | None


Record = Callable[[str, tuple[Results, ...]], dict[str, dict[str, Recorded]]]


@contextmanager
def open_for_class(grading: Grading, course_folder: Path, gradebook: str) -> Iterator[Record]:
    """Open the gradebook of nbgrader's course, to write students into it one by one.

    Args:
        grading: how the run judges.
        course_folder: nbgrader's course.
        gradebook: the URL of another gradebook than the course's own, or "".

    Yields:
        A function that runs nbgrader's autograde on the clean notebooks of a student, by name, with their Results. It
        returns what the gradebook then holds, notebook → question → what is recorded. It raises
        NotRecorded, and then nothing of the student has changed.
    """
    api = _api(grading.course, course_folder, gradebook)
    with ClassGradebook(api.coursedir.db_url, grading.course.name) as book:
        set_due(book, grading.course)
        yield partial(_record, grading, api, book)


def set_due(book: ClassGradebook, course: Course) -> None:
    """Have nbgrader know when the assignment is due: its own pages show what is late, and its plugin is asked."""
    due = None if course.deadline is None else course.deadline.moment.astimezone(UTC).replace(tzinfo=None)
    assignment = book.find_assignment(course.name)
    if due is not None and assignment.duedate != due:
        assignment.duedate = due
        book.db.commit()


def _record(
    grading: Grading, api: NbGraderAPI, book: ClassGradebook, student: str, results: tuple[Results, ...]
) -> dict[str, dict[str, Recorded]]:
    course, grading = grading.course, replace(grading, known=results)
    with warnings.catch_warnings(), book.all_or_nothing(), grading_as(grading):
        warnings.simplefilter("ignore")  # SQLAlchemy's, of how nbgrader adds a submission
        outcome = _autograde(api, book, course.name, student)
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
    if gradebook:
        config.CourseDirectory.db_url = gradebook
    api = NbGraderAPI(config=config)
    api.log.setLevel("ERROR")
    return api


def _autograde(api: NbGraderAPI, book: ClassGradebook, assignment: str, student: str) -> dict:
    """As the API's own `autograde` does it, with another converter."""
    with temp_attrs(api.coursedir, assignment_id=assignment, student_id=glob.escape(student)):
        app = AutogradeClean(coursedir=api.coursedir, parent=api, gradebook=book)
        app.force = app.create_student = True
        app.graded_answers = answers_in(_autograded(api, assignment, student))
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
    """Open the gradebook of nbgrader's course, or another one by its URL."""
    url = gradebook or _api(course, course_folder, "").coursedir.db_url
    with ClassGradebook(url, course.name) as book:
        yield book


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
    for key, earlier, student, notebook in of_assignment(submitted, assignment).all():
        penalty = penalties.get(student, {}).get(notebook, 0.0) or None
        if student in penalties and penalty != earlier:
            one = book.db.query(SubmittedNotebook).filter(SubmittedNotebook.id == key)
            one.update({"late_submission_penalty": penalty})
    book.db.commit()
