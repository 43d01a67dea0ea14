"""Draws what a newer recipe of training does to networks that stay as they are."""

from typing import Any

from matplotlib.figure import Figure

from scalelab.figures import plots
from scalelab.figures.comparison_looks import LOOKS, look_of, scale_cost, short_name
from scalelab.figures.label_placement import Label, place_labels

LABELLED = ("resnet50", "resnet152", "regnet_y_400mf", "regnet_y_1_6gf", "regnet_y_8gf", "regnet_y_32gf",
            "mobilenet_v2", "mobilenet_v3_large")  # fmt: skip


def draw_recipes(networks: list[dict], cost: str = "macs") -> Figure:
    """A line straight up for every network with weights of two recipes, from the one's accuracy to the other's.

    The EfficientNets of the first recipe are joined by a line, to compare with.

    Args:
        networks: as of scalelab.comparison.imagenet("all").
        cost: see scalelab.figures.comparison_looks.COSTS.
    """
    first = {network["name"]: network for network in networks if network["weights"] == "V1"}
    pairs = [(first[network["name"]], network) for network in networks if network["weights"] == "V2"]
    line = sorted((one for one in first.values() if look_of(one) is LOOKS[0]), key=lambda one: one[cost])
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 5.4), layout="constrained")
        axes = figure.subplots()
        where = ([one[cost] for one in line], [one["accuracy"] for one in line])
        axes.plot(*where, "-", marker=LOOKS[0].marker, color=LOOKS[0].colour, markersize=5, linewidth=1.4, zorder=2)
        for old, new in pairs:
            look = look_of(new)
            heights = (old["accuracy"], new["accuracy"])
            axes.plot([new[cost]] * 2, heights, "-", marker="", color=look.colour, linewidth=1.2, zorder=1)
            mark: dict[str, Any] = {
                "marker": look.marker,
                "markersize": look.size,
                "color": look.colour,
                "linestyle": "none",
            }
            axes.plot(old[cost], old["accuracy"], **mark, markerfacecolor="white", zorder=3)
            axes.plot(new[cost], new["accuracy"], **mark, markeredgecolor="white", markeredgewidth=0.7, zorder=4)
        handles = [
            axes.plot([], [], linestyle="none", marker=look.marker, color=look.colour)[0] for look in _looks(pairs)
        ]
        figure.legend(handles, [look.name for look in _looks(pairs)], loc="outside lower left", ncols=4)
        scale_cost(axes, cost)
        axes.set_ylabel("accuracy (%); hollow: first recipe, filled: newer recipe")
        _label(axes, cost, line, pairs)
        return plots.alt_text(figure, _description(pairs))


def _looks(pairs: list[tuple[dict, dict]]) -> list:
    return [look for look in LOOKS if any(look_of(new) is look for _, new in pairs)]


def _label(axes, cost: str, line: list[dict], pairs: list[tuple[dict, dict]]) -> None:
    ends = [end for pair in pairs for end in pair]
    named = [*line, *(new for _, new in pairs if new["name"] in LABELLED and look_of(new) is not LOOKS[0])]
    labels = []
    for network in named:
        ours = look_of(network) is LOOKS[0]
        style = {"color": LOOKS[0].colour, "weight": "bold"} if ours else {"color": plots.INK}
        labels.append(Label(network[cost], network["accuracy"], short_name(network["name"]), {"fontsize": 8} | style))
    points = [(one[cost], one["accuracy"]) for one in [*ends, *line]]
    place_labels(axes, labels, points)


def _description(pairs: list[tuple[dict, dict]]) -> str:
    gains = sorted((new["accuracy"] - old["accuracy"], new["name"]) for old, new in pairs)
    (least, lowest), (most, highest) = gains[0], gains[-1]
    return (
        f"Lines that go straight up, one for each of {len(pairs)} networks, from its accuracy with the first weights "
        f"to that with newer ones. The gain is from {least:.1f} ({lowest}) to {most:.1f} points ({highest}). "
        "Another line joins the EfficientNets B0 to B7."
    )
