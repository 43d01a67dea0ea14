"""Draws docs/since_2019.svg from data/results/imagenet.csv: how families of networks grow, by two costs."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scalelab import comparison
from scalelab.figures import plots
from scalelab.figures.comparison_looks import look_of, scale_cost, short_name

PICTURE = Path(__file__).parents[1] / "docs" / "since_2019.svg"

LINES = {
    "EfficientNet": ("efficientnet_b", "best"),
    "EfficientNetV2": ("efficientnet_v2", "best"),
    "ConvNeXt": ("convnext", "best"),
    "RegNetY, newer weights": ("regnet_y", "V2"),
    "ResNet, first weights": ("resnet", "V1"),
    "ResNet, newer weights": ("resnet", "V2"),
}
"""A line: the networks whose names begin so, with these weights."""

LABELLED = {"efficientnet_b0": (0, -14), "efficientnet_b4": (-14, 6), "efficientnet_b7": (-6, 8), "resnet50": (5, -12)}
"""Which points have a name, and where it is written, in points from there."""


def draw_line(axes: Axes, name: str, networks: list[dict], cost: str) -> None:
    """One family, from its smallest to its largest network."""
    networks = sorted(networks, key=lambda network: network[cost])
    look = look_of(networks[0])
    first = name.endswith("first weights")
    axes.plot(
        [network[cost] for network in networks], [network["accuracy"] for network in networks],
        "--" if first else "-", marker=look.marker, color=look.colour, label=name,
        markerfacecolor="white" if first else look.colour, markersize=look.size - 1, linewidth=1.4,
    )  # fmt: skip
    for network in networks:
        if network["name"] in LABELLED:
            axes.annotate(
                short_name(network["name"]), (network[cost], network["accuracy"]), LABELLED[network["name"]],
                textcoords="offset points", fontsize=8, color=look.colour,
            )  # fmt: skip


def main() -> None:
    """Write the picture."""
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 4.8), layout="constrained")
        panels = figure.subplots(1, 2, sharey=True)
        for axes, cost in zip(panels, ("macs", "activations"), strict=True):
            for name, (start, weights) in LINES.items():
                networks = [one for one in comparison.imagenet(weights) if one["name"].startswith(start)]
                draw_line(axes, name, networks, cost)
            scale_cost(axes, cost, (1.0,))
        panels[0].set_ylabel("ImageNet top-1 accuracy (%)")
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=6, fontsize=8)
        figure.savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
