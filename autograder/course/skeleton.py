"""The release as intake and the judge see it: which cell is whose."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.folder import Course
from autograder.course.texts import text_of
from autograder.errors import CourseError

OURS = "autograder"
"""The key of our own metadata in a notebook and in each of its cells."""

INSTALL_CELL = "install"
"""The id of the cell that installs packages. Students may have to change it, so it is restored without a note."""


@dataclass(frozen=True)
class SkeletonCell:
    """One cell of the release. role: given, prose, answer, check, written, playground or train.

    points: of check and written cells, else 0.
    """

    id: str
    kind: str
    role: str
    question: str
    source: str
    points: float

    @property
    def is_students(self) -> bool:
        """Whether the student's source counts, and not ours: that of training is kept to be read, and never run."""
        return self.role in {"answer", "train"}

    @property
    def defines(self) -> str | None:
        """The name that an answer defines, by which it is known again without metadata: its id tells it."""
        is_code = self.role == "answer" and self.kind == "code"
        return self.id.removeprefix(f"{self.question}-") if is_code else None


@dataclass(frozen=True)
class Skeleton:
    """One notebook of the release. name: "1_averages", say."""

    name: str
    notebook: NotebookNode
    cells: tuple[SkeletonCell, ...]

    @cached_property
    def by_id(self) -> dict[str, SkeletonCell]:
        """The cells by their ids."""
        return {cell.id: cell for cell in self.cells}

    @cached_property
    def by_definition(self) -> dict[str, SkeletonCell]:
        """The code answers by the names that they define."""
        return {cell.defines: cell for cell in self.cells if cell.defines is not None}

    @cached_property
    def by_source(self) -> dict[tuple[str, str], SkeletonCell]:
        """The cells by kind and source, where no other cell has the same."""
        likes = Counter((cell.kind, cell.source.strip()) for cell in self.cells)
        keys = {(cell.kind, cell.source.strip()): cell for cell in self.cells}
        return {key: cell for key, cell in keys.items() if likes[key] == 1}

    @property
    def written(self) -> tuple[SkeletonCell, ...]:
        """The cells of questions that a person grades."""
        return tuple(cell for cell in self.cells if cell.role == "written")


@lru_cache
def load_skeletons(course: Course) -> dict[str, Skeleton]:
    """The release's notebooks, by name, in their order. Those that are missing are left out.

    Raises:
        CourseError: if one is no notebook.
    """
    paths = (course.release / f"{name}.ipynb" for name in course.notebooks)
    return {path.stem: _load(path) for path in paths if path.is_file()}


def _load(path: Path) -> Skeleton:
    try:
        notebook = nbformat.reads(text_of(path), as_version=4)
    except (ValueError, TypeError, AttributeError, LookupError, nbformat.ValidationError):
        raise CourseError(f"{path}: is no notebook any more; run 'autograder release', which writes it anew") from None
    cells = []
    for cell in notebook.cells:
        ours = cell.metadata.get(OURS, {})
        points = float(cell.metadata.get("nbgrader", {}).get("points", 0))
        cells.append(
            SkeletonCell(
                cell.id,
                cell.cell_type,
                ours.get("role", "prose"),
                ours.get("question", ""),
                cell.source,
                points,
            )
        )
    return Skeleton(path.stem, notebook, tuple(cells))
