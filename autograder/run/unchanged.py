"""Students of whom nothing has changed since they were written down: they are not even read again.

Beside a student's results lies a record of what they were made of, and of what nbgrader then had. It holds as long as
every file of the hand-in, all that judges and renders, the results, the autograded notebooks and the gradebook are what
they were.
"""

import hashlib
import json
import stat
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from autograder.atomic import FOR_US, write_bytes
from autograder.course.questions import read_questions
from autograder.engines.grading import Grading
from autograder.intake.gather import Handin
from autograder.judge.grader import OURS, digest_of_grader
from autograder.judge.results import STRICT, Results
from autograder.judge.store import Store
from autograder.passwords import without_passwords

FILE = ".written_down"
RENDERERS = ("nbgrader", "nbformat", "nbconvert", "nh3")
"""Distributions by which notebooks are read and rendered, beside those that a verdict depends on."""

ByTests = Mapping[str, Mapping[str, float | None]]
"""Notebook → question → what tests gave."""


@dataclass(frozen=True, config=STRICT)
class Record:
    """What a student was written down with.

    made_of: the hash of the hand-in and of all that was done to it. results: notebook → the key of its result.
    by_tests: what the gradebook had. stamps: autograded file → its size and the time of its last change.
    """

    made_of: str
    results: dict[str, str]
    by_tests: dict[str, dict[str, float]]
    stamps: dict[str, tuple[int, int]]


def digest_of_run(grading: Grading, folder: Path, gradebook: str) -> str:
    """The hash of all that a student's verdicts and their rendering depend on, but for the hand-in itself.

    Args:
        grading: how the run judges; its seed is known.
        folder: nbgrader's course.
        gradebook: the URL of another gradebook, or "".
    """
    course = grading.course
    source = folder / "source" / course.name
    content = [
        digest_of_grader(course),
        course.pins,
        course.settings.model_dump_json(exclude={"deadline", "gradebook"}),
        {name: question.text for name, question in read_questions(course.questions).items()},
        [_below(OURS, OURS.rglob("*.py")), _below(source, source.rglob("*"))],
        _below(course.release, course.release.glob("*.ipynb")),
        [version(name) for name in RENDERERS],
        [grading.room, repr(grading.limits), grading.seed],
        [str(folder), without_passwords(gradebook)],
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _below(place: Path, paths: Iterable[Path]) -> list[tuple[str, str]]:
    """Files by their names below a folder, with their content: another checkout of the same commit is no change."""
    found = sorted(path for path in paths if path.is_file())
    return [(path.relative_to(place).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()) for path in found]


def digest_of_hand_in(run: str, handin: Handin, scratch: Path) -> str:
    """The hash of a hand-in and of all that its verdicts depend on.

    Args:
        run: of `digest_of_run`.
        handin: whose files are read; of those beside it, names alone.
        scratch: the run's own folder. Its name differs from run to run, so of paths below it the rest counts.

    Returns:
        A hexadecimal digest; "" if not everything is a plain file that can be read, so that it is judged.
    """
    digest = hashlib.sha256(f"{run}\n{handin.student!r} {handin.origin.handed_in} {handin.remarks!r}".encode())
    try:
        for sort, paths in (("notebook", handin.notebooks), ("attachment", handin.attachments)):
            for path in paths:
                found = path.lstat()
                if not stat.S_ISREG(found.st_mode):
                    return ""
                name = path.relative_to(scratch) if path.is_relative_to(scratch) else path
                with path.open("rb") as file:
                    content = hashlib.file_digest(file, "sha256").hexdigest()
                digest.update(f"{sort} {str(name)!r} {found.st_mtime_ns} {content}\n".encode())
    except OSError:
        return ""
    for path in handin.beside:  # of these, names alone are looked at
        digest.update(f"beside {path.parent.name!r} {path.name!r}\n".encode())
    return digest.hexdigest()


def results_as_written(store: Store, student: str, made_of: str) -> list[Results] | None:
    """The verdicts on a student who was written down with exactly this, so that nothing has to be judged.

    Args:
        store: the run's results.
        student: the student's id.
        made_of: what they would be judged with now, of `digest_of_hand_in`; "" if that is not known.

    Returns:
        The verdicts on all notebooks; None if anything has changed, is missing, or is to be judged once more.
    """
    record = read_record(store, student)
    if record is None or not made_of or record.made_of != made_of:
        return None
    found = []
    for notebook, key in record.results.items():
        results = store.load(student, notebook, key)
        if results is None or results.waits_for_retry:
            return None
        found.append(results)
    return found


def is_as_written(store: Store, student: str, autograded: Path, by_tests: ByTests) -> bool:
    """Whether nbgrader still has what it had when a student was written down.

    Args:
        store: the run's results.
        student: who.
        autograded: the folder of their autograded notebooks.
        by_tests: what the gradebook holds of them.
    """
    record = read_record(store, student)
    return record is not None and record.by_tests == _numbers(by_tests) and record.stamps == _stamps(autograded)


def write_record(
    store: Store, student: str, made_of: str, results: list[Results], autograded: Path, by_tests: ByTests
) -> None:
    """Keep what a student was written down with, unless a verdict of theirs is to be made again.

    Args:
        store: the run's results.
        student: who.
        made_of: what they were judged and written down with, of `digest_of_hand_in`; "" if that is not known.
        results: their verdicts.
        autograded: the folder of their autograded notebooks.
        by_tests: what the gradebook holds of them.
    """
    path = store.folder / student / FILE
    if not made_of or any(not one.key for one in results):
        path.unlink(missing_ok=True)
        return
    keys = {one.notebook: one.key for one in results}
    record = Record(made_of, keys, _numbers(by_tests), _stamps(autograded))
    write_bytes(path, _adapter().dump_json(record), FOR_US)


def read_record(store: Store, student: str) -> Record | None:
    """What a student was written down with; None if no record is kept, or it is damaged.

    Args:
        store: the run's results.
        student: the student's id.
    """
    try:
        return _adapter().validate_json((store.folder / student / FILE).read_bytes())
    except (OSError, ValidationError):
        return None


def _numbers(by_tests: ByTests) -> dict[str, dict[str, float]]:
    return {name: {question: score or 0.0 for question, score in of.items()} for name, of in by_tests.items()}


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every autograded notebook."""
    found = ((path.name, path.stat()) for path in sorted(folder.glob("*.ipynb")))
    return {name: (stats.st_size, stats.st_mtime_ns) for name, stats in found}


@lru_cache
def _adapter() -> TypeAdapter[Record]:
    return TypeAdapter(Record)
