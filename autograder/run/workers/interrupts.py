"""Ctrl-C that nobody can swallow: nbgrader's API does, and so does whatever runs code while Python cleans up."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def noticed_interrupts() -> Iterator[Callable[[], None]]:
    """Give a function that raises KeyboardInterrupt if Ctrl-C was pressed inside, even if it was caught since.

    Where something else than Python's own handler listens, as in a process that ignores Ctrl-C, that stays.
    """
    pressed: list[int] = []

    def press(number: int, frame: object) -> None:
        pressed.append(number)
        raise KeyboardInterrupt

    def notice() -> None:
        if pressed:
            raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield notice
        return
    signal.signal(signal.SIGINT, press)
    try:
        yield notice
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
