"""Progress bars on the terminal, for whatever takes a while and counts as it goes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Tell = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and of how many."""


@contextmanager
def bars(transient: bool = True) -> Iterator[Tell]:
    """Bars, made as they are first told of. A context manager.

    Args:
        transient: whether they disappear when all is done.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    nowhere = transient and not console.is_terminal  # where all that would stay of them is an empty line
    with Progress(*columns, console=console, transient=transient, disable=nowhere) as progress:
        known = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in known:
                known[what] = progress.add_task(what)
            progress.update(known[what], completed=done, total=total)

        yield tell
