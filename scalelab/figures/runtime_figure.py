"""Draws the time that networks take against what was counted of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from scalelab.figures import plots
from scalelab.figures.comparison_looks import COSTS, LOOKS, amount, look_of, scale_cost, short_name
from scalelab.figures.label_placement import Label, place_labels


def draw_times(networks: list[dict], costs: Sequence[str] = ("parameters", "macs", "activations")) -> Figure:
    """Seconds for one image against each of `costs`, one plot for each cost, all axes logarithmic.

    The dashed line is where all would lie if the time were so many seconds for each unit of the cost: a network above
    it is slower than its count says, one below it faster.

    Args:
        networks: as of scalelab.comparison, with seconds.
        costs: keys of COSTS that every network has.
    """
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 4.6), layout="constrained")
        panels = figure.subplots(1, len(costs), sharey=True, squeeze=False)[0]
        for axes, cost in zip(panels, costs, strict=True):
            _draw(axes, networks, cost)
        panels[0].set_ylabel(COSTS["seconds"])
        panels[0].yaxis.set_major_locator(LogLocator(base=10, subs=(1.0, 2.0, 5.0)))
        panels[0].yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "seconds")))
        panels[0].yaxis.set_minor_locator(NullLocator())
        handles, names = _legend(networks)
        figure.legend(handles, names, loc="outside lower left", ncols=5, columnspacing=1.2, handletextpad=0.4)
        for axes, cost in zip(panels, costs, strict=True):
            labels = [
                Label(network[cost], network["seconds"], short_name(network["name"]), {"fontsize": 7})
                for network in networks
            ]
            place_labels(axes, labels, [(network[cost], network["seconds"]) for network in networks])
        return plots.alt_text(figure, _description(networks, costs))


def _draw(axes: Axes, networks: list[dict], cost: str) -> None:
    for network in networks:
        look = look_of(network)
        mark: dict[str, Any] = {
            "marker": look.marker,
            "markersize": look.size,
            "color": look.colour,
        }
        axes.plot(network[cost], network["seconds"], linestyle="none", markeredgecolor="white", **mark, zorder=3)
    ends = np.array([min(network[cost] for network in networks), max(network[cost] for network in networks)])
    axes.plot(ends, _typical(networks, cost) * ends, "--", marker="", color=plots.MUTED, linewidth=1, zorder=1)
    axes.set_yscale("log")
    scale_cost(axes, cost, ticks=(1.0,))
    axes.margins(x=0.12)


def _typical(networks: list[dict], cost: str) -> float:
    """Seconds for each unit of the cost, of the network in the middle."""
    return float(np.median([network["seconds"] / network[cost] for network in networks]))


def _legend(networks: list[dict]) -> tuple[list, list[str]]:
    looks = [look for look in LOOKS if any(look_of(network) is look for network in networks)]
    marks = [Line2D([], [], linestyle="none", marker=look.marker, color=look.colour) for look in looks]
    dashed = Line2D([], [], linestyle="--", marker="", color=plots.MUTED, linewidth=1)
    return [*marks, dashed], [*(look.name for look in looks), "proportional"]


def _description(networks: list[dict], costs: Sequence[str]) -> str:
    slowest, fastest = (pick(networks, key=lambda one: one["seconds"]) for pick in (max, min))
    spread = []
    for cost in costs:
        rates = sorted(network["seconds"] / network[cost] for network in networks)
        spread.append(f"{rates[-1] / rates[0]:.0f} for {cost}")
    return (
        f"Time for one image of {len(networks)} networks against {', '.join(COSTS[cost] for cost in costs)}, on "
        f"logarithmic axes. It goes from {amount(fastest['seconds'], 'seconds')} ({fastest['name']}) to "
        f"{amount(slowest['seconds'], 'seconds')} ({slowest['name']}). The time for one unit of a count differs "
        f"between networks by a factor of up to {', '.join(spread)}."
    )
