"""How far a run is, and the learning rate that goes with it."""

import math


def learning_rate(progress: float, peak: float, warmup: float) -> float:
    """A straight line up to `peak`, then half a cosine down to 0.

    Goyal et al. 2017, section 2.2, for the warm-up; Loshchilov & Hutter 2017 for the cosine.

    Args:
        progress: 0 at the start of training, 1 at its end.
        peak: the highest learning rate.
        warmup: the share of training in which it goes up.
    """
    if progress < warmup:
        return peak * progress / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warmup) / (1 - warmup))))


def progress_of(step: int, steps: int, elapsed: float, seconds: float | None) -> float:
    """How much of the budget is used up, from 0 to 1: of the steps or of the time, whichever is further on.

    Args:
        step: how many steps were taken.
        steps: how many there are in all.
        elapsed: seconds since training began.
        seconds: that training may take; None for as long as the steps need.
    """
    by_time = 0.0 if seconds is None else elapsed / seconds
    return min(1.0, max(step / steps, by_time))
