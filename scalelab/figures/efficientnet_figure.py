"""Draws what EfficientNet is built of: one MBConv block, and a batch of images on their way with stochastic depth."""

import random
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from scalelab.b0 import B0
from scalelab.figures import plots

UNIT = 0.16
"""Height of a drawn map of one channel; it grows with the square root, as in the playground's slabs."""

END, SQUEEZED, GATED, MIXED = 17.4, 9.75, 11.35, 12.6
"""Where the block's output stands, the squeezed numbers, the gates, and the map that the gates make."""


def show_block(channels: int = 40, kernel: int = 5, expand_ratio: int = 6, size: int = 28) -> Figure:
    """Draw an MBConv block with a residual connection: narrow, wide, narrow, with the gates of SE beside the wide part.

    A box is a map; the more channels, the taller.

    Args:
        channels: in and out.
        kernel: side of the depthwise convolution, in pixels.
        expand_ratio: how many times as many channels the wide part has.
        size: height and width of the map, in pixels.
    """
    wide, squeezed = channels * expand_ratio, max(1, channels // 4)
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 4.3), layout="none")  # type: ignore[arg-type]  # which the stubs forget
        axes = figure.add_axes((0.01, 0.02, 0.98, 0.9))
        axes.axis("off")
        axes.set_xlim(-0.9, END + 1.5)
        axes.set_ylim(-3.0, 2.6)
        maps = [(0, channels, plots.BLUE), (4, wide, plots.SKY), (8, wide, plots.SKY), (MIXED, wide, plots.SKY)]
        for x, count, colour in [*maps, (END - 0.8, channels, plots.BLUE)]:
            _map(axes, x, count, colour, f"{count} × {size} × {size}")
        _step(axes, 0, 4, "1 × 1 convolution\nBatchNorm, SiLU", "expand")
        _step(axes, 4, 8, f"{kernel} × {kernel} depthwise\nBatchNorm, SiLU", "filter")
        _step(axes, 8, MIXED, "× one number per channel", "gate")
        _step(axes, MIXED, END - 0.8, "1 × 1 convolution\nBatchNorm", "project")
        _gates(axes, wide, squeezed)
        _shortcut(axes, _height(channels) / 2)
        figure.suptitle("MBConv: expand, filter, gate, project", x=0.02, ha="left", fontsize=13, weight="bold")
        return plots.alt_text(
            figure,
            f"An MBConv block from left to right. A map of {channels} channels is expanded to {wide} by a 1 × 1 "
            f"convolution, filtered by a depthwise {kernel} × {kernel} convolution, multiplied by gates, and projected "
            f"to {channels} channels by a 1 × 1 convolution without an activation function. The gates come from the "
            f"filtered map: its average, {squeezed} numbers, {wide} numbers. An arrow leads from the block's input to "
            "a plus sign behind the projection, past everything.",
        )


def _height(channels: int) -> float:
    return UNIT * channels**0.5


def _map(axes: Axes, x: float, channels: int, colour: str, label: str) -> None:
    height = _height(channels)
    axes.add_patch(Rectangle((x - 0.22, -height / 2), 0.44, height, facecolor=colour, edgecolor=plots.INK))
    axes.text(x, -height / 2 - 0.15, label, ha="center", va="top", fontsize=9)


def _step(axes: Axes, start: float, end: float, text: str, name: str) -> None:
    _arrow(axes, (start + 0.3, 0), (end - 0.3, 0))
    axes.text((start + end) / 2, 0.12, text, ha="center", va="bottom", fontsize=9)
    axes.text((start + end) / 2, -0.14, name, ha="center", va="top", fontsize=10, weight="bold", color=plots.ORANGE)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], **look) -> None:
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=11, color=plots.INK, lw=1.1, **look))


def _gates(axes: Axes, wide: int, squeezed: int) -> None:
    """The branch that makes the gates, drawn below."""
    level = -2.5
    for x, text in ((8.0, f"average\n{wide}"), (SQUEEZED, f"squeeze\n{squeezed}"), (GATED, f"excite\n{wide}")):
        axes.text(x, level, text, ha="center", va="center", fontsize=8.5, bbox=_BOX)
    for left, right in ((8.0 + 0.5, SQUEEZED - 0.53), (SQUEEZED + 0.5, GATED - 0.37)):
        _arrow(axes, (left, level), (right, level))
    axes.text(GATED + 0.65, level, "SiLU inside, sigmoid at the end", fontsize=8.5, va="center", color=plots.MUTED)
    _arrow(axes, (8, -_height(wide) / 2 - 0.5), (8, level + 0.35))
    _arrow(axes, (GATED, level + 0.35), (GATED, -0.02))


_BOX = {"boxstyle": "round,pad=0.25", "facecolor": "#fdf1e3", "edgecolor": plots.ORANGE}


def _shortcut(axes: Axes, start: float) -> None:
    height = 1.75
    axes.plot([0, 0, END], [start, height, height], color=plots.GREEN, lw=1.8, marker="")
    _arrow(axes, (END, height), (END, 0.25))
    axes.text(END, 0, "+", fontsize=18, ha="center", va="center", weight="bold", color=plots.GREEN)
    _arrow(axes, (END + 0.25, 0), (END + 1.3, 0))
    axes.text(7, height + 0.1, "residual connection (stride 1, as many channels out as in)", ha="center", fontsize=9.5)


def show_stochastic_depth(images: int = 8, drop_path: float = 0.2, seed: int = 0) -> Figure:
    """Draw which of B0's blocks some images go through in one training step, and below how likely each is dropped.

    Block i of n drops with drop_path · i/n, and never where it has no residual connection.

    Args:
        images: how many.
        drop_path: the rate that the last block would almost have, 0 to 1.
        seed: of what is drawn by chance.
    """
    draw = random.Random(seed)
    shortcuts = _shortcuts()
    blocks = len(shortcuts)
    rates = [drop_path * index / blocks if shortcut else 0.0 for index, shortcut in enumerate(shortcuts)]
    dropped = [[draw.random() < rate for rate in rates] for _ in range(images)]
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 4.6), layout="constrained")
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(2.2, 1))
        for row, of_image in enumerate(dropped):
            upper.plot([-0.9, blocks - 0.1], [row, row], color=plots.MUTED, lw=1, marker="", zorder=1)
            for block, gone in enumerate(of_image):
                _draw_step(upper, block, row, gone, shortcuts[block])
        upper.set_ylim(images - 0.4, -0.6)
        upper.set_yticks(range(images), [f"image {number}" for number in range(1, images + 1)])
        upper.grid(False)
        upper.set_title("One training step of B0: full boxes are applied, empty ones leave the image unchanged")
        lower.bar(range(blocks), rates, width=0.64, color=plots.ORANGE)
        lower.set_xticks(range(blocks))
        lower.set(
            xlabel="block; a hatched one has no residual connection and never drops",
            ylabel="probability\nof dropping",
            xlim=(-0.9, blocks - 0.1),
        )
        count = sum(map(sum, dropped))
        never = ", ".join(str(block) for block, shortcut in enumerate(shortcuts) if not shortcut)
        return plots.alt_text(
            figure,
            f"A grid of {images} images by B0's {blocks} blocks. {count} of the {images * blocks} boxes are empty: "
            f"there an image passes the block unchanged. Bars below rise with the block's number, to {max(rates):.3f}. "
            f"Blocks {never} have no residual connection, are hatched, and never drop.",
        )


def _shortcuts() -> list[bool]:
    """Of each block of B0, whether it has a residual connection: stride 1, and as many channels out as in."""
    found = []
    for _, _, stride, inputs, outputs, repeats in B0:
        found += [stride == 1 and inputs == outputs, *[True] * (repeats - 1)]
    return found


def _draw_step(axes: Axes, block: int, row: int, gone: bool, shortcut: bool) -> None:
    """One block on one image's way."""
    look: dict[str, Any] = {"facecolor": "white", "linestyle": ":"} if gone else {"facecolor": plots.SKY}
    if not shortcut:
        look = {"facecolor": plots.SKY, "hatch": "////"}
    axes.add_patch(Rectangle((block - 0.32, row - 0.3), 0.64, 0.6, edgecolor=plots.INK, zorder=2, **look))
    if gone:
        axes.plot([block - 0.32, block + 0.32], [row, row], color=plots.ORANGE, lw=2, marker="", zorder=3)
