"""A course as content: the files that verdicts on it depend on, under names that are the same on every machine."""

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.course import CHECKS, Course
from autograder.course.settings import FILE
from autograder.judge.grader import OURS, TOOLS
from autograder.run.unchanged import RENDERERS

MADE_BY_PYTHON = ("__pycache__", ".egg-info")
"""How folders end that Python and its tools make, and that say nothing."""


GRADEBOOK = re.compile(rb"""^[ \t]*["']?gradebook["']?[ \t]*=[^\n]*$""", re.MULTILINE)
"""A line of course.toml."""


def places_of(course: Course) -> Iterator[Path]:
    """The files and folders of a course that judging reads, as course.toml names them: most are relative to it."""
    settings = course.settings
    yield from (Path(FILE), Path("questions"), Path("grading"))
    yield from (Path(f"{name}.py") for name in course.notebooks)  # the model answer, where a test is suspect
    yield from (settings.release, settings.attachments_of_model)
    yield from (*settings.students.data, *settings.judging_data)
    if settings.library is not None:
        yield settings.library.path
    if settings.pins is not None:
        yield settings.pins


def files_of(course: Course) -> dict[str, Path]:
    """Those files: name → path. A name is relative to the course folder, and may begin with `..`."""
    found: dict[str, Path] = {}
    for place in places_of(course):
        at = course.folder / place
        if at.is_file():
            found[place.as_posix()] = at
            continue
        for path in sorted(at.rglob("*")):
            inside = path.relative_to(at)
            if path.is_file() and not any(part.endswith(MADE_BY_PYTHON) for part in inside.parts):
                found[(place / inside).as_posix()] = path
    return found


def content_of(path: Path) -> bytes:
    """A file of a course as other machines get it: course.toml without its gradebook, whose URL may hold a password."""
    content = path.read_bytes()
    return GRADEBOOK.sub(b"", content) if path.name == FILE else content


def digest_of_course(course: Course) -> str:
    """The hash of a course's content: what its verdicts depend on, whatever the machine.

    Its deadline and its gradebook are left out.
    """
    content = {
        "settings": course.settings.model_dump_json(exclude={"deadline", "gradebook"}),
        "files": {name: _digest(path) for name, path in files_of(course).items() if name != FILE},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def pins_of(course: Course) -> dict[str, str]:
    """The versions here of all that verdicts depend on beside the course: Python, packages, and our own code."""
    return versions_of(packages_of(course))


def packages_of(course: Course) -> list[str]:
    """The distributions that verdicts on a course and their rendering depend on."""
    return sorted({*TOOLS, *RENDERERS, *course.room_needs.packages})


def versions_of(names: Iterable[str]) -> dict[str, str]:
    """The versions here of Python, of our own code, and of some distributions; "" for one that is missing."""
    return {"python": platform.python_version(), "autograder": digest_of_ours()} | {
        name: _version(name) for name in names
    }


def digest_of_ours() -> str:
    """The hash of this program's own code, shortened: two versions that are under way have the same number."""
    digest = hashlib.sha256()
    for folder in (OURS, CHECKS):
        for path in sorted(folder.rglob("*.py")):
            digest.update(f"{path.relative_to(folder).as_posix()} {_digest(path)}\n".encode())
    return digest.hexdigest()[:16]


def differences(expected: dict[str, str], found: dict[str, str]) -> str:
    """What is of another version, in words; "" if nothing is.

    Args:
        expected: name → version that there should be; "" for one that should be missing.
        found: name → version that there is; "" or no entry for one that is missing.
    """
    names = [name for name in sorted(expected | found) if expected.get(name) != found.get(name)]
    told = (f"{name} {found.get(name) or 'missing'} and not {expected.get(name) or 'none'}" for name in names)
    return ", ".join(told)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
