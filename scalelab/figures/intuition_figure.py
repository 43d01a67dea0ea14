"""Draws what notebook 1 argues with: ways to grow a network, how much a position sees, and what a stride visits."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import nn

from scalelab import counting
from scalelab.figures import plots

CHANNELS, SIDES = (16, 28, 40), (32, 16, 8)
"""Of the three stages of the network that is drawn: channels of each layer, and pixels along a side of its map."""

Sizes = tuple[tuple[int, ...], float, float]
"""Layers of each stage, and by what the channels and the pixels of the baseline are multiplied."""

WAYS: dict[str, Sizes] = {
    "baseline": ((2, 2, 2), 1.0, 1.0),
    "deeper": ((4, 4, 4), 1.0, 1.0),
    "wider": ((2, 2, 2), 1.41, 1.0),
    "larger images": ((2, 2, 2), 1.0, 1.41),
    "some of each": ((2, 3, 3), 1.12, 1.12),
}
"""The networks that `show_ways` draws. All but the baseline cost nearly the same, which it counts and writes below."""

SPACE, GAP = 5.0, 0.5
"""Between two networks, and between two layers."""

PER_CHANNEL = 0.055
"""How thick a layer is drawn for each of its channels. Its height is its map's side, in pixels."""


def show_ways() -> Figure:
    """Draw a small network, the three ways to grow it, and all three together, with what each costs below."""
    costs = {name: _cost(sizes) for name, sizes in WAYS.items()}
    base = costs["baseline"]
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 3.6), layout="constrained")
        axes = figure.subplots()
        axes.axis("off")
        left = 0.0
        for name, sizes in WAYS.items():
            right = _draw_layers(axes, left, sizes)
            middle = (left + right) / 2
            axes.text(middle, 25.5, name, ha="center", fontsize=12, weight="bold")
            axes.text(middle, -26, f"{sum(sizes[0])} layers", ha="center", va="top", fontsize=10)
            cost = f"{costs[name] / base:.1f} × the cost"
            axes.text(middle, -30, cost, ha="center", va="top", fontsize=12, color=plots.ORANGE, weight="bold")
            left = right + SPACE
        axes.set(xlim=(-SPACE / 2, left - SPACE / 2), ylim=(-36, 30))
        told = "; ".join(f"{name}: {costs[name] / base:.1f} times the baseline's cost" for name in list(WAYS)[1:])
        return plots.alt_text(
            figure,
            "Five drawings of one network, whose layers are slabs. Deeper: twice as many slabs. Wider: thicker slabs. "
            f"Larger images: taller slabs. Some of each: a little more, thicker and taller slabs. Counted, {told}.",
        )


def _draw_layers(axes: Axes, left: float, sizes: Sizes) -> float:
    """Draw a network's layers from `left` on. Returns where they end."""
    x = left
    for stage, (layers, channels, side) in enumerate(_stages(sizes)):
        look: dict[str, Any] = {
            "facecolor": plots.COLOURS[stage],
            "hatch": plots.HATCHES[stage],
            "edgecolor": "white",
            "lw": 0.5,
        }
        for _ in range(layers):
            axes.add_patch(Rectangle((x, -side / 2), channels * PER_CHANNEL, side, **look))
            x += channels * PER_CHANNEL + GAP
    return x - GAP


def _stages(sizes: Sizes) -> list[tuple[int, int, int]]:
    """Layers, channels and pixels along a side of each stage."""
    repeats, width, resolution = sizes
    return [
        (layers, round(width * channels), round(resolution * side))
        for layers, channels, side in zip(repeats, CHANNELS, SIDES, strict=True)
    ]


def _cost(sizes: Sizes) -> int:
    """Multiply-adds of the 3 × 3 convolutions, counted on real ones."""
    total = 0
    for layers, channels, side in _stages(sizes):
        convolution = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        total += layers * counting.macs(convolution, (1, channels, side, side))
    return total


def show_receptive_fields(resolutions: tuple[int, ...] = (32, 64, 128), layers: int = 60) -> Figure:
    """Draw which share of an image's side one position sees, after convolutions of 3 × 3 and stride 1.

    Args:
        resolutions: sides of images, in pixels; each is a line.
        layers: the most convolutions.
    """
    with plots.style():
        figure = Figure(figsize=(8, 3.8), layout="constrained")
        axes = figure.subplots()
        counts = range(1, layers + 1)
        for resolution in resolutions:
            shares = [min(100.0, 100 * (2 * count + 1) / resolution) for count in counts]
            axes.plot(counts, shares, markevery=10, label=f"{resolution} px images")
        axes.set(xlabel="3 × 3 layers", ylabel="share of the image's side seen (%)", ylim=(0, 105))
        axes.legend(loc="lower right")
        return plots.alt_text(
            figure,
            "Share of the image's side that one output position sees, against the number of layers, for images of "
            f"{', '.join(map(str, resolutions))} pixels. Each line rises to 100 percent; the smaller the image, the "
            "fewer layers it takes.",
        )


def show_strides() -> Figure:
    """Draw where the kernel of a strided convolution stands, on rows of 8 and of 7 pixels."""
    with plots.style():
        figure = Figure(figsize=(8, 3.4), layout="constrained")
        for axes, (size, stride) in zip(figure.subplots(3, 1), [(8, 2), (7, 2), (7, 3)], strict=True):
            for position in range(size):
                axes.add_patch(Rectangle((position, 0), 0.94, 0.8, color=plots.FAINT))
                if position % stride == 0:
                    axes.plot(position + 0.47, 0.4, "o", color=plots.BLUE, markersize=13)
            axes.set(xlim=(-0.1, 8.1), ylim=(-0.1, 0.9))
            axes.axis("off")
            axes.set_title(f"{size} pixels, stride {stride}")
        return plots.alt_text(
            figure,
            "Three rows of pixels with a dot wherever the kernel stands: 8 pixels at stride 2, 7 pixels at stride 2, "
            "and 7 pixels at stride 3. The kernel starts at the first pixel, also where the stride does not divide the "
            "number of pixels.",
        )
