"""A page of feedback for each graded student, made again if the gradebook or an autograded notebook changed."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.atomic import FOR_US, write_text
from autograder.bars import Tell
from autograder.course import Course
from autograder.course.skeleton import OURS, load_skeletons
from autograder.engines.feedback_page import Asked, Criterion, Late, NotebookPart, Page, written
from autograder.engines.feedback_parts import Given, Grades, notebook_part
from autograder.errors import NoReport, NothingGraded, WrongCall
from autograder.run.deadlines import BY_DAY
from autograder.run.gradebook.marks import Mark
from autograder.run.gradebook.writing import open_gradebook
from autograder.run.regrades.table import Regrade, read_regrades
from autograder.run.students import NOT_GRADED, Student, read_students
from autograder.run.written.sheet import Sheets, criteria_met, criteria_of, read_sheets

PAGE = "feedback.html"
KEYS = ".made.json"
"""In the folder of pages: what each of them was made from."""

UNGRADED = "the newest hand-in could not be graded"
OF_ANOTHER_RUN = "the gradebook holds the points of another run; grade the hand-in once more"

MADE_BY = ("engines", "rendering", "run/to_students/feedback.py")
"""Code whose change makes every page anew."""


@dataclass(frozen=True)
class Made:
    """What was done.

    pages: by student. new: how many of them were made. left_out: (student, why there is none). others: how many
    students of the gradebook another run has graded.
    """

    pages: dict[str, Path]
    new: int
    left_out: tuple[tuple[str, str], ...] = ()
    others: int = 0


@dataclass(frozen=True)
class _Graded:
    """One student in the gradebook. grades: by notebook. lost: by handing in late, by nbgrader's own account."""

    student: str
    grades: dict[str, Grades] = field(default_factory=dict)
    lost: float = 0.0


def make_pages(
    course: Course,
    course_folder: Path,
    out: Path,
    only: Collection[str],
    tell: Tell,
    gradebook: str = "",
    others: Collection[str] = (),
) -> Made:
    """Make the pages that are new or changed, of the students whom the run in `out` has graded.

    The gradebook may hold students of other runs. If nbgrader alone has graded, and no run, everyone in it has a page.

    Args:
        course: the course.
        course_folder: nbgrader's course.
        out: of the grading run. Pages go to `out`/feedback/<student>/feedback.html.
        only: students; everyone if it is empty.
        tell: called as the work goes on.
        gradebook: the URL of another gradebook than the course's own, or "".
        others: students of whom the gradebook holds another run's points. They get no page.

    Returns:
        The pages.

    Raises:
        NothingGraded: if nobody has been graded.
        WrongCall: if one of `only` has not been graded, or regrades.csv has a mistake.
        MachineTrouble: if the pages cannot be written, or no process can be started that renders texts.
    """
    everyone = _read_gradebook(course, course_folder, gradebook, read_sheets(out), read_regrades(out))
    rows = _rows(out)
    if not everyone:
        raise NothingGraded(f"{course_folder}: nobody has been graded here yet; run 'autograder grade' first")
    graded = [one for one in everyone if not rows or _is_of_run(rows.get(one.student))]
    for student in only:
        if student not in {one.student for one in graded}:
            here = f" in {out}" if student in {one.student for one in everyone} else ""
            raise WrongCall(f"--only {student}: nobody of this name has been graded{here}")
    folder = out / "feedback"
    keys, pages, new, left_out = _read_keys(folder), {}, 0, []
    wanted = [one for one in graded if not only or one.student in only]
    try:
        for number, one in enumerate(wanted):
            tell("feedback", number, len(wanted))
            row = rows.get(one.student)
            if one.student in others or (row is not None and row.status == NOT_GRADED):
                left_out.append((one.student, OF_ANOTHER_RUN if one.student in others else UNGRADED))
                continue
            page, key = folder / one.student / PAGE, _key(course, course_folder, one, row)
            if keys.get(one.student) != key or not page.is_file():
                write_text(page, written(_page(course, course_folder, one, row)))
                keys[one.student] = key
                new += 1
            pages[one.student] = page
        tell("feedback", len(wanted), len(wanted))
    finally:
        write_text(folder / KEYS, json.dumps(keys, indent=0), FOR_US)
    left_out += _without_grades(rows, {one.student for one in everyone}, only)
    return Made(pages, new, tuple(left_out), len(everyone) - len(graded))


def _without_grades(
    rows: Mapping[str, Student], known: Collection[str], only: Collection[str]
) -> list[tuple[str, str]]:
    """Students of the run who handed in, and of whom the gradebook holds nothing, each with why they have no page."""
    return [
        (name, UNGRADED if row.status == NOT_GRADED else "is not in the gradebook; grade the hand-in once more")
        for name, row in rows.items()
        if _is_of_run(row) and name not in known and (not only or name in only)
    ]


def _is_of_run(row: Student | None) -> bool:
    """Whether a run has a hand-in of a student. row: the run's; None if it does not know the student."""
    return row is not None and row.attempts > 0


def _read_gradebook(
    course: Course, course_folder: Path, gradebook: str, sheets: Sheets, regrades: Collection[Regrade]
) -> list[_Graded]:
    rubrics = criteria_of(course)

    def beside(student: str, grade: Any) -> Given:
        """What is known of a grade beside its points: by which criteria it was given, and what was asked of it."""
        mark = Mark(grade.auto_score, grade.manual_score, grade.extra_credit or 0.0, grade.needs_manual_grade)
        met = criteria_met(sheets, rubrics.get(grade.name, {}), student, grade.name, mark)
        criteria = tuple(Criterion(criterion.text, points, criterion.points) for criterion, points in met)
        asked = (one for one in regrades if (one.student, one.question) == (student, grade.name))
        return Given(None, 0.0, criteria, tuple(Asked(one.asked, one.decided, one.by, one.moved) for one in asked))

    with open_gradebook(course, course_folder, gradebook) as book:
        submissions = book.assignment_submissions(course.name)
        return sorted((_graded(one, beside) for one in submissions), key=lambda one: one.student)


def _graded(submission: Any, beside: Callable[[str, Any], Given]) -> _Graded:
    """One student's grades, of nbgrader's own objects. beside: what is known of a grade beside its points."""
    student = submission.student.id
    grades, lost = {}, 0.0
    for notebook in submission.notebooks:
        given = {
            grade.name: replace(beside(student, grade), score=_score(grade), most=grade.max_score)
            for grade in notebook.grades
        }
        comments = {one.name: one.comment or "" for one in notebook.comments}
        grades[notebook.name] = Grades(given, comments)
        lost += notebook.late_submission_penalty or 0.0
    return _Graded(student, grades, lost)


def _score(grade: Any) -> float | None:
    return None if grade.needs_manual_grade and grade.manual_score is None else grade.score


def _rows(out: Path) -> dict[str, Student]:
    """What the grading run has written of each student; nothing if it was made without one."""
    try:
        return {row.student: row for row in read_students(out)}
    except NoReport:
        return {}


def _page(course: Course, course_folder: Path, one: _Graded, row: Student | None) -> Page:
    parts = tuple(_part(course, course_folder, one, name) for name in load_skeletons(course))
    return Page(course.title, _called(one, row), parts, _late(one, row))


def _called(one: _Graded, row: Student | None) -> str:
    return row.name if row is not None and row.name else one.student


def _part(course: Course, course_folder: Path, one: _Graded, name: str) -> NotebookPart:
    grades, path = one.grades.get(name, Grades({})), _autograded(course, course_folder, one.student, name)
    if not path.is_file():
        cells = load_skeletons(course)[name].notebook.cells
        return notebook_part(name, cells, grades, here=False)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notes = notebook.get("metadata", {}).get(OURS, {}).get("notes", [])
    return notebook_part(name, notebook["cells"], grades, tuple(f"Note: {note}." for note in notes))


def _autograded(course: Course, course_folder: Path, student: str, notebook: str) -> Path:
    return course_folder / "autograded" / student / course.name / f"{notebook}.ipynb"


def _late(one: _Graded, row: Student | None) -> Late | None:
    """The penalty of the whole assignment, as the grading run has computed it; otherwise as nbgrader has."""
    lost = row.penalty if row is not None and row.penalty is not None else one.lost
    if not lost:
        return None
    seconds = row.late_seconds if row is not None else None
    least = "at least " if row is not None and BY_DAY in row.remarks else ""
    return Late(lost, f"{least}{_duration(seconds)}" if seconds else "")


def _duration(seconds: int) -> str:
    days, hours, minutes = seconds // 86400, seconds % 86400 // 3600, seconds % 3600 // 60
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"))
    named = [f"{count} {word}{'s' * (count != 1)}" for count, word in parts if count]
    return " ".join(named[:2]) or "less than a minute"


def _key(course: Course, course_folder: Path, one: _Graded, row: Student | None) -> str:
    """The hash of all that a page depends on."""
    said = repr((course.title, _called(one, row), _late(one, row), astuple(one)))
    digest = hashlib.sha256(f"{_digest_of_code()}{said}".encode("utf-8", "backslashreplace"))
    for name, skeleton in load_skeletons(course).items():
        path = _autograded(course, course_folder, one.student, name)
        digest.update(path.read_bytes() if path.is_file() else skeleton.name.encode())
    return digest.hexdigest()


@lru_cache
def _digest_of_code() -> str:
    package = Path(__file__).parents[2]
    paths: Iterable[Path] = (path for part in MADE_BY for path in _files(package / part))
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _files(place: Path) -> list[Path]:
    return sorted(path for path in place.rglob("*") if path.suffix in {".py", ".j2"}) if place.is_dir() else [place]


def _read_keys(folder: Path) -> dict[str, str]:
    try:
        keys = json.loads((folder / KEYS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return keys if isinstance(keys, dict) else {}
