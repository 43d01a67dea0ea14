"""Work in a process of its own, which has no threads and so can be forked, with what answers import already there."""

import os
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from autograder.course import Course, load_course


def told_by(target: Callable[..., None], arguments: tuple[Any, ...], expected: int) -> Iterator[Any]:
    """What a function sends, one by one, until it ends.

    Args:
        target: called in the new process with `arguments` and a connection to send through.
        arguments: what can be pickled.
        expected: how many things it is to send.

    Raises:
        RuntimeError: if it ends before.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*arguments, theirs))
    process.start()
    theirs.close()
    sent = 0
    try:
        while True:
            yield ours.recv()
            sent += 1
    except EOFError:
        process.join()
    finally:
        process.terminate()
    if sent != expected:
        raise RuntimeError(f"answers ran until {sent} of {expected}, and ended with status {process.exitcode}")


def course_for_forks(folder: Path, modules: Callable[[Course], Iterable[str]]) -> Course:
    """The course, with modules imported that take seconds; called first in the new process.

    Args:
        folder: of the course.
        modules: which ones, by the course.
    """
    os.environ["OMP_NUM_THREADS"] = "1"  # before anything imports torch or numpy: a fork keeps no threads
    os.environ["MPLBACKEND"] = "agg"
    course = load_course(folder)
    for module in modules(course):
        import_module(module)
    return course
