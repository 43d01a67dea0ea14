"""What all requests for a question, or for a notebook, may take together."""

from typing import Protocol

from autograder.room import Allowed, Times, was_starved


class Clocked(Protocol):
    """What a budget is of: a session."""

    @property
    def clock(self) -> float:
        """Seconds by the clock."""

    def times(self) -> Times:
        """What was used, measured now."""


class Budget:
    """Time from now on. It measures CPU time only where the clock says that it may be used up.

    Args:
        spender: whose time it is.
        allowed: all of it.
    """

    def __init__(self, spender: Clocked, allowed: Allowed):
        self._spender = spender
        self._allowed = allowed
        self._first: Times | None = None
        self._began = 0.0
        self._measured = 0.0
        self._used = Times()

    def begin(self) -> "Budget":
        """Count from now on, and not from when the spender was made."""
        self._first = self._spender.times()
        self._began = self._measured = self._spender.clock
        return self

    def left(self, wanted: float) -> Allowed:
        """What is left. It is measured where it could be less than is wanted, in seconds of CPU time."""
        if self._estimate() <= wanted and self._spender.clock > self._measured:
            self._used = self._spender.times() - (self._first or Times())
            self._measured = self._spender.clock
        return Allowed(self._estimate(), self._allowed.clock - self._clock)

    @property
    def starved(self) -> bool:
        """Whether it is used up by the clock alone, for want of a processor."""
        self._used = self._spender.times() - (self._first or Times())
        return self._used.cpu < self._allowed.cpu and was_starved(self._used, self._clock)

    @property
    def _clock(self) -> float:
        return self._spender.clock - self._began

    def _estimate(self) -> float:
        """CPU time left if all time by the clock since the last measuring was CPU time."""
        return self._allowed.cpu - self._used.cpu - (self._spender.clock - self._measured)
