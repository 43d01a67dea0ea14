"""`autograder verify`: runs what is asked for with a progress bar, and tells what came of it."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.course import Course
from autograder.verify.again import repeat_bank
from autograder.verify.engines import run_bank
from autograder.verify.mutation import run_mutants
from autograder.verify.table import show, show_mutants, show_repeated

SEED = 1
"""Of the mutants' runs: one that some inputs only would kill is to be found by the tests in every run."""


def verify_bank(course: Course, question: str, combinations: int, workers: int, engines: Iterable[str]) -> bool:
    """Run the bank through the engines. Returns whether all is as it must be. Raises SourceError."""
    started = time.monotonic()
    with _progress() as tell:
        verified = run_bank(course, question, combinations, workers, tell, engines)
    return _end(show(verified, _console()), f"{len(verified.verdicts)} verdicts", started)


def verify_mutants(course: Course, question: str, workers: int) -> bool:
    """Run the mutants of the model answers. Returns whether each that changes anything loses points."""
    started = time.monotonic()
    with _progress() as tell:
        fates = run_mutants(course, question, SEED, workers, lambda done, total: tell("mutants", done, total))
    return _end(show_mutants(fates, _console()), f"{len(fates)} mutants", started)


def verify_seeds(course: Course, question: str, seeds: int, workers: int) -> bool:
    """Judge the bank with many seeds. Returns whether each verdict is the same. Raises SourceError."""
    started = time.monotonic()
    with _progress() as tell:
        repeated = repeat_bank(course, question, seeds, workers, lambda done, total: tell("answers", done, total))
    return _end(show_repeated(repeated, _console()), f"{len(repeated)} answers, {seeds} seeds", started)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Bars, made as they are first told of: (what, how many are done, of how many)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bars = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = progress.add_task(what)
            progress.update(bars[what], completed=done, total=total)

        yield tell


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else 160)


def _end(good: bool, what: str, started: float) -> bool:
    print(f"{'verified' if good else 'NOT as it must be'}: {what} in {time.monotonic() - started:.0f} s")
    return good
