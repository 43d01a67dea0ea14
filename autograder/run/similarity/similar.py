"""Students with similar code in a notebook: a pointer for a person, and never a verdict.

Tokens are compared by copydetect, in a process with limits, as what students wrote may be made to break it.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from autograder.atomic import FOR_US, write_bytes
from autograder.confined.process import program_of
from autograder.course import Course
from autograder.course.skeleton import OURS, Skeleton, load_skeletons
from autograder.engines.clean import CLEAN
from autograder.log import LOGGER

FILE = "similar.json"
SHORT = 250
"""Characters of a notebook's own code, names and comments left out: less is not compared."""

LONG = 60_000
"""Characters of a student's code in one notebook: more is not compared."""

LARGE = 30_000_000
"""Bytes of a notebook with its outputs: a larger one is not read."""

COMMON = 0.05
COMMON_AT_LEAST = 4
"""Code that more students have than this part of the class, and than this number, is how one solves it."""

MOST_PAIRS = 40
SECONDS = 120
"""Of processor time, for all of a class; as much again by the clock."""


@dataclass(frozen=True)
class Pair:
    """Two students' notebooks. shared: characters of code that both have. of_first: what part that is, in percent."""

    notebook: str
    first: str
    second: str
    shared: int
    of_first: int
    of_second: int


@dataclass(frozen=True)
class Similar:
    """What was found. problem: why nothing was compared, or "".

    compared: how many notebooks were. left_out: students of whom one could not be. common, short: see the constants.
    """

    pairs: tuple[Pair, ...] = ()
    compared: int = 0
    left_out: tuple[str, ...] = ()
    common: int = 0
    short: int = SHORT
    problem: str = ""


@dataclass(frozen=True)
class Kept:
    """The last answer. key: of all that it was made from."""

    key: str
    similar: Similar


def similar_code(
    course: Course, out: Path, folder: Path, students: Iterable[str], groups: Iterable[frozenset[str]] = ()
) -> Similar:
    """Compare everyone's code; what was found is kept in the run's folder until some code changes.

    Args:
        course: the course.
        out: the run's folder.
        folder: nbgrader's course, with the clean notebooks that the run has written.
        students: who is compared.
        groups: students who handed in together, and so have the same.
    """
    try:
        version("copydetect")
    except PackageNotFoundError:
        return Similar(problem="copydetect is not installed here")
    skeletons = load_skeletons(course)
    paths = {
        (student, name): path
        for student in sorted(set(students))
        for name in skeletons
        if (path := folder / CLEAN / student / course.name / f"{name}.ipynb").is_file()
    }
    together = sorted({tuple(sorted(group)) for group in groups})
    key = _key(skeletons.values(), paths, together)
    if (kept := _read(out)) is not None and kept.key == key:
        return kept.similar
    similar = _compared(skeletons, paths, {frozenset(group) for group in together})
    if not similar.problem:
        write_bytes(out / FILE, _adapter().dump_json(Kept(key, similar)), FOR_US)
    return similar


def _key(skeletons: Iterable[Skeleton], paths: dict[tuple[str, str], Path], together: list[tuple[str, ...]]) -> str:
    stamps = [(*place, path.stat().st_size, path.stat().st_mtime_ns) for place, path in paths.items()]
    ours = [cell.source for skeleton in skeletons for cell in skeleton.cells]
    code = [path.read_text(encoding="utf-8") for path in (Path(__file__), Path(__file__).with_name("child.py"))]
    content = json.dumps([stamps, ours, together, version("copydetect"), code])
    return hashlib.sha256(content.encode("utf-8", "backslashreplace")).hexdigest()


def _compared(
    skeletons: dict[str, Skeleton], paths: dict[tuple[str, str], Path], together: set[frozenset[str]]
) -> Similar:
    documents, left_out = [], []
    for (student, name), path in paths.items():
        try:
            code = own_code(path, skeletons[name])
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            left_out.append(student)
            continue
        if len(code) > LONG:
            left_out.append(student)
        elif len(code) >= SHORT:
            documents.append((student, name, code))
    common = max(COMMON_AT_LEAST, int(COMMON * len({student for student, _ in paths})))
    if len(documents) < 2:
        return Similar(left_out=tuple(dict.fromkeys(left_out)), common=common)
    request = {
        "ours": {name: [cell.source for cell in of.cells if cell.kind == "code"] for name, of in skeletons.items()},
        "documents": documents,
        "common": common,
        "short": SHORT,
        "seconds": SECONDS,
    }
    answer = _asked(request)
    if isinstance(answer, str):
        return Similar(problem=answer, common=common)
    pairs = [Pair(*one) for one in answer["pairs"]]
    pairs = [one for one in pairs if not any({one.first, one.second} <= group for group in together)]
    left_out += answer["left_out"]
    return Similar(tuple(pairs[:MOST_PAIRS]), answer["compared"], tuple(dict.fromkeys(left_out)), common)


def own_code(path: Path, skeleton: Skeleton) -> str:
    """The code of a clean notebook that is the student's own: answers that are not the release's, and added cells.

    Args:
        path: of the notebook, as intake has written it: every cell of it has a role.
        skeleton: of the same notebook.

    Raises:
        ValueError: if it is too large, or no notebook.
        OSError: if it cannot be read.
        LookupError, TypeError, AttributeError, RecursionError: if it is JSON, and no notebook of intake's.
    """
    if path.stat().st_size > LARGE:
        raise ValueError("too large")
    released = {cell.source.strip() for cell in skeleton.cells}
    return "\n\n".join(source for source in _sources(json.loads(path.read_bytes())) if source.strip() not in released)


def _sources(notebook: dict) -> Iterator[str]:
    for cell in notebook["cells"]:
        role = cell.get("metadata", {}).get(OURS, {}).get("role")
        if cell["cell_type"] == "code" and role in {"answer", "added"}:
            source = cell["source"]
            yield "".join(source) if isinstance(source, list) else str(source)


def _asked(request: dict) -> dict | str:
    """What the process with limits answers; a reason, as the end of a sentence, if it gives no answer."""
    command = [sys.executable, "-P", "-c", program_of("autograder.run.similarity.child")]
    try:
        done = subprocess.run(
            command, input=json.dumps(request).encode(), capture_output=True, timeout=2 * SECONDS, cwd="/"
        )
    except subprocess.TimeoutExpired:
        return "it took too long"
    if done.returncode:
        LOGGER.warning("%s", f"similar code: the process that compares ended with {done.returncode}")
        return "comparing took too much time or memory, or ended otherwise"
    try:
        return json.loads(done.stdout)
    except ValueError:
        return "the process that compares gave no answer"


def _read(out: Path) -> Kept | None:
    try:
        return _adapter().validate_json((out / FILE).read_bytes())
    except (OSError, ValidationError):
        return None


@lru_cache
def _adapter() -> TypeAdapter[Kept]:
    return TypeAdapter(Kept)
