"""Grades one notebook with `otter run`, as otter does it itself."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat

from autograder.engines.grading import Grading, grading_as
from autograder.intake.rebuild import Rebuilt

TRIES = 3
"""How often otter is run if its kernel dies. No student code runs in that kernel, so no student can have killed it."""


def run_otter(grading: Grading, rebuilt: Rebuilt, scratch: Path) -> dict[str, float | None]:
    """otter's own scores of a clean notebook.

    Args:
        grading: how the run judges; its verdicts are known.
        rebuilt: the notebook.
        scratch: a folder for what otter writes.

    Returns:
        Question → score.

    Raises:
        RuntimeError: if otter's kernel dies each time.
    """
    for _ in range(TRIES - 1):
        with suppress(RuntimeError):  # nbclient's, of a kernel that died
            return _run_once(grading, rebuilt, scratch)
    return _run_once(grading, rebuilt, scratch)


def _run_once(grading: Grading, rebuilt: Rebuilt, scratch: Path) -> dict[str, float | None]:
    from otter.run import main as otter_run  # takes seconds to import, and only workers need it

    submission = rebuilt.submission
    archive = grading.course.dist / "otter" / submission.notebook / "autograder.zip"
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        path = Path(folder) / "submission.ipynb"  # a student's name may be too long, or end the path
        nbformat.write(rebuilt.notebook, path)
        with grading_as(grading), _output_into(Path(folder) / "otter.log"):
            results = otter_run(str(path), autograder=str(archive), output_dir=folder, no_logo=True)
    return {name: results.get_score(name) for name in results.test_files}


@contextmanager
def _output_into(path: Path) -> Iterator[None]:
    """Send what this process and otter's kernel print into a file: a worker has no terminal of its own."""
    with path.open("wb") as log:
        kept = os.dup(1), os.dup(2)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept[0], 1)
            os.dup2(kept[1], 2)
            os.close(kept[0])
            os.close(kept[1])
