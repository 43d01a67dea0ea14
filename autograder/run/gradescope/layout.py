"""Where things lie in Gradescope's container, and in the zip that is unpacked into its `source` folder."""

from dataclasses import dataclass, field
from pathlib import Path

COURSE, ASKED, WHEELS, PINS = "course.packed", "grading.json", "wheels", "constraints.txt"
"""Names in the zip. COURSE is of `packed_course`."""


@dataclass(frozen=True)
class Layout:
    """The container's own folder, `/autograder` there."""

    root: Path = Path("/autograder")

    @property
    def source(self) -> Path:
        """The zip, unpacked."""
        return self.root / "source"

    @property
    def submission(self) -> Path:
        """What a student uploaded, flat or in folders."""
        return self.root / "submission"

    @property
    def results(self) -> Path:
        """What Gradescope reads when grading has ended."""
        return self.root / "results" / "results.json"


@dataclass(frozen=True)
class Asked:
    """What a zip grades. notebooks: all of the assignment's if there are none. seed: of the inputs that tests draw."""

    seed: int
    notebooks: tuple[str, ...] = field(default=())
