"""Waits for a gradebook that does not answer, and goes on when it is back: what was judged must not be lost by it."""

import time
from collections.abc import Callable
from typing import TypeVar

from autograder.errors import GradebookTrouble

LIMIT_SECONDS = 2 * 3600
"""How long a run waits before it ends. What was judged is kept then, too."""

BETWEEN_TRIES = 1.0
"""Seconds."""

TRIES_AGAINST_OTHERS = 8
"""How often something is tried while others keep changing the same."""

EACH_SECONDS = 30
"""Between two lines that tell of waiting, where no progress bar is seen."""

Waiting = Callable[[str, float, bool], None]
"""Called with the reason, the seconds that were waited so far, and whether the gradebook is back."""

T = TypeVar("T")


class WaitingLines:
    """What is said of a gradebook that does not answer: at once, each half a minute, and when it is back."""

    def __init__(self) -> None:
        self._next = 0.0

    def line(self, reason: str, seconds: float, is_back: bool) -> str:
        """The line for now; "" if there is nothing new to say.

        Args:
            reason: what the database said, in short.
            seconds: that were waited so far.
            is_back: whether the gradebook has answered again.
        """
        if is_back:
            self._next = 0.0
            return f"the gradebook is back after {seconds:.0f} s; going on"
        if seconds < self._next:
            return ""
        self._next = (self._next or 0.0) + EACH_SECONDS
        return f"the gradebook does not answer ({reason}); waiting for it since {seconds:.0f} s. Ctrl-C ends the run"


class Patience:
    """Does something with a gradebook as often as it takes.

    Args:
        tell: called each second while the gradebook does not answer, and once when it is back.
        limit: seconds, after which waiting ends.
    """

    def __init__(self, tell: Waiting = lambda *_: None, limit: float = LIMIT_SECONDS):
        self._tell, self._limit = tell, limit

    def __call__(self, action: Callable[[], T], troubles: Callable[[], list[BaseException]] = list) -> T:
        """What `action` gives, which is all done or not at all each time.

        Args:
            action: what is to be done.
            troubles: gives what the database has raised while it was done, if somebody caught it.

        Raises:
            GradebookTrouble: if the gradebook stays away, or refuses to be written to.
            Exception: whatever `action` raises for other reasons.
        """
        began, reason, conflicts = 0.0, "", 0
        while True:
            try:
                done = action()
            except Exception as problem:
                from autograder.engines.database_trouble import Kind, kind_of_trouble  # imports SQLAlchemy

                kind, said = kind_of_trouble(problem, troubles()) or (None, "")
                if kind is Kind.REFUSES:
                    raise GradebookTrouble(f"the gradebook cannot be written to ({said}); {GOES_ON}") from problem
                if kind is Kind.CONFLICT and (conflicts := conflicts + 1) < TRIES_AGAINST_OTHERS:
                    time.sleep(0.05 * conflicts)
                    continue
                if kind is not Kind.AWAY:
                    raise
                began, reason = began or time.monotonic(), said
            else:
                if began:
                    self._tell(reason, time.monotonic() - began, True)
                return done
            waited = time.monotonic() - began
            if waited >= self._limit:
                raise GradebookTrouble(f"the gradebook has not answered for {waited:.0f} seconds ({reason}); {GOES_ON}")
            self._tell(reason, waited, False)
            time.sleep(BETWEEN_TRIES)


GOES_ON = "what was judged is kept, and nothing else was written: the same command goes on from there"
