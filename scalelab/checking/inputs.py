"""Inputs of tests: random numbers with a recorded seed, and objects made where the student's code runs."""

import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class _Place:
    """Where tests run now: `seed` of the run, and `make`, which evaluates a text near the student's code."""

    seed: int
    make: Callable[[str], Any]


_place: ContextVar[_Place | None] = ContextVar("place", default=None)


@contextmanager
def judging(seed: int, make: Callable[[str], Any]) -> Iterator[None]:
    """Run tests with `seed`, and let `in_room` call `make`. Used by the judge alone."""
    token = _place.set(_Place(seed, make))
    try:
        yield
    finally:
        _place.reset(token)


def rng(label: str) -> random.Random:
    """A random generator for a test: the same for the same label and run, another one in the next run.

    label: the question's name, with a suffix where a question wants several streams ("q2_2:groups").
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
