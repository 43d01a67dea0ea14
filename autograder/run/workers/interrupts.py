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
    except Exception as problem:  # what was interrupted may end in an error of its own
        if pressed:
            raise KeyboardInterrupt from problem
        raise
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def holding_interrupts() -> Iterator[None]:
    """Have Ctrl-C wait until the end of this context, and not reach a process that is started in it.

    Such a process stays deaf to it, and with it all that are forked from it: it is for us to end them.
    """
    pressed: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # of this thread alone, and of what it starts
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
        if pressed:
            signal.raise_signal(signal.SIGINT)
