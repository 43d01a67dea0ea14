"""The bar of a run: how far it is, and how much time is left of it."""

import time

from tqdm.auto import tqdm

EVERY = 0.2
"""Seconds between two looks."""

FORM = "{desc}: {percentage:3.0f}%|{bar}| "
"""tqdm's own would tell seconds by steps, and a run may end by its budget of seconds."""


class Bar:
    """Shows how much of the budget is used up, whichever of steps and seconds it ends by.

    Args:
        name: the run's.
        progress: the share of the budget that is used up already.
        show: whether there is anything to see.
    """

    def __init__(self, name: str, progress: float, show: bool):
        self._drawn = 0.0
        self._bar = tqdm(total=1.0, initial=progress, desc=name, disable=not show, bar_format=FORM)

    @property
    def is_due(self) -> bool:
        """Whether it was last drawn some time ago."""
        return not self._bar.disable and time.monotonic() - self._drawn > EVERY

    def show(self, progress: float, left: float | None, figures: dict[str, str]) -> None:
        """Draw it.

        Args:
            progress: the share of the budget that is used up.
            left: seconds until the end; None while nothing is known of it.
            figures: name → what to say of it.
        """
        if self._bar.disable:
            return
        self._drawn = time.monotonic()
        rest = {} if left is None else {"left": _clock(left)}
        self._bar.n = min(1.0, progress)
        self._bar.bar_format = FORM + ", ".join(f"{name} {text}" for name, text in (figures | rest).items())
        self._bar.refresh()

    def close(self) -> None:
        """Leave it as it is."""
        self._bar.close()


def seconds_left(progress: float, began: float, elapsed: float) -> float | None:
    """How long the rest takes if it goes on like this.

    Args:
        progress: the share of the steps that is done.
        began: the share that was done when the clock was started.
        elapsed: seconds on the clock.
    """
    return elapsed * (1 - progress) / (progress - began) if progress > began else None


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
