"""Where the course's parts lie, and what its notebooks and questions are called."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ASSIGNMENT = "compound_scaling"
HIDDEN_LINE = "# ---- hidden: nothing below this line reaches a student ----"
ROOM_KERNEL = "compound-scaling-room"
"""Name of the kernel that the nbgrader course asks for. No kernel of this name is ever installed by us under
Jupyter's own configuration, so an autograding run without ours ends in an error and not in points."""


@dataclass(frozen=True)
class Course:
    """A checkout of the course. root: the folder that holds solutions/, notebooks/ and autograder/.

    made: where everything goes that is made and not committed; dist/ by default.
    """

    root: Path
    made: Path | None = None

    @property
    def sources(self) -> Path:
        """The instructors' notebooks, as percent scripts."""
        return self.root / "solutions" / ASSIGNMENT

    @property
    def trained(self) -> Path:
        """What the training cell of the model solution of notebook 4 made: best.safetensors and best.json."""
        return self.sources / "trained"

    @property
    def data(self) -> Path:
        """Images and measured results."""
        return self.root / "data"

    @property
    def student_notebooks(self) -> Path:
        """The student release: notebooks and tests/."""
        return self.root / "notebooks" / ASSIGNMENT

    @property
    def questions(self) -> Path:
        """The test files, one a question."""
        return self.root / "autograder" / "questions"

    @property
    def dist(self) -> Path:
        """Everything that is made and not committed."""
        return self.made or self.root / "dist"

    @cached_property
    def notebooks(self) -> tuple[str, ...]:
        """The names of the notebooks, in their order."""
        return tuple(sorted(path.stem for path in self.sources.glob("[0-9]_*.py")))


COURSE = Course(Path(__file__).resolve().parents[1])
"""The course that this package stands in."""
