"""Progress bars on the terminal, for whatever takes a while and counts as it goes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.terminal import console

Tell = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and of how many."""


@contextmanager
def bars(transient: bool = True) -> Iterator[Tell]:
    """Bars, made as they are first told of. A context manager.

    Args:
        transient: whether they disappear when all is done.
    """
    with progress_bars(transient) as progress:
        known = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in known:
                known[what] = progress.add_task(what)
            progress.update(known[what], completed=done, total=total)

        yield tell


def progress_bars(transient: bool = True) -> Progress:
    """rich's own, as all commands show them."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    nowhere = transient and not console.is_terminal  # where all that would stay of them is an empty line
    return Progress(*columns, console=console, transient=transient, disable=nowhere)
