"""Inputs of tests: random numbers with a recorded seed, and objects made where the student's code runs."""

import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

from notebook_checks.expect import Unexpected


@dataclass(frozen=True)
class _Place:
    """Where tests run now: `seed` of the run, and `make`, which evaluates a text near the student's code.

    folder: of the files that were handed in beside the notebook, or None. remark: takes a line for the instructor.
    compute: runs a function of a test file elsewhere, by the file's path, its own name and its arguments.
    load: gives a module of the course's grading/ by its name, or None if there is no such module.
    """

    seed: int
    make: Callable[[str], Any]
    folder: Path | None
    remark: Callable[[str], None]
    compute: Callable[[Path, str, tuple], Any] | None
    load: Callable[[str], ModuleType] | None = None


_place: ContextVar[_Place | None] = ContextVar("place", default=None)


@contextmanager
def judging(
    seed: int,
    make: Callable[[str], Any],
    folder: Path | None = None,
    remark: Callable[[str], None] = lambda text: None,
    compute: Callable[[Path, str, tuple], Any] | None = None,
    load: Callable[[str], ModuleType] | None = None,
) -> Iterator[None]:
    """Run tests with a seed, and let `in_room` call `make`. Used by the judge alone.

    Args:
        seed: of the run.
        make: evaluates a text near the student's code.
        folder: where `handed_in` looks.
        remark: gets the text of each `remark`.
        compute: runs what `compute` is asked for; by default it runs here.
        load: gives what `of_grading` asks for.
    """
    token = _place.set(_Place(seed, make, folder, remark, compute, load))
    try:
        yield
    finally:
        _place.reset(token)


def rng(label: str) -> random.Random:
    """A random generator for a test: the same for the same label, answer and run, another one in the next run.

    Args:
        label: the question's name, with a suffix if a question wants several streams ("q1:even").
    """
    place = _place.get()
    seed = secrets.randbits(64) if place is None else place.seed
    return random.Random(f"{seed}:{label}")


def in_room(source: str) -> Any:
    """The object that the expression `source` evaluates to, made where the student's code runs.

    For arguments that are no plain data ("lambda x: 2 * x + 1"), and for data of which a test wants to see
    afterwards whether a student's function changed it. In a notebook this is the object itself, in the judge
    a handle to it. Names that may be used: the built-in ones.
    """
    place = _place.get()
    return eval(source, {}) if place is None else place.make(source)


def compute(function: Callable, arguments: tuple) -> Any:
    """What a function of a test file gives, of plain data and as plain data, where torch is at hand.

    In a notebook it is called here; the judge has a room of its own for it.

    Args:
        function: defined at the top level of a test file, which is loaded anew there.
        arguments: plain data.
    """
    place = _place.get()
    if place is None or place.compute is None:
        return function(*arguments)
    return place.compute(Path(function.__code__.co_filename), function.__name__, arguments)


REMEMBERED = 1024
"""How many results of one function are kept: a run draws inputs from a few sets for each question that remembers."""


def remembered(function: Callable) -> Callable:
    """lru_cache for a function of a test file: a file is loaded anew for every submission, and its cache with it.

    The judge has it run in a room of its own, which has torch (see `compute`). So it takes plain data and gives plain
    data, and depends on nothing but its arguments and the rest of its file. Its callers must not change what it
    returns. A run has a few sets of inputs for a question that has such a function, and each submission gets one of
    them; for any other question, each answer has inputs of its own.
    """
    place = (function.__globals__.get("name"), function.__code__)
    return _remembered.setdefault(place, lru_cache(maxsize=REMEMBERED)(lambda *arguments: compute(function, arguments)))


_remembered: dict[tuple[str | None, CodeType], Callable] = {}


def handed_in(name: str) -> Path:
    """A file that is handed in beside the notebook; in a student's own notebook, one of the working folder.

    Args:
        name: of an attachment in course.toml.

    Raises:
        Unexpected: if it is missing.
    """
    place = _place.get()
    folder = Path() if place is None else place.folder
    path = None if folder is None else folder / name
    if path is None or not path.is_file():
        here = "does not lie beside this notebook" if place is None else "was not handed in"
        missing = f"{name} {here}: run the cell that makes it, then hand in again."
        raise Unexpected(missing, missing)
    return path


def of_grading(name: str) -> ModuleType:
    """A module of the course's grading/ folder, which only the judge has: for the hidden part of a test file.

    Args:
        name: of the module, without `.py`.

    Raises:
        RuntimeError: in a student's notebook.
    """
    place = _place.get()
    if place is None or place.load is None:
        raise RuntimeError(f"grading/{name}.py is available to the judge only")
    return place.load(name)


def is_judged() -> bool:
    """Whether the judge runs this test, and not a student in a notebook."""
    return _place.get() is not None


def remark(text: str) -> None:
    """Tell the instructor something that costs no points. Students never see it; in a notebook nothing happens."""
    place = _place.get()
    if place is not None:
        place.remark(text)


class Spare(NamedTuple):
    """What stands in the place of a student's global where a case fails: see `in_place_of`."""

    name: str
    source: str
    stand_in: str


AS_IT_IS = "lambda ask: ask"


def in_place_of(name: str, source: str, stand_in: str = AS_IT_IS) -> Callable[[Callable], Callable]:
    """For a case that needs the answer to an earlier question: an earlier mistake is not punished twice.

    Where the case fails, the judge runs it once more with something else in the place of the student's. In a notebook
    it does nothing. Goes below `@test_case`.

    Args:
        name: the student's global that is replaced.
        source: a text that defines a function of that name, rightly, which takes and gives plain data. It runs in a
            room of the judge's own: what stands in the student's place calls it from afar, and never holds its code.
        stand_in: an expression for a function that takes such a caller, and gives what stands in the student's place.
            By default that is the caller itself.
    """

    def mark(case: Callable) -> Callable:
        vars(case)["in_place_of"] = Spare(name, source, stand_in)
        return case

    return mark


def spare_of(case: Callable) -> Spare | None:
    """What `in_place_of` gave a case, or None."""
    return getattr(case, "in_place_of", None)
