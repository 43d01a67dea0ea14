"""The release's notebooks and cells, copied from the course's own gradebook into another one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode, v4
from nbgrader.api import Gradebook, MissingEntry, Notebook
from nbgrader.preprocessors import SaveCells

from autograder.engines.class_gradebook import ClassGradebook
from autograder.errors import CourseError

Cells = Mapping[str, Mapping[str, Any]]
"""A cell's name → what nbgrader keeps of it."""


@dataclass(frozen=True)
class _Released:
    """A notebook as nbgrader has saved it."""

    kernel: dict = field(default_factory=dict)
    graded: Cells = field(default_factory=dict)
    solution: Cells = field(default_factory=dict)
    task: Cells = field(default_factory=dict)
    source: Cells = field(default_factory=dict)


class _SaveReleased(SaveCells):
    """nbgrader's SaveCells, for cells that are known already."""

    def save(self, book: Gradebook, assignment: str, name: str, released: _Released) -> None:
        """Write a notebook. Raises RuntimeError if it has been graded, and has other cells now."""
        self.gradebook, self.assignment_id, self.notebook_id = book, assignment, name
        self.new_grade_cells, self.new_solution_cells = released.graded, released.solution
        self.new_task_cells, self.new_source_cells = released.task, released.source
        notebook: NotebookNode = v4.new_notebook(metadata={"kernelspec": released.kernel})
        self._create_notebook(notebook)


def copy_release(own: Gradebook, other: ClassGradebook, assignment: str, shown: str) -> bool:
    """Bring another gradebook to the release that the course's own one has; nothing is written if it has it.

    Args:
        own: the gradebook in nbgrader's course folder.
        other: the one to be written to.
        assignment: its name.
        shown: the other one's URL for people.

    Returns:
        Whether anything was written.

    Raises:
        CourseError: if students are graded whose cells would change.
    """
    wanted = _released(own, assignment)
    if _released(other, assignment) == wanted:
        return False
    with other.all_or_nothing(turn=f"release of {assignment}"):
        present = _released(other, assignment)
        if present == wanted:  # another run was faster
            return False
        try:
            _write(other, assignment, present.keys() - wanted.keys(), wanted)
        except RuntimeError as problem:
            raise CourseError(
                f"{shown}: {problem}. Nothing was written. Undo what was added, removed or renamed in a graded "
                f"notebook; or give course.toml another name than {assignment}; or name an empty database, and grade "
                "everyone there"
            ) from None
    return True


def _write(book: ClassGradebook, assignment: str, gone: set[str], wanted: Mapping[str, _Released]) -> None:
    book.update_or_create_assignment(assignment)
    for name in sorted(gone):
        if book.find_notebook(name, assignment).submissions:
            raise RuntimeError(f"Cannot remove notebook '{name}' because there are submissions associated with it")
        book.remove_notebook(name, assignment)
    for name, released in wanted.items():
        _SaveReleased().save(book, assignment, name, released)


def _released(book: Gradebook, assignment: str) -> dict[str, _Released]:
    """The notebooks of an assignment; none if the gradebook does not know it."""
    try:
        notebooks = book.find_assignment(assignment).notebooks
    except MissingEntry:
        return {}
    return {notebook.name: _of_notebook(notebook) for notebook in notebooks}


def _of_notebook(notebook: Notebook) -> _Released:
    return _Released(
        json.loads(notebook.kernelspec or "{}") or {},
        {one.name: {"max_score": one.max_score, "cell_type": one.cell_type} for one in notebook.grade_cells},
        {one.name: {} for one in notebook.solution_cells},
        {one.name: {"max_score": one.max_score, "cell_type": one.cell_type} for one in notebook.task_cells},
        {
            one.name: {"cell_type": one.cell_type, "locked": one.locked, "source": one.source, "checksum": one.checksum}
            for one in notebook.source_cells
        },
    )
