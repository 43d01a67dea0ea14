"""The report's pictures, as numbers: where each bar and line of them stands. The template draws them as SVG."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from autograder.run.class_report.spread import Spread

MOST_BINS = 20


@dataclass(frozen=True)
class Bar:
    """A bar of a distribution. label: its points, from and to. place, width, height: shares of the picture."""

    label: str
    count: int
    place: float
    width: float
    height: float


@dataclass(frozen=True)
class Box:
    """A box plot: shares of the whole width."""

    low: float
    first: float
    median: float
    third: float
    high: float


@dataclass(frozen=True)
class Segment:
    """A part of a stacked bar. place, width: shares of the whole width."""

    name: str
    count: int
    place: float
    width: float


def distribution(values: Iterable[float], most: float) -> tuple[Bar, ...]:
    """How many students have how many points, in steps of whole points; whoever has all stands in the last one.

    Args:
        values: the points of each student. Those below 0 or above `most` count in the first or the last bar.
        most: the points that there are.

    Returns:
        At most MOST_BINS bars, from low to high, those of nobody as well.
    """
    step = max(1, ceil(most / MOST_BINS))
    last = max(ceil(most / step), 1) - 1
    counts = Counter(min(max(int(value / step), 0), last) for value in values)
    tallest, width = max(counts.values(), default=1), 1 / (last + 1)
    return tuple(
        Bar(f"{step * place}–{step * (place + 1)}", counts[place], place * width, width, counts[place] / tallest)
        for place in range(last + 1)
    )


def box_of(spread: Spread | None, most: float) -> Box | None:
    """A box plot of a spread; None if there is nothing to draw.

    Args:
        spread: of points; None if nobody has any.
        most: the points at the right end of the scale, which begins at 0.
    """
    if spread is None or most <= 0:
        return None
    numbers = (spread.low, spread.first, spread.median, spread.third, spread.high)
    return Box(*(min(max(number / most, 0.0), 1.0) for number in numbers))


def stacked(counts: Sequence[tuple[str, int]]) -> tuple[Segment, ...]:
    """Counts beside each other, as shares of all."""
    total = sum(count for _, count in counts)
    segments, place = [], 0.0
    for name, count in counts:
        segments.append(Segment(name, count, place, count / total))
        place += count / total
    return tuple(segments)
