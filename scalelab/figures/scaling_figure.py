"""Draws what growing a network in four ways does to its accuracy, at equal cost."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from scalelab.comparison import NoResults
from scalelab.figures import plots
from scalelab.figures.comparison_looks import amount
from scalelab.scaling import WAYS, Point, points, runs, times

COLOURS = {"depth": plots.ORANGE, "width": plots.GREEN, "resolution": plots.PURPLE, "compound": plots.BLUE}
MARKERS = {"depth": "s", "width": "^", "resolution": "D", "compound": "o"}
NAMES = {
    "depth": "depth alone",
    "width": "width alone",
    "resolution": "resolution alone",
    "compound": "all three (compound)",
}
OWN = "*"
"""The marker of networks that were grown in none of the four ways."""

Costs = dict[tuple[str, int], float]
"""What a network costs: (config, factor) → multiply-adds, or seconds."""


def show_scaling(*own: dict, sample: bool = False) -> Figure:
    """Draw the course's own experiment: accuracy against cost and, if it was measured, against time.

    Args:
        own: Networks of one's own, as scalelab.one_more.train gives them; each is a star.
        sample: Draw the runs on the sample instead of those on all of CIFAR-10. Only on the sample are networks of
            one's own comparable with the others.

    Raises:
        NoResults: If no network has been trained.
    """
    found = runs(sample)
    images = "the sample" if sample else "CIFAR-10"
    seeds = len({run["seed"] for run in found})
    passes = max(run["epochs"] for run in found)
    title = f"Four ways to grow ({passes} passes over {images}, {seeds} seed{'s' * (seeds > 1)})"
    return draw_scaling([*found, *own], [] if sample or own else _measured(), title)


def _measured() -> list[dict]:
    try:
        return times()
    except NoResults:
        return []


def draw_scaling(trained: Sequence[dict], measured: Sequence[dict] = (), title: str = "") -> Figure:
    """Accuracy against multiply-adds, a line for each way to grow; all four start at the base.

    Args:
        trained: as scalelab.scaling.runs() has them. A run whose config is neither "base" nor one of
            scalelab.scaling.WAYS is drawn as a star with that name. A vertical bar reaches from the lowest to the
            highest seed.
        measured: as scalelab.scaling.times() has them; if there are any, a second plot has the measured time of a
            training step. A network without a time is left out of it.
        title: of the figure; "" for none.
    """
    drawn = points(trained)
    with plots.style():
        panels = 2 if measured else 1
        figure = Figure(figsize=(plots.WIDTH if measured else 7.0, 4.6), layout="constrained")
        if title:
            figure.suptitle(title, x=0.01, ha="left", fontsize=13, weight="bold")
        if not drawn:
            figure.text(0.5, 0.5, "no results yet", ha="center", color=plots.MUTED)
            return plots.alt_text(figure, "An empty figure: there are no results yet.")
        axes = figure.subplots(1, panels, sharey=True, squeeze=False)[0]
        _draw(axes[0], drawn, {(point.config, point.factor): point.macs for point in drawn})
        _scale(axes[0], "macs", "multiply-adds for one image")
        if measured:
            _draw(axes[1], drawn, {(time["config"], time["factor"]): time["step_ratio"] for time in measured})
            _scale(axes[1], "ratio", "time of a training step (base = 1)")
        axes[0].set_ylabel("accuracy on the test images (%)")
        figure.legend(
            *axes[0].get_legend_handles_labels(),
            loc="outside lower left",
            ncols=5,
            columnspacing=1.2,
            handletextpad=0.4,
        )
        return plots.alt_text(figure, _description(drawn, bool(measured)))


def _draw(axes: Axes, drawn: list[Point], costs: Costs) -> None:
    known = [point for point in drawn if (point.config, point.factor) in costs]
    base = [point for point in known if point.config == "base"]
    _marks(axes, base, costs, plots.INK, "o", "base")
    for way in WAYS:
        grown = sorted((point for point in known if point.config == way), key=lambda point: point.factor)
        line = [*base, *grown] if grown else []
        width = 2.4 if way == "compound" else 1.6
        places = [costs[point.config, point.factor] for point in line]
        axes.plot(places, [p.accuracy for p in line], "-", marker="", color=COLOURS[way], linewidth=width, zorder=2)
        _marks(axes, grown, costs, COLOURS[way], MARKERS[way], NAMES[way])
    if any(point.interpolated for point in known):
        hollow: dict[str, Any] = {"marker": "o", "linestyle": "none", "color": plots.INK, "markerfacecolor": "white"}
        axes.plot([], [], **hollow, label="hollow: above 32 px, interpolated")
    others = [point for point in known if point.config not in ("base", *WAYS)]
    for index, point in enumerate(others):
        _marks(axes, [point], costs, plots.COLOURS[4 + index % 2], OWN, point.config, size=13)


def _marks(
    axes: Axes, alike: list[Point], costs: Costs, colour: str, marker: str, name: str, size: float = 6.5
) -> None:
    """A marker for each mean, hollow if the images are interpolated, and a bar from the lowest to the highest seed."""
    for index, point in enumerate(alike):
        place = costs[point.config, point.factor]
        if point.seeds > 1:
            bar = [[point.accuracy - point.lowest], [point.highest - point.accuracy]]
            axes.errorbar(place, point.accuracy, bar, fmt="none", ecolor=colour, elinewidth=1.4, capsize=5, zorder=3)
        face, edge = ("white", colour) if point.interpolated else (colour, "white")
        look: dict[str, Any] = {"color": colour, "markerfacecolor": face, "markeredgecolor": edge, "markersize": size}
        if index == 0:
            look["label"] = name
        axes.plot(place, point.accuracy, linestyle="none", marker=marker, zorder=4, **look)


def _scale(axes: Axes, cost: str, name: str) -> None:
    """A logarithmic axis, whose ticks double."""
    axes.set_xscale("log", base=2)
    axes.margins(x=0.08, y=0.1)
    low, high = axes.get_xlim()
    unit = 0.75e6 if cost == "macs" else 1.0
    ticks = [unit * 2**step for step in range(-2, 12) if low <= unit * 2**step <= high]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    written = (lambda value, _: amount(value, "macs")) if cost == "macs" else (lambda value, _: f"× {value:g}")
    axes.xaxis.set_major_formatter(FuncFormatter(written))
    axes.set_xlabel(name)


def _description(drawn: list[Point], timed: bool) -> str:
    said = [f"Accuracy against multiply-adds, networks: {len(drawn)}" + (", and against time." if timed else ".")]
    said += [
        f"The base has {point.accuracy:.1f} percent with {amount(point.macs, 'macs')}." for point in drawn
        if point.config == "base"
    ]  # fmt: skip
    for way in WAYS:
        grown = [point for point in drawn if point.config == way]
        if grown:
            last = max(grown, key=lambda point: point.factor)
            said.append(f"{NAMES[way].capitalize()}: {last.accuracy:.1f} percent with {amount(last.macs, 'macs')}.")
    seeds = [point.seeds for point in drawn if point.config in ("base", *WAYS)]
    fewest, most = min(seeds, default=1), max(seeds, default=1)
    said.append(f"Runs of each, of which the mean is drawn: {fewest if fewest == most else f'{fewest} to {most}'}.")
    return " ".join(said)
