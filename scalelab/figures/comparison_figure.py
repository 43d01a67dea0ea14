"""Draws networks as points: accuracy against what they cost. Families differ in colour and in shape."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scalelab.figures import plots
from scalelab.figures.comparison_looks import COSTS, LOOKS, look_of, scale_cost, short_name
from scalelab.figures.label_placement import Label, place_labels

MAX_NAMED = 16
"""A figure of up to this many networks names each of them."""

LANDMARKS = ("resnet18", "resnet50", "vgg16_bn", "mobilenet_v2")
"""Networks that people know, and look for: they have their names also among many."""

FRONT, RING = "Pareto front", 11
"""What the legend calls the front, and the size of the rings on it, in points."""

Front = Callable[[list[tuple[float, float]]], Sequence[int]]


def compare(
    networks: list[dict], costs: Sequence[str] = ("macs",), front: Front | None = None, title: str = ""
) -> Figure:
    """Accuracy against each of `costs`, one plot for each cost, on a logarithmic axis; EfficientNets joined by a line.

    Args:
        networks: as of scalelab.comparison. A bar goes from the lowest to the highest accuracy of those that were
            trained with several seeds.
        costs: keys of COSTS that every network has.
        front: a function from a list of (cost, accuracy) to the indices of the points on the Pareto front. If it is
            given, these are ringed and joined by steps: all below and right of the steps is dominated.
        title: of the figure; "" for none.
    """
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 6.0 if len(costs) == 1 else 5.0), layout="constrained")
        if title:
            figure.suptitle(title, x=0.01, ha="left", fontsize=13, weight="bold")
        if not networks:
            figure.text(0.5, 0.5, "no results yet", ha="center", color=plots.MUTED)
            return plots.alt_text(figure, "An empty figure: there are no results yet.")
        panels = figure.subplots(1, len(costs), sharey=True, squeeze=False)[0]
        fronts = {cost: _front_of(networks, cost, front) for cost in costs}
        for axes, cost in zip(panels, costs, strict=True):
            _draw_spread(axes, networks, cost)
            _draw_points(axes, networks, cost)
            _draw_front(axes, networks, cost, fronts[cost])
            scale_cost(axes, cost, ticks=(1.0, 2.0, 5.0) if len(costs) == 1 else (1.0,))
            if len(networks) <= MAX_NAMED:
                axes.margins(y=0.12)  # room for names below the lowest points
        panels[0].set_ylabel("accuracy (%)")
        figure.legend(*_legend(panels[0]), loc="outside lower left", ncols=5, columnspacing=1.2, handletextpad=0.4)
        for axes, cost in zip(panels, costs, strict=True):
            named = (
                networks if len(networks) <= MAX_NAMED else _named(networks, cost, fronts[cost], alone=len(costs) == 1)
            )
            _label(axes, networks, cost, named, fronts[cost])
        return plots.alt_text(figure, _description(networks, costs, fronts, front is not None))


# ---- one plot


def _front_of(networks: list[dict], cost: str, front: Front | None) -> list[dict]:
    indices = front([(network[cost], network["accuracy"]) for network in networks]) if front else []
    return [networks[index] for index in indices]


def _draw_spread(axes: Axes, networks: list[dict], cost: str) -> None:
    """Bars from the lowest to the highest accuracy of several seeds."""
    for network in networks:
        if network.get("seeds", 1) > 1:
            ends = [network["lowest"], network["highest"]]
            axes.plot(
                [network[cost]] * 2,
                ends,
                "-",
                marker="_",
                markersize=6,
                linewidth=1.2,
                color=look_of(network).colour,
                zorder=3,
            )


def _draw_points(axes: Axes, networks: list[dict], cost: str) -> None:
    for look in reversed(LOOKS):  # EfficientNet last, so that no other point lies upon it
        # By multiply-adds, so that the line goes from the smallest to the largest, whatever the axis is.
        group = sorted((network for network in networks if look_of(network) is look), key=lambda one: one["macs"])
        if group:
            joined = look is LOOKS[0]
            axes.plot(
                [network[cost] for network in group],
                [network["accuracy"] for network in group],
                linestyle="-" if joined else "none",
                linewidth=1.4,
                marker=look.marker,
                markersize=look.size,
                color=look.colour,
                markeredgecolor="white",
                markeredgewidth=0.7,
                label=look.name,
                zorder=4 if joined else 3,
            )


def _draw_front(axes: Axes, networks: list[dict], cost: str, front: list[dict]) -> None:
    if not front:
        return
    front = sorted(front, key=lambda network: network[cost])
    dearest = max(network[cost] for network in networks) * 1.6
    lowest = min(network["accuracy"] for network in networks) - 1
    costs, heights = [front[0][cost]], [lowest]
    for network, following in zip(front, [*front[1:], {cost: dearest}], strict=True):
        costs += [network[cost], following[cost]]
        heights += [network["accuracy"]] * 2
    axes.plot(costs, heights, "--", color=plots.INK, linewidth=1, marker="", label=FRONT, zorder=2)
    axes.plot(
        [network[cost] for network in front],
        [network["accuracy"] for network in front],
        linestyle="none",
        marker="o",
        markersize=RING,
        markerfacecolor="none",
        markeredgecolor=plots.INK,
        markeredgewidth=0.9,
        zorder=5,
    )


def _legend(axes: Axes) -> tuple[list, list[str]]:
    """The handles and names of a legend: EfficientNet first, the front last."""
    found = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    names = [look.name for look in LOOKS if look.name in found] + [FRONT] * (FRONT in found)
    return [found[name] for name in names], names


def _named(networks: list[dict], cost: str, front: list[dict], alone: bool) -> list[dict]:
    """Which of many get a label, the ones that matter most first. alone: the plot has the whole figure's width."""
    groups = [[network for network in networks if look_of(network) is look] for look in LOOKS]
    if not alone:
        return groups[0] + groups[1]
    ends = [end for group in groups[1:] if group for end in (_best(group), min(group, key=lambda one: one[cost]))]
    return [*groups[0], *(network for network in networks if network["name"] in LANDMARKS), *front, *ends]


def _best(networks: list[dict]) -> dict:
    return max(networks, key=lambda network: network["accuracy"])


def _label(axes: Axes, networks: list[dict], cost: str, named: list[dict], front: list[dict]) -> None:
    labels = []
    for network in {network["name"]: network for network in named}.values():
        ours = look_of(network) is LOOKS[0]
        colour, weight = (LOOKS[0].colour, "bold") if ours else (plots.INK, "normal")
        style = {"fontsize": 8, "color": colour, "weight": weight}
        labels.append(Label(network[cost], network["accuracy"], short_name(network["name"]), style))
    radii = [RING / 2 if network in front else look_of(network).size / 2 for network in networks]
    place_labels(axes, labels, [(network[cost], network["accuracy"]) for network in networks], radii)


def _description(networks: list[dict], costs: Sequence[str], fronts: dict[str, list[dict]], asked: bool) -> str:
    best = _best(networks)
    against = " and against ".join(COSTS[cost] for cost in costs)
    said = [
        f"Accuracy of {len(networks)} networks, as points, against {against}.",
        f"The most accurate is {best['name']} with {best['accuracy']:.1f} percent.",
    ]
    spreads = [one["highest"] - one["lowest"] for one in networks if one.get("seeds", 1) > 1]
    if spreads:
        said.append(f"Bars join the results of several seeds; the longest is {max(spreads):.1f} points.")
    ours = sorted((network for network in networks if look_of(network) is LOOKS[0]), key=lambda one: one["macs"])
    if len(ours) > 1:
        first, last = ours[0]["accuracy"], ours[-1]["accuracy"]
        said.append(f"The EfficientNets, joined by a line, go from {first:.1f} to {last:.1f} percent.")
    for cost in costs if asked else ():
        names = ", ".join(network["name"] for network in fronts[cost])
        said.append(f"On the Pareto front by {cost}: {names}.")
    return " ".join(said)
