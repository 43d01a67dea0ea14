"""Draws a scaled network: its layers as slabs, its stages as a table, its costs as bars."""

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from scalelab.figures import plots
from scalelab.stages import Stage, scaled_stages

GAP = 0.9
"""Between two layers, in the unit of the slabs: the square root of a channel."""

STAGE_GAP = 0.022
"""Between two stages, as a part of the width of all slabs: room for the names below."""

OLD, GROWN, NEW = plots.BLUE, "#bcd9ea", "#f7c9a8"


def draw_network(phi: float, rounding: bool, alpha: float, beta: float, gamma: float) -> Figure:
    """See scalelab.playground.show_network.

    Args:
        phi: the compound coefficient; 0 is B0.
        rounding: whole layers, channels and pixels; without, fractions.
        alpha: the base of the depth.
        beta: the base of the width.
        gamma: the base of the resolution.

    Raises:
        ValueError: if phi is not finite, or a base is not positive.
    """
    stages = scaled_stages(phi, rounding, alpha, beta, gamma)
    originals = scaled_stages(0.0, rounding, alpha, beta, gamma)
    ratio = sum(stage.macs for stage in stages) / sum(stage.macs for stage in originals)
    rule = (alpha * beta**2 * gamma**2) ** phi
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 6.6), layout="none")  # type: ignore[arg-type]
        _draw_slabs(figure.add_axes((0.01, 0.435, 0.98, 0.47)), stages, originals)
        _write_table(figure.add_axes((0.01, 0.02, 0.635, 0.38)), stages, originals)
        _draw_costs(figure.add_axes((0.745, 0.075, 0.205, 0.225)), stages, originals, phi, alpha * beta**2 * gamma**2)
        _write_heading(figure, phi, rounding, stages)
        return plots.alt_text(figure, _description(phi, stages, originals, ratio, rule))


def _write_heading(figure: Figure, phi: float, rounding: bool, stages: list[Stage]) -> None:
    layers = sum(stage.repeats for stage in stages[1:-1])
    kind = "rounded" if rounding else "without rounding"
    figure.text(0.015, 0.955, f"EfficientNet at φ = {_number(phi)}", fontsize=14, weight="bold")
    figure.text(
        0.985,
        0.955,
        f"{_number(layers)} MBConv layers on {_number(stages[0].resolution)} px, {kind}",
        fontsize=11,
        color=plots.MUTED,
        ha="right",
    )


# ---- the layers


def _draw_slabs(axes: Axes, stages: list[Stage], originals: list[Stage]) -> None:
    x = 0.0
    gap = STAGE_GAP * sum(
        math.sqrt(max(stage.channels, original.channels)) * max(stage.repeats, original.repeats)
        for stage, original in zip(stages, originals, strict=True)
    )
    tallest = math.sqrt(max(stages[0].resolution, originals[0].resolution))
    for stage, original in zip(stages, originals, strict=True):
        begin = x
        for layer in range(math.ceil(max(stage.repeats, original.repeats) - 1e-9)):
            there = min(1.0, max(0.0, stage.repeats - layer))
            was_there = min(1.0, max(0.0, original.repeats - layer))
            x += _draw_layer(axes, x, stage, original, there, was_there) + GAP
        x -= GAP
        label = {"stem": "stem", "head": "head"}.get(stage.name, stage.name.removeprefix("stage "))
        axes.text((begin + x) / 2, -tallest / 2 - 0.5, label, ha="center", va="top", fontsize=10)
        x += gap
    axes.set_xlim(-gap / 2, x - gap / 2)
    axes.set_ylim(-tallest / 2 - 2.2, tallest / 2 + 2.0)
    axes.axis("off")
    _draw_key(axes)


def _draw_layer(axes: Axes, x: float, stage: Stage, original: Stage, there: float, was_there: float) -> float:
    """Draw one layer at `x` and return its width.

    there, was_there: what part of the layer exists, now and at φ = 0; 0 to 1.
    """
    now = (math.sqrt(stage.channels) * there, math.sqrt(stage.resolution))
    before = (math.sqrt(original.channels) * was_there, math.sqrt(original.resolution))
    width = max(now[0], before[0])
    if there and not was_there:
        _slab(axes, x, width, now, facecolor=NEW, edgecolor=plots.ORANGE, hatch="////", linewidth=0.9)
        return width
    if there:
        _slab(axes, x, width, now, facecolor=GROWN, edgecolor=OLD, linewidth=0.9)
        inside = (min(now[0], before[0]), min(now[1], before[1]))
        _slab(axes, x, width, inside, facecolor=OLD, edgecolor="none")
    if before[0] > now[0] + 1e-9 or before[1] > now[1] + 1e-9:
        _slab(axes, x, width, before, facecolor="none", edgecolor=plots.MUTED, linestyle=":", linewidth=1.0)
    return width


def _slab(axes: Axes, x: float, room: float, size: tuple[float, float], **look) -> None:
    width, height = size
    axes.add_patch(Rectangle((x + (room - width) / 2, -height / 2), width, height, **look))


def _draw_key(axes: Axes) -> None:
    keys = [
        Rectangle((0, 0), 1, 1, facecolor=OLD, edgecolor=OLD, label="as at φ = 0"),
        Rectangle((0, 0), 1, 1, facecolor=GROWN, edgecolor=OLD, label="growth of a layer"),
        Rectangle((0, 0), 1, 1, facecolor=NEW, edgecolor=plots.ORANGE, hatch="////", label="new layer"),
        Rectangle((0, 0), 1, 1, facecolor="none", edgecolor=plots.MUTED, linestyle=":", label="lost since φ = 0"),
    ]
    axes.legend(
        handles=keys,
        loc="upper right",
        ncols=4,
        columnspacing=1.4,
        handlelength=1.4,
        title="height: √ resolution of the stage's input     thickness: √ channels",
        title_fontsize=9,
        alignment="right",
        borderaxespad=0,
    )


# ---- the numbers of the stages


def _write_table(axes: Axes, stages: list[Stage], originals: list[Stage]) -> None:
    axes.axis("off")
    axes.set_xlim(0, 1)
    axes.set_ylim(len(stages) + 1, 0)
    columns = {
        "stage": 0.0,
        "layers": 0.25,
        "channels": 0.46,
        "input px": 0.66,
        "MACs": 0.83,
        "parameters": 1.0,
    }
    for title, x in columns.items():
        axes.text(x, 0.45, title, weight="bold", fontsize=9.5, ha="left" if x == 0 else "right", va="center")
    axes.axhline(0.95, color=plots.MUTED, linewidth=0.8)
    right = list(columns.values())[1:]
    for row, (stage, original) in enumerate(zip(stages, originals, strict=True), start=1):
        axes.text(0, row + 0.5, stage.name, fontsize=9.5, va="center")
        pairs = [
            (stage.repeats, original.repeats),
            (stage.channels, original.channels),
            (stage.resolution, original.resolution),
        ]
        for x, (now, before) in zip(right, pairs, strict=False):
            changed = abs(now - before) > 1e-9
            text = f"{_number(before)} → {_number(now)}" if changed else _number(now)
            look: dict[str, Any] = {"weight": "bold", "color": plots.ORANGE} if changed else {}
            axes.text(x, row + 0.5, text, fontsize=9.5, ha="right", va="center", **look)
        for x, count in zip(right[3:], (stage.macs, stage.parameters), strict=True):
            axes.text(x, row + 0.5, _large(count), fontsize=9.5, ha="right", va="center")


# ---- the costs of the whole


def _draw_costs(axes: Axes, stages: list[Stage], originals: list[Stage], phi: float, base: float) -> None:
    macs = sum(stage.macs for stage in stages)
    parameters = sum(stage.parameters for stage in stages)
    bars = [
        ("MACs", macs / sum(stage.macs for stage in originals), OLD, ""),
        (f"{base:.2f}$^φ$", base**phi, plots.FAINT, "\\\\\\\\"),
        ("2$^φ$", 2.0**phi, plots.FAINT, "////"),
        ("parameters", parameters / sum(stage.parameters for stage in originals), plots.SKY, ""),
    ]
    for y, (_, ratio, colour, hatch) in enumerate(bars):
        axes.barh(y, ratio, height=0.68, color=colour, hatch=hatch, edgecolor=plots.MUTED, linewidth=0.6)
        axes.annotate(f"{ratio:.2f}", (ratio, y), (4, 0), textcoords="offset points", va="center", fontsize=9.5)
    axes.axvline(1, color=plots.INK, linewidth=1, linestyle="--")
    axes.set_yticks(range(len(bars)), [label for label, *_ in bars], color=plots.INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(0, 1.18 * max(1.0, *(ratio for _, ratio, *_ in bars)))
    axes.grid(False)
    axes.set_xlabel("times φ = 0")
    axes.set_title(f"{_large(macs)} MACs\n{_large(parameters)} parameters", x=-0.36, linespacing=1.35, pad=8)


def _number(value: float) -> str:
    """Whole numbers whole, others with one or two decimals."""
    if abs(value - round(value)) < 1e-9:
        return str(round(value)).replace("-", "−")
    return f"{value:.1f}".replace("-", "−") if abs(value) >= 10 else f"{value:.2f}".rstrip("0").replace("-", "−")


def _large(count: float) -> str:
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if count >= size:
            digits = f"{count / size:#.3g}" if count < 1000 * size else f"{count / size:.0f}"
            return f"{digits.rstrip('.')} {unit}"
    return f"{count:.0f}"


def _description(phi: float, stages: list[Stage], originals: list[Stage], ratio: float, rule: float) -> str:
    rows = "; ".join(
        f"{stage.name}: {_number(stage.repeats)} layer{'s' * (stage.repeats != 1)}, "
        f"{_number(stage.channels)} channels, {_number(stage.resolution)} pixels"
        for stage in stages
    )
    new = [
        f"{_number(stage.repeats - original.repeats)} in {stage.name}"
        for stage, original in zip(stages, originals, strict=True)
        if stage.repeats > original.repeats
    ]
    more = f" New layers since φ = 0: {', '.join(new)}." if new else ""
    return (
        f"EfficientNet at φ = {_number(phi)}, drawn as slabs from the stem to the head. {rows}.{more} "
        f"It takes {ratio:.2f} times the multiply-adds of φ = 0, where the rule says {rule:.2f}."
    )
