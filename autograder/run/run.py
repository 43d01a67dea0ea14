"""What a grading run is asked to do: whose hand-ins are graded, how, and into which engine."""

from dataclasses import dataclass
from pathlib import Path

from autograder.engines.grading import Grading


@dataclass(frozen=True)
class Run:
    """A grading run.

    engine: "nbgrader" or "otter". course_folder: nbgrader's course. students: the only ones; all if there are none.
    into_gradebook: whether nbgrader writes verdicts down; a shard leaves that to `autograder merge`.
    """

    handins: Path
    grading: Grading
    engine: str
    course_folder: Path
    workers: int
    gradebook: str = ""
    students: frozenset[str] = frozenset()
    into_gradebook: bool = True

    def autograded(self, student: str) -> Path:
        """The folder of a student's autograded notebooks."""
        return self.course_folder / "autograded" / student / self.grading.course.name
