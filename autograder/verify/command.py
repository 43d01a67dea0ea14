"""`autograder verify`: runs what is asked for with a progress bar, and tells what came of it."""

import sys
import time
from collections.abc import Callable, Iterable, Sized
from functools import partial
from typing import TypeVar

from rich.console import Console

from autograder.bars import Tell, bars
from autograder.course import Course
from autograder.errors import CourseError, WrongCall
from autograder.verify.both_engines import Verified, run_bank
from autograder.verify.clauses import FILE, clauses_of, mistakes_in, mistakes_shown
from autograder.verify.seeds import repeat_bank
from autograder.verify.table import show, show_clauses, show_mutants, show_repeated

SEED = 1
"""Of the mutants' runs: one that some inputs only would kill is to be found by the tests in every run."""


Found = TypeVar("Found", bound=Sized)


def verify_bank(
    course: Course, question: str, combinations: int, workers: int, engines: Iterable[str], kind: str
) -> bool:
    """Run the bank through the engines, and hold its verdicts against the clauses of the descriptions.

    Args:
        course: whose bank it is.
        question: for its answers alone; "" for all.
        combinations: how many students are drawn beside those that show each answer once.
        workers: how many processes there are.
        engines: which ones grade.
        kind: of the rooms that the answers run in.

    Returns:
        Whether all is as it must be.

    Raises:
        CourseError: if the bank or the table of clauses is wrong.
    """
    clauses = clauses_of(course, question)

    def tell_of(verified: Verified, console: Console) -> bool:
        good = show(verified, console)
        if not (course.folder / FILE).is_file():
            return good
        mistakes = [*mistakes_in(course, clauses, question), *mistakes_shown(clauses, verified.verdicts)]
        return show_clauses(clauses, mistakes, console) and good

    return _verify(
        "verdicts", tell_of, lambda tell: run_bank(course, question, combinations, workers, tell, engines, kind)
    )


def verify_search(course: Course, question: str, seeds: int, workers: int) -> bool:
    """Search for wrong answers that pass all cases, and print those that were found.

    Args:
        course: whose bank it is.
        question: a question, for its answers alone; "" for all.
        seeds: with how many seeds each mutant is tried.
        workers: how many processes there are.

    Returns:
        Whether none was found.

    Raises:
        CourseError: if an answer of the bank fits no cell.
        WrongCall: if cosmic-ray or hypothesis, which nothing else needs, is not installed.
    """
    try:
        from autograder.verify.search import search
        from autograder.verify.search_table import show_search
    except ModuleNotFoundError as missing:
        if missing.name not in ("cosmic_ray", "hypothesis"):
            raise
        pins = "cosmic-ray==8.7.0 hypothesis==6.155.2"
        raise WrongCall(f"--search: {missing.name} is not installed; type: pip install {pins}") from None
    return _verify(
        "right answers and mutants of them",
        show_search,
        lambda tell: search(course, question, seeds, workers, partial(tell, "right answers")),
    )


def verify_public(course: Course, question: str, workers: int) -> bool:
    """Run the public checks on the bank, and print which wrong answers they let pass.

    Args:
        course: whose bank it is.
        question: a question, for its answers alone; "" for all.
        workers: how many processes there are.

    Returns:
        Whether they pass each right answer and catch enough wrong ones.

    Raises:
        CourseError: if an answer of the bank fits no cell.
    """
    from autograder.verify.public_checks import check_publicly
    from autograder.verify.public_table import show_public

    return _verify(
        "answers, by the public checks",
        show_public,
        lambda tell: check_publicly(course, question, workers, partial(tell, "answers")),
    )


def verify_mutants(course: Course, question: str, workers: int, kind: str) -> bool:
    """Run the mutants of the model answers, and print which of them keep their points.

    Args:
        course: whose answers they are.
        question: a question, for its answer alone; "" for all.
        workers: how many processes there are.
        kind: the kind of the rooms.

    Returns:
        Whether each mutant that changes anything loses points.

    Raises:
        WrongCall: if cosmic-ray, which makes them and which nothing else needs, is not installed.
    """
    try:
        from autograder.verify.mutants_judged import run_mutants
    except ModuleNotFoundError as missing:
        if missing.name != "cosmic_ray":
            raise
        raise WrongCall("--mutants: cosmic-ray is not installed; type: pip install cosmic-ray==8.7.0") from None
    return _verify(
        "mutants",
        show_mutants,
        lambda tell: run_mutants(course, question, SEED, workers, partial(tell, "mutants"), kind),
    )


def verify_seeds(course: Course, question: str, seeds: int, workers: int, kind: str) -> bool:
    """Judge the bank with many seeds, and print what came of it.

    Args:
        course: whose bank it is.
        question: a question, for its answers alone; "" for all.
        seeds: how many.
        workers: how many processes there are.
        kind: the kind of the rooms.

    Returns:
        Whether each verdict is the same with every seed.

    Raises:
        CourseError: if an answer of the bank fits no cell.
    """
    return _verify(
        f"answers, each with {seeds} seeds",
        show_repeated,
        lambda tell: repeat_bank(course, question, seeds, workers, partial(tell, "answers"), kind),
    )


def _verify(what: str, tell_of: Callable[[Found, Console], bool], run: Callable[[Tell], Found]) -> bool:
    """Run with a progress bar, print the table, and how many there were of what. Raises CourseError if none."""
    started = time.monotonic()
    with bars() as tell:
        found = run(tell)
    if not len(found):
        raise CourseError(f"there is nothing to verify: no {what}; see what stands in answers/ and questions/")
    good = tell_of(found, Console(highlight=False, width=None if sys.stdout.isatty() else 160))
    seconds = time.monotonic() - started
    print(f"{'verified' if good else 'NOT as it must be'}: {len(found)} {what} in {seconds:.0f} s")
    return good
