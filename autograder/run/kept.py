"""Which verdicts of a run were there before it: they are kept, and not made anew."""

from collections.abc import Iterable
from pathlib import Path

from autograder.judge.store import Store
from autograder.run.graded import Graded


class KeptVerdicts:
    """The verdicts of earlier runs, as they lie there when a run begins.

    Args:
        folder: of the run's results, which may be missing.
    """

    def __init__(self, folder: Path):
        self._store = Store(folder)
        self._before = {path: _stamp(path) for path in folder.glob("*/*.json")}
        self._students = {path.parent.name for path in self._before}

    def has(self, one: Graded) -> bool:
        """Whether a verdict is still the one that was there."""
        path = self._store.path(one.student, one.notebook)
        return path in self._before and self._before[path] == _stamp(path)

    def knows(self, student: str) -> bool:
        """Whether there was any verdict on a student."""
        return student in self._students

    def told(self, outcomes: Iterable[Graded]) -> str:
        """How many verdicts were made and how many kept, behind their number; "" if all were made."""
        kept = [self.has(one) for one in outcomes]
        if not any(kept):
            return ""
        return f" ({kept.count(False)} judged now, {kept.count(True)} kept from before)"


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes whenever a verdict is written, which is always a new file; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
