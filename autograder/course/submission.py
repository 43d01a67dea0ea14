"""A clean submission: one student's version of one notebook, on the release's own skeleton."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Cell:
    """One cell to grade. role: as in the skeleton, or "added" for a cell of the student's own.

    touched: of answer cells, whether the student wrote anything.
    """

    id: str
    kind: str
    role: str
    question: str
    source: str
    touched: bool = False

    @property
    def runs(self) -> bool:
        """Whether grading runs it: all code but checks (the judge makes those), playground and training."""
        return self.kind == "code" and self.role in {"given", "answer", "added"}


@dataclass(frozen=True)
class Submission:
    """What the judge gets. folder: a folder with the attachments (see intake.attachments) and nothing else, or None.

    notes: what intake restored. absent: (question, a sentence for the student) where an answer needs what is not there.
    problem: why there is nothing to run (a missing or unreadable notebook), else "". missing: whether the
    notebook was not handed in at all.
    """

    student: str
    notebook: str
    cells: tuple[Cell, ...]
    folder: Path | None = None
    notes: tuple[str, ...] = field(default_factory=tuple)
    problem: str = ""
    missing: bool = False
    absent: tuple[tuple[str, str], ...] = ()
