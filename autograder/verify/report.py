"""`autograder verify`: runs the bank with a progress bar, and tells what came of it."""

import sys
import time
from collections.abc import Iterable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.course import Course
from autograder.verify.engines import run_bank
from autograder.verify.table import show


def verify_bank(course: Course, question: str, combinations: int, workers: int, engines: Iterable[str]) -> bool:
    """Run the bank and print its table. Returns whether all is as it must be. Raises SourceError."""
    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bars = {engine: progress.add_task(engine, total=None) for engine in engines}

        def tell(engine: str, done: int, total: int) -> None:
            progress.update(bars[engine], completed=done, total=total)

        verified = run_bank(course, question, combinations, workers, tell, engines)
    good = show(verified, Console(highlight=False, width=None if sys.stdout.isatty() else 160))
    seconds = time.monotonic() - started
    print(f"{'verified' if good else 'NOT as it must be'}: {len(verified.verdicts)} verdicts in {seconds:.0f} s")
    return good
