"""What a request to a room may take: CPU time of all the room's processes, and behind it a wider limit by the clock.

A busy machine makes code wait for a processor, which costs no CPU time. Code that sleeps meets the limit by the clock.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

QUICK = 0.25
"""Seconds by the clock that count in full. Most requests take less, and their CPU time is never asked for."""

LEAST_STEP = 0.05
"""Seconds between two looks at the CPU time."""

MOSTLY = 0.8
"""The part of the time by the clock in which code that did not sleep ran or waited for a processor."""

OFTEN = 0.5
"""The part of it in which code that was starved waited for one."""


@dataclass(frozen=True)
class Times:
    """Seconds. cpu: that the processes of a room have run. waited: that they were ready to run and had no processor."""

    cpu: float = 0.0
    waited: float = 0.0

    def __sub__(self, other: "Times") -> "Times":
        return Times(self.cpu - other.cpu, self.waited - other.waited)

    def __add__(self, other: "Times") -> "Times":
        return Times(self.cpu + other.cpu, self.waited + other.waited)


@dataclass(frozen=True)
class Allowed:
    """Seconds that something may take: of CPU time, and by the clock."""

    cpu: float
    clock: float

    @property
    def used_up(self) -> bool:
        """Whether nothing is left of one of them."""
        return self.cpu <= 0 or self.clock <= 0

    def at_most(self, other: "Allowed") -> "Allowed":
        """The less of both, and a little at least, so that a quick request can end."""
        return Allowed(max(0.1, min(self.cpu, other.cpu)), max(0.1, min(self.clock, other.clock)))


def was_starved(used: Times, clock: float) -> bool:
    """Whether code got too little of a processor, and did not sleep.

    Args:
        used: CPU time, and the time that it waited for a processor, in seconds.
        clock: seconds that it took by the clock.
    """
    return used.waited >= OFTEN * clock and used.cpu + used.waited >= MOSTLY * clock


class Meter:
    """The time of one request, from now on. It looks at the CPU time as seldom as it can.

    Args:
        allowed: what it may take.
        look: says what the room has used since it was opened, or None if that is not known.
    """

    def __init__(self, allowed: Allowed, look: Callable[[], Times | None]):
        self._allowed = allowed
        self._look = look
        self._started = time.monotonic()
        self._next = min(QUICK, allowed.cpu, allowed.clock)
        self._first: tuple[float, Times, float] | None = None
        self.used = Times()
        self.starved = False
        """Whether it has too little of a processor, as far as that was measured."""

    @property
    def clock(self) -> float:
        """Seconds since it began, but for those in which it stood still."""
        return time.monotonic() - self._started

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Around what the judge itself does while the room waits for it."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._started += time.monotonic() - began

    def left(self) -> float:
        """Seconds that can be waited until this is to be asked again; 0 if the time is up."""
        clock = self.clock
        if clock < self._next:
            return self._next - clock
        self._measure(clock)
        left = Allowed(self._allowed.cpu - self.used.cpu, self._allowed.clock - clock)
        if left.used_up:
            return 0.0
        step = max(LEAST_STEP, min(left.cpu / (os.cpu_count() or 1), left.clock))
        self._next = clock + step
        return step

    def _measure(self, clock: float) -> None:
        seen = self._look()
        if seen is None:
            return
        if self._first is None:
            # The template answers late where it has to wait for a processor as well: measured is from its answer on.
            self._first = clock, seen, self.clock
            self.used = Times(cpu=clock)
            return
        before, first, began = self._first
        measured = seen - first
        self.used = Times(cpu=before) + measured
        self.starved = self.used.cpu < self._allowed.cpu and was_starved(measured, clock - began)
