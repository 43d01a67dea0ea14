"""The release as a whole: build it, check it, compare it with what is committed, write it."""

import ast
import filecmp
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from autograder.course import Course
from autograder.course.questions import Question, read_questions
from autograder.course.settings import FILE
from autograder.course.source import SourceNotebook, read_source
from autograder.errors import CourseError, MachineTrouble
from autograder.release.assemble import instructor_notebook
from autograder.release.bundles import student_entries, write_handed_out, write_otter_zip, write_student_zip
from autograder.release.gradebook_copy import copy_gradebook, refusal, state_of
from autograder.release.leaks import find_leaks, secrets_of
from autograder.release.nbgrader_course import make_course
from autograder.release.swap import Swap
from autograder.release.wheels import packages_of
from notebook_checks.handing_in import LIST, Assignment

COURSE_CONFIG = '''\
"""nbgrader's configuration in this course folder: `nbgrader autograde {name}` judges in rooms."""

from pathlib import Path

from autograder.engines.nbgrader import configure

configure(get_config(), Path(__file__).parent, Path({folder!r}){more})  # noqa: F821
'''


@dataclass(frozen=True)
class Release:
    """A release that was built and checked. files: what students get, path → text."""

    course: Course
    sources: tuple[SourceNotebook, ...]
    questions: dict[str, Question]
    instructor: dict[str, NotebookNode]
    files: dict[str, str]


def build(course: Course) -> Release:
    """Make the release in memory.

    Raises:
        CourseError: with a line for each reason why it cannot be made.
    """
    sources = tuple(read_source(course.source(name)) for name in course.notebooks)
    questions = read_questions(course.questions)
    for question in questions.values():
        question.check()
    instructor = {source.name: instructor_notebook(course, source, questions) for source in sources}
    problems = [
        *_unasked(sources, questions),
        *_attachments_of_none(course, sources),
        *_wrong_points(course, sources, questions),
    ]
    with tempfile.TemporaryDirectory() as folder:
        student = make_course(Path(folder), course.name, instructor)
    files = {f"{name}.ipynb": nbformat.writes(notebook) + "\n" for name, notebook in student.items()}
    files |= {f"tests/{q.path.name}": q.public_text for q in questions.values()}
    files[LIST] = _assignment(course).to_json()
    problems += _unparsable(student)
    problems += find_leaks(secrets_of(sources, questions.values()), _texts(student, files, course))
    if problems:
        raise CourseError("\n".join(problems))
    return Release(course, sources, questions, instructor, files)


def differences(release: Release) -> list[str]:
    """One line for each file of the student release in notebooks/ that is not byte for byte the source's."""
    with tempfile.TemporaryDirectory() as folder:
        _write_files(Path(folder), release.files)
        return list(_compare(Path(folder), release.course.release))


def write(release: Release) -> None:
    """Write notebooks/ and dist/: all of it or nothing.

    Raises:
        CourseError: if nbgrader refuses, as a changed notebook would not fit what it has graded.
        OSError: if something cannot be written.
    """
    with Swap() as swap:
        _write_files(swap.stage(release.course.release), release.files)
        _stage_dist(release, swap)


def write_dist(release: Release) -> None:
    """Write dist/, all of it or nothing: the student zip, the nbgrader course, the otter zips."""
    with Swap() as swap:
        _stage_dist(release, swap)


def write_nbgrader_course(release: Release, folder: Path) -> None:
    """Write an nbgrader course, ready to grade. A gradebook that is there already is kept, if nbgrader agrees.

    Args:
        release: of `build`.
        folder: nbgrader's own course folder. If anything fails, it stays as it was.

    Raises:
        CourseError: if nbgrader refuses.
        MachineTrouble: if the gradebook is locked, or another program changes it meanwhile.
    """
    with Swap() as swap:
        _stage_nbgrader_course(release, folder, swap)


def _stage_dist(release: Release, swap: Swap) -> None:
    course = release.course
    entries = student_entries(course, release.files)
    _stage_nbgrader_course(release, course.dist / "nbgrader", swap, entries)
    for source in release.sources:
        asked = [release.questions[c.question] for c in source.cells if c.role == "check"]
        target = swap.stage(course.dist / "otter" / source.name / "autograder.zip")
        write_otter_zip(target, course, source.name, asked)
    write_student_zip(swap.stage(course.dist / "student.zip"), entries)


def _stage_nbgrader_course(
    release: Release, folder: Path, swap: Swap, entries: Mapping[str, bytes] | None = None
) -> None:
    """nbgrader works on a copy of its gradebook: whatever it refuses, the gradebook is as it was.

    entries: what students get beside the notebooks, which is a part of what nbgrader hands out.
    """
    name = release.course.name
    book = folder / "gradebook.db"
    staged = {part: swap.stage(folder / part) for part in (f"source/{name}", f"release/{name}", "nbgrader_config.py")}
    with tempfile.TemporaryDirectory(dir=staged["nbgrader_config.py"].parent, prefix=".making-") as scratch:
        before = copy_gradebook(book, Path(scratch) / "gradebook.db")
        try:
            make_course(Path(scratch), name, release.instructor)
        except CourseError as problem:
            raise refusal(problem, book, name) from None
        write_handed_out(Path(scratch) / "release" / name, dict(entries or {}))
        for part in ("source", "release"):
            (Path(scratch) / part / name).rename(staged[f"{part}/{name}"])
        (Path(scratch) / "gradebook.db").rename(swap.stage(book))
        more = ", own_gradebook=True" if entries is None else ""  # proofs and demos leave the class's gradebook alone
        config = COURSE_CONFIG.format(name=name, folder=str(release.course.folder), more=more)
        staged["nbgrader_config.py"].write_text(config, encoding="utf-8")
    if before != state_of(book):
        raise MachineTrouble(f"{book}: another program has changed it meanwhile; end that, and release once more")


def _write_files(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _compare(made: Path, committed: Path) -> Iterator[str]:
    wanted = {path.relative_to(made) for path in made.rglob("*") if path.is_file()}
    present = {path.relative_to(committed) for path in committed.rglob("*") if path.is_file()}
    for path in sorted(wanted | present):
        shown = os.path.relpath(committed / path)
        if path not in present:
            yield f"{shown}: is missing; run 'autograder release'"
        elif path not in wanted and "__pycache__" not in path.parts:
            yield f"{shown}: nothing in the source makes this file; run 'autograder release'"
        elif path in wanted and not filecmp.cmp(made / path, committed / path, shallow=False):
            yield f"{shown}: is not what the source gives; edit that, not this file, then run 'autograder release'"


def _unasked(sources: tuple[SourceNotebook, ...], questions: dict[str, Question]) -> Iterator[str]:
    asked = [c.question for source in sources for c in source.cells if c.role == "check"]
    for name, question in questions.items():
        if asked.count(name) != 1:
            yield f"{question.path.name}: {asked.count(name)} cells check {name}; one should"


def _attachments_of_none(course: Course, sources: tuple[SourceNotebook, ...]) -> Iterator[str]:
    """A line for each attachment of a question that its notebook does not ask."""
    asked = {(source.name, cell.question) for source in sources for cell in source.cells}
    for one in course.attachments:
        if (one.notebook, one.question) not in asked:
            yield f"{FILE}: attachments: {one.name!r} belongs to {one.question}, which {one.notebook} does not ask"


def _assignment(course: Course) -> Assignment:
    """What students hand in."""
    notebooks = tuple(f"{name}.ipynb" for name in course.notebooks)
    return Assignment(course.name, notebooks, {one.name: one.question for one in course.attachments})


def _wrong_points(course: Course, sources: tuple[SourceNotebook, ...], questions: dict[str, Question]) -> Iterator[str]:
    """A line if the points of all questions are not what course.toml promises."""
    tested = sum(question.points for question in questions.values() if not question.bonus)
    written = sum(source.written_points(c.question) for source in sources for c in source.cells if c.role == "written")
    promised = course.settings.points
    if promised is not None and abs(tested + written - promised) > 1e-9:
        yield f"course.toml: promises {promised:g} points; the questions have {tested + written:g} together"


def _unparsable(student: dict[str, NotebookNode]) -> Iterator[str]:
    transform = TransformerManager().transform_cell
    for name, notebook in student.items():
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            try:
                ast.parse(transform(cell.source))
            except SyntaxError as problem:
                yield f"{name}.ipynb: the student cell {cell.id} does not parse: {problem.msg}"


def _texts(student: dict[str, NotebookNode], files: dict[str, str], course: Course) -> dict[str, str]:
    """Everything that students can read: cells, not the JSON around them, public tests, and the packages."""
    texts = {f"{course.name}/{name}": text for name, text in files.items() if not name.endswith(".ipynb")}
    for name, notebook in student.items():
        texts |= {f"{name}.ipynb, cell {cell.id}": cell.source for cell in notebook.cells}
    for package in packages_of(course):
        for path in sorted(package.rglob("*.py")):
            texts[f"{package.name}/{path.relative_to(package)}"] = path.read_text(encoding="utf-8")
    return texts
