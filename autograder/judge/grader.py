"""What judges: the code that verdicts come from, and the data that it reads, as one hash."""

import hashlib
import json
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.course import CHECKS, Course

OURS = Path(__file__).resolve().parents[1]
JUDGING = ("course", "intake", "judge", "room")
"""The packages of the autograder that a verdict depends on."""

TOOLS = ("ipykernel", "ipython", "otter-grader")
"""Distributions whose behaviour is seen in verdicts, beside those of the course's rooms."""


@lru_cache
def digest_of_grader(course: Course) -> str:
    """The hash of all code and data that verdicts on a course depend on, and that are no test file.

    It is computed once in a process: the judge's code and the checks, the course's library and grading/, the data
    named as judging_data, what rooms preload, and the versions of Python and of what rooms import.

    Args:
        course: the course that is graded.

    Raises:
        OSError: if one of the files cannot be read.
    """
    digest = hashlib.sha256(json.dumps(_settings(course), sort_keys=True, default=str).encode())
    for name, folder, pattern in _places(course):
        for path in _files(folder, pattern):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{name}/{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _places(course: Course) -> Iterator[tuple[str, Path, str]]:
    """(a name that does not depend on the machine, a folder or file, which of its files)."""
    for name in JUDGING:
        yield f"autograder/{name}", OURS / name, "*.py"
    yield "notebook_checks", CHECKS, "*.py"
    if course.library is not None:
        yield "library", course.library, "*.py"
    yield "grading", course.grading, "*"
    for number, path in enumerate(course.judging_data):
        yield f"data-{number}", path, "*"


def _files(place: Path, pattern: str) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(path for path in place.rglob(pattern) if path.is_file() and "__pycache__" not in path.parts)


def _settings(course: Course) -> dict:
    packages = sorted({*TOOLS, *course.room_needs.packages})
    return {
        "room": course.settings.room.model_dump(),
        "python": list(sys.version_info[:3]),
        "versions": {name: _version(name) for name in packages},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
