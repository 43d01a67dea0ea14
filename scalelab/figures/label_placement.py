"""Puts labels beside the points of a plot so that none hides another, a point, or a line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox

DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
DISTANCES = (5, 7, 9, 14, 20, 27)
"""Points between the middle of a marker and its label, nearest first."""

LED, NEAR = 14, 9
"""Points: a label has a line to its point where it is further off than NEAR, or aslant with its middle beyond LED."""

MARGIN = 1.0
"""Pixels that stay free around a label."""

CROSSING = 0.6
"""How much worse a place gets by each bit of a line that it hides. One step further away costs 1."""

HALO = (withStroke(linewidth=2, foreground="white"),)
"""Around each label, so that it can be read on top of a line."""


@dataclass(frozen=True)
class Label:
    """A text for the point (x, y), in the units of the axes. style: keywords of matplotlib's text."""

    x: float
    y: float
    text: str
    style: dict = field(default_factory=dict)


def place_labels(
    axes: Axes, labels: Iterable[Label], points: Sequence[tuple[float, float]], radii: Sequence[float] | None = None
) -> list[Text]:
    """Write each label where it fits, the first ones first; those for which there is no room are left out.

    The axes' lines are kept free where that is possible. Call it last: limits, scales and the figure's layout must not
    change any more.

    Args:
        axes: with all markers and lines drawn.
        labels: where they belong, in the units of the axes.
        points: the middles of all markers, in the units of the axes.
        radii: of these, in points of a page; None for 4 each.

    Returns:
        The labels that were written.
    """
    figure = axes.figure.figure
    figure.draw_without_rendering()
    scale = figure.dpi / 72
    middles = axes.transData.transform(np.asarray(points, float))
    reaches = [4.0] * len(points) if radii is None else radii
    taken = [_box_around(middle, 0.9 * reach * scale) for middle, reach in zip(middles, reaches, strict=True)]
    bits = _bits_of_lines(axes)
    frame = axes.get_window_extent()
    placed = []
    for label in labels:
        text = axes.annotate(
            label.text, (label.x, label.y), (0, 0), textcoords="offset points", annotation_clip=False, **label.style
        )
        size = text.get_window_extent()
        centre = axes.transData.transform((label.x, label.y))
        best = _best_place(centre, size.width, size.height, scale, taken, bits, frame)
        text.remove()
        if best is not None:
            offset, distance, box = best
            taken.append(box)
            placed.append(_write(axes, label, offset, distance))
    return placed


def _best_place(centre, width, height, scale, taken, bits, frame) -> tuple[tuple[float, float], float, Bbox] | None:
    """The best free place: its middle as an offset from the point, its distance (both in points), its box in pixels."""
    best, lowest = None, np.inf
    for step, distance in enumerate(DISTANCES):
        for turn, (right, up) in enumerate(DIRECTIONS):
            reach = distance * scale * (0.75 if right and up else 1)
            x = centre[0] + right * (reach + width / 2)
            y = centre[1] + up * (reach + height / 2)
            box = Bbox.from_extents(x - width / 2, y - height / 2, x + width / 2, y + height / 2).padded(MARGIN)
            if not _inside(box, frame) or any(box.overlaps(other) for other in taken):
                continue
            crossed = bits[
                (box.x0 < bits[:, 0]) & (bits[:, 0] < box.x1) & (box.y0 < bits[:, 1]) & (bits[:, 1] < box.y1)
            ]
            badness = step + 0.01 * turn + CROSSING * len(crossed)
            if badness < lowest:
                offset = ((x - centre[0]) / scale, (y - centre[1]) / scale)
                best, lowest = (offset, distance, box), badness
    return best


def _write(axes: Axes, label: Label, offset: tuple[float, float], distance: float) -> Text:
    aslant = abs(offset[0]) > 0.5 and abs(offset[1]) > 0.5 and np.hypot(*offset) > LED
    far = distance > NEAR or aslant
    line = {"arrowstyle": "-", "linewidth": 0.6, "color": "0.55", "shrinkA": 0, "shrinkB": 2} if far else None
    return axes.annotate(
        label.text, (label.x, label.y), offset, textcoords="offset points", ha="center", va="center",
        arrowprops=line, annotation_clip=False, path_effects=HALO, **label.style,
    )  # fmt: skip


def _bits_of_lines(axes: Axes, apart: float = 6.0) -> np.ndarray:
    """Places on the lines of the axes, `apart` pixels from each other: [N, 2], in pixels."""
    bits = [np.empty((0, 2))]
    for line in axes.get_lines():
        corners = line.get_transform().transform(line.get_xydata())
        for start, end in pairwise(corners):
            if line.get_linestyle() != "None" and np.isfinite([start, end]).all():
                count = max(2, int(np.hypot(*(end - start)) / apart) + 1)
                bits.append(np.linspace(start, end, min(count, 2000)))
    return np.concatenate(bits)


def _box_around(centre: np.ndarray, reach: float) -> Bbox:
    return Bbox.from_extents(*(centre - reach), *(centre + reach))


def _inside(box: Bbox, frame: Bbox) -> bool:
    return frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
