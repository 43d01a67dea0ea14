"""One question alone: the notebook as far as its check, with something else in the place of the model answer."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from autograder.course import Course
from autograder.course.skeleton import load_skeletons
from autograder.course.source import SourceCell, read_source
from autograder.course.submission import Cell, Submission
from autograder.errors import CourseError, NotReleased
from autograder.judge.session import Session, session_of
from autograder.room import Limits


def alone(
    course: Course,
    question: str,
    replaced: Mapping[str, str],
    added: tuple[str, ...] = (),
    attached: Path | None = None,
) -> Submission:
    """A submission of which only one question is judged.

    Args:
        course: that the question is of.
        question: its name.
        replaced: cell id → source, in the place of the model's.
        added: cells of the student's own, before the question's first answer.
        attached: the folder of the attachments; the model's by default.

    Raises:
        CourseError: if no notebook has the question.
    """
    notebook = notebook_of(course, question)
    cells: list[Cell] = []
    for cell in _until_check(course, question):
        if cell.role == "answer" and cell.question == question:
            cells += [Cell(f"own-{n}", "code", "added", "", source) for n, source in enumerate(added)]
            added = ()
        source = replaced.get(cell.id, cell.answered)
        cells.append(Cell(cell.id, cell.kind, cell.role, cell.question, source, touched=True))
    folder = course.model_attachments(notebook)
    folder = (attached or folder) if folder else None
    return Submission("alone", notebook, tuple(cells), folder)


@contextmanager
def played(course: Course, submission: Submission, kind: str, limits: Limits) -> Iterator[Session]:
    """A context: a room in which a submission has been played as far as its question's check.

    Args:
        course: the course.
        submission: of `alone`.
        kind: of the room.
        limits: of the room.

    Yields:
        The session, which may be asked for the notebook's names.
    """
    with session_of(course, submission.notebook, kind, limits, submission.folder) as session:
        for cell in submission.cells:
            if cell.runs:
                session.play(cell)
        yield session


def given_cells(course: Course, question: str) -> tuple[SourceCell, ...]:
    """The code cells that run before the question's check and are not its answers.

    These are the notebook's own, and the model's answers to earlier questions.

    Args:
        course: the course.
        question: its name.

    Raises:
        CourseError: if no notebook has the question.
    """
    cells = _until_check(course, question)
    return tuple(cell for cell in cells if cell.role != "check" and cell.question != question)


def answer_cells(course: Course, question: str) -> dict[str, str]:
    """The ids of the question's answer cells → the model's sources, in their order.

    Args:
        course: the course.
        question: a tested one.

    Raises:
        CourseError: if no notebook has the question.
    """
    cells = _until_check(course, question)
    return {one.id: one.answered for one in cells if one.role == "answer" and one.question == question}


@lru_cache
def notebook_of(course: Course, question: str) -> str:
    """The name of the notebook that has the question.

    Args:
        course: the course. Its sources are read, not its release.
        question: a tested or written one.

    Raises:
        CourseError: if none has it.
    """
    for name in course.notebooks:
        if any(cell.question == question for cell in read_source(course.source(name)).cells):
            return name
    raise CourseError(
        f"{question}: has a test file or answers, and no cell in a notebook; write its cells, or remove "
        f"{course.questions / question}.py and {course.answers / question}.py"
    )


def need_released(course: Course, questions: Iterable[str]) -> None:
    """See to it that students have these questions.

    Args:
        course: the course.
        questions: their names.

    Raises:
        NotReleased: if one is in a source notebook, and not in the release.
        CourseError: if no notebook has it at all.
    """
    skeletons = load_skeletons(course)
    for question in questions:
        name = notebook_of(course, question)
        if name not in skeletons or all(cell.question != question for cell in skeletons[name].cells):
            raise NotReleased(f"{question}: is not in the release; run 'autograder release' first")


@lru_cache
def _until_check(course: Course, question: str) -> tuple[SourceCell, ...]:
    """What stands in the notebook up to the question's check, without the other checks, training and playgrounds."""
    found = []
    for cell in read_source(course.source(notebook_of(course, question))).cells:
        is_check = cell.role == "check" and cell.question == question
        if is_check or (cell.kind == "code" and cell.role in {"given", "answer"}):
            found.append(cell)
        if is_check:
            break
    return tuple(found)
