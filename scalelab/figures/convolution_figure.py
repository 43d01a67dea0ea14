"""Draws what notebook 2 counts: which channels a convolution joins, and how a network's cost grows with its sizes."""

from collections.abc import Callable

from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from scalelab.figures import plots

FACTORS = range(1, 9)
"""By what a size is multiplied."""

BASE = {"depth": 8, "width": 16, "resolution": 32}
"""The plain network that `show_cost_by_size` begins with."""


def show_groups(channels: int = 6) -> Figure:
    """Draw which input channels (left) an output channel (right) is computed from: with 1, with 2, with all groups."""
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 3.2), layout="constrained")
        for axes, groups in zip(figure.subplots(1, 3), (1, 2, channels), strict=True):
            size = channels // groups
            for source in range(channels):
                for target in range(source // size * size, source // size * size + size):
                    axes.plot([0, 1], [-source, -target], color="0.6", linewidth=1, marker="", zorder=1)
            for side, marker in ((0, "o"), (1, "s")):
                rows = range(0, -channels, -1)
                axes.scatter([side] * channels, rows, s=110, marker=marker, color=plots.COLOURS[side], zorder=2)
            axes.set_title(f"groups = {groups}" + (", depthwise" if groups == channels else ""))
            axes.axis("off")
        return plots.alt_text(
            figure,
            f"{channels} input channels on the left and {channels} output channels on the right of each drawing. With "
            "one group, lines join every input to every output. With two groups, the upper half is joined only to the "
            "upper half, and the lower to the lower. With as many groups as channels, each is joined to one.",
        )


def show_cost_by_size(network_macs: Callable[[int, int, int], float]) -> Figure:
    """Draw what a plain network costs as one of its sizes is multiplied by 1 to 8, on logarithmic axes.

    Args:
        network_macs: (depth, width, resolution) → multiply-adds. It is the student's own.
    """
    start = network_macs(*BASE.values())
    with plots.style():
        figure = Figure(figsize=(8, 4.6), layout="constrained")
        axes = figure.subplots()
        # The width's and the resolution's lines may lie upon each other: one has large marks, the other crosses.
        for name, line, size in zip(BASE, ("o-", "s-", "x--"), (6, 10, 7), strict=True):
            grown = [network_macs(*(BASE | {name: BASE[name] * factor}).values()) / start for factor in FACTORS]
            axes.loglog(FACTORS, grown, line, markersize=size, label=name)
        axes.set(xlabel="one size multiplied by", ylabel="multiply-adds multiplied by")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(LogLocator(base=2))
            axis.set_major_formatter("{x:g}")
            axis.set_minor_locator(NullLocator())
        axes.legend()
        return plots.alt_text(
            figure,
            "Growth of the multiply-adds of a plain network as depth, width or resolution is multiplied by 1 to 8, on "
            "logarithmic axes: straight lines.",
        )
