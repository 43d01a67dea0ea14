"""Makes a course folder for nbgrader, and by its own generate_assignment the student release in it."""

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import nbformat
from alembic.script import ScriptDirectory
from nbformat import NotebookNode
from nbgrader.apps import NbGraderAPI
from nbgrader.dbutil import ALEMBIC_DIR
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearMarkScheme,
    ClearOutput,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
    SaveCells,
)
from traitlets.config import Config

from autograder.errors import CourseError
from autograder.release.stubs import ClearSolutionsWithHints

STUDENT_KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


class StudentKernel(NbGraderPreprocessor):
    """Gives a notebook the kernel that students have: the course's own exists in grading only."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Change the notebook's kernelspec."""
        nb.metadata["kernelspec"] = dict(STUDENT_KERNEL)
        return nb, resources


def configure_release(config: Config, folder: Path, assignment: str) -> None:
    """nbgrader's configuration for a course, as far as making the release goes.

    Args:
        config: nbgrader's, which is changed.
        folder: nbgrader's own course folder.
        assignment: the course's name.
    """
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.course_id = assignment
    config.GenerateAssignment.preprocessors = [
        LockCells,
        ClearSolutionsWithHints,
        ClearOutput,
        CheckCellMetadata,
        ComputeChecksums,
        SaveCells,  # keeps the mark schemes, so that autograding can put them back for the graders
        StudentKernel,  # the gradebook has the room's now
        ClearMarkScheme,
        ComputeChecksums,  # again: what students get has no mark schemes
        CheckCellMetadata,
    ]


def make_course(folder: Path, assignment: str, notebooks: dict[str, NotebookNode]) -> dict[str, NotebookNode]:
    """Write notebooks as the source of nbgrader's course, and run its generate_assignment on them.

    A gradebook in the folder is kept: nbgrader refuses changes that its submissions would not survive.

    Args:
        folder: nbgrader's course.
        assignment: its name.
        notebooks: the instructor's, by name.

    Returns:
        The student notebooks, by name.

    Raises:
        CourseError: if nbgrader refuses.
    """
    source = folder / "source" / assignment
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, source / f"{name}.ipynb")
    config = Config()
    configure_release(config, folder, assignment)
    config.Exchange.root = str(folder)  # not used here: nbgrader complains of a machine without an exchange
    api = NbGraderAPI(config=config)
    api.log.setLevel("ERROR")
    _begin_gradebook(folder / "gradebook.db")
    with without_output(api.log):
        outcome = api.generate_assignment(assignment, force=True, create=True)
    if not outcome["success"]:
        raise CourseError(f"nbgrader refuses the release: {reason_of(outcome)}")
    released = folder / "release" / assignment
    return {name: nbformat.read(released / f"{name}.ipynb", as_version=4) for name in notebooks}


def _begin_gradebook(book: Path) -> None:
    """Write the version into a gradebook that has no tables yet, and let nbgrader add all others.

    It would ask the program `alembic` for the version, in a process of its own that takes seconds.
    """
    with closing(sqlite3.connect(book)) as database, database:
        if database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            newest = ScriptDirectory(ALEMBIC_DIR).get_current_head()
            database.execute("INSERT INTO alembic_version (version_num) VALUES (?)", (newest,))


@contextmanager
def without_output(log: logging.Logger) -> Iterator[None]:
    """nbgrader returns what it has logged: it need not print its tracebacks between our lines as well."""
    handlers, propagate = log.handlers[:], log.propagate
    log.handlers, log.propagate = [], False
    try:
        yield
    finally:
        log.handlers, log.propagate = handlers, propagate


def reason_of(outcome: dict) -> str:
    """The last line that says something of nbgrader's log and traceback, where something failed."""
    lines = [line for line in outcome.get("error", "").strip().split("\n") if line.strip()]
    telling = ("Error", "submissions associated")  # for the latter it raises no more than "see the above traceback"
    logged = [line for line in outcome.get("log", "").strip().split("\n") if any(word in line for word in telling)]
    return (logged or lines or ["for no reason that it told"])[-1].strip()
