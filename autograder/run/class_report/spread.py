"""How numbers of a class are spread, and whether a question tells strong students from weak ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, quantiles

ENOUGH_FOR_CORRELATION = 10
"""Of fewer students a correlation says nothing."""


@dataclass(frozen=True)
class Spread:
    """Numbers of a class. first and third: quartiles, between which half of the class is."""

    count: int
    low: float
    first: float
    median: float
    third: float
    high: float
    mean: float


def spread_of(values: Iterable[float]) -> Spread | None:
    """The spread of some numbers; None if there are none."""
    numbers = sorted(values)
    if not numbers:
        return None
    first, median, third = quantiles(numbers, n=4, method="inclusive") if len(numbers) > 1 else numbers * 3
    return Spread(len(numbers), numbers[0], first, median, third, numbers[-1], fmean(numbers))


def item_rest(scores: Sequence[float], totals: Sequence[float]) -> float | None:
    """A question's discrimination: the correlation of its points with the points of all other questions.

    Args:
        scores: the points of one question, a number for each student.
        totals: of the same students, the points of all questions, this one included.

    Returns:
        Between -1 and 1. None if there are too few students, or all have the same points here or elsewhere.
    """
    if len(scores) < ENOUGH_FOR_CORRELATION:
        return None
    rests = [total - score for score, total in zip(scores, totals, strict=True)]
    mean, mean_of_rest = fmean(scores), fmean(rests)
    own = sum((score - mean) ** 2 for score in scores)
    others = sum((rest - mean_of_rest) ** 2 for rest in rests)
    if own < 1e-9 or others < 1e-9:
        return None
    both = sum((score - mean) * (rest - mean_of_rest) for score, rest in zip(scores, rests, strict=True))
    return both / sqrt(own * others)
