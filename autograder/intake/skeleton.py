"""The release as intake and the judge see it: which cell is whose."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.release.source import defined_name


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
        """Whether the student's source counts, and not ours."""
        return self.role == "answer"

    @cached_property
    def defines(self) -> str | None:
        """The name that the cell defines, by which a cell without metadata is known again."""
        return defined_name(self.source) if self.kind == "code" else None


@dataclass(frozen=True)
class Skeleton:
    """One notebook of the release. name: "2_compound_scaling", say."""

    name: str
    notebook: NotebookNode
    cells: tuple[SkeletonCell, ...]

    @property
    def checks(self) -> tuple[SkeletonCell, ...]:
        """The cells of questions that tests grade."""
        return tuple(cell for cell in self.cells if cell.role == "check")

    @property
    def written(self) -> tuple[SkeletonCell, ...]:
        """The cells of questions that a person grades."""
        return tuple(cell for cell in self.cells if cell.role == "written")


@lru_cache
def load_skeletons(course: Course) -> dict[str, Skeleton]:
    """The release's notebooks, by name, in their order."""
    return {path.stem: _load(path) for path in sorted(course.student_notebooks.glob("*.ipynb"))}


def _load(path: Path) -> Skeleton:
    notebook = nbformat.read(path, as_version=4)
    cells = []
    for cell in notebook.cells:
        ours = cell.metadata.get("scalelab", {})
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
