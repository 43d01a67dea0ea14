"""Draws how a network grows with φ: one small plot a quantity, and in all of them one colour a stage."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from scalelab.explorer.own_functions import courses_functions
from scalelab.explorer.table import network
from scalelab.figures import plots
from scalelab.stages import Shape, scaled_shapes, scaled_stages

DRAWN = 600
"""Steps of φ: enough for a jump to look like one."""

BEFORE = 0.04
"""What is drawn of φ below 0, as a part of the rest: without it, the jump at 0 would be the frame of the plot."""

STAGE_COLOURS = (*plots.COLOURS, plots.INK)
"""Of stages 1 to 7, in every plot."""

Bases = tuple[float, float, float]


def draw_growth(phi_max: float, rounding: bool, alpha: float, beta: float, gamma: float) -> Figure:
    """See scalelab.playground.show_growth.

    Args:
        phi_max: where the axis of φ ends.
        rounding: whole layers, channels and pixels; without, fractions.
        alpha: the base of the depth.
        beta: the base of the width.
        gamma: the base of the resolution.

    Raises:
        ValueError: if phi_max or a base is not positive.
    """
    if not phi_max > 0:
        raise ValueError(f"phi_max has to be positive: {phi_max}")
    bases = (alpha, beta, gamma)
    # Just past 0 every stage steps: with 0 itself and a point beside it, that is an upright line.
    phis = sorted(
        {0.0, 1e-6 * phi_max, *(phi_max * (step / DRAWN * (1 + BEFORE) - BEFORE) for step in range(DRAWN + 1))}
    )
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 6.4), layout="constrained")
        grid = figure.subplots(2, 3, sharex=True)
        _draw_sizes(grid.flat[:3], phis, rounding, bases)
        _draw_costs(grid.flat[3:], phis, rounding, bases)
        figure.suptitle(
            "Growth with φ" + (": solid as rounded, dotted without rounding" if rounding else ", without rounding"),
            x=0.01,
            ha="left",
            fontsize=13,
            weight="bold",
        )
        for axes in grid.flat:
            axes.set_xlim(phis[0], phi_max)
            axes.axvline(0, color=plots.MUTED, linewidth=0.8, zorder=0.5)
        for axes in grid[1]:
            axes.set_xlabel("φ")
        return plots.alt_text(figure, _description(phi_max, rounding, bases))


# ---- sizes


def _draw_sizes(grid: list[Axes], phis: list[float], rounding: bool, bases: Bases) -> None:
    depth, channels, resolution = grid
    exact = [scaled_shapes(phi, False, *bases) for phi in phis]
    drawn = [scaled_shapes(phi, True, *bases) for phi in phis] if rounding else exact

    depth.set_title("Layers per stage")
    _draw_stages(depth, phis, drawn, exact, lambda shape: shape.repeats, [(1, 7), (2, 3), (4, 5), (6,)])
    channels.set_title("Channels per stage")
    channels.set_yscale("log", base=2)
    _draw_stages(channels, phis, drawn, exact, lambda shape: shape.first.out_channels, [(i,) for i in range(1, 8)])
    _plain_log(channels, base=2)
    resolution.set_title("Input resolution (px)")
    _draw_both(resolution, phis, [at[0].resolution for at in drawn], [at[0].resolution for at in exact], plots.BLUE)


def _draw_stages(
    axes: Axes,
    phis: list[float],
    drawn: list[list[Shape]],
    exact: list[list[Shape]],
    size: Callable[[Shape], float],
    groups: Sequence[tuple[int, ...]],
) -> None:
    """A line for each group of stages that are alike, in the colours of its stages, and dotted without rounding."""
    for stages in groups:
        first = stages[0]
        values, smooth = ([size(shapes[first]) for shapes in all_shapes] for all_shapes in (drawn, exact))
        _draw_both(axes, phis, values, smooth, STAGE_COLOURS[first - 1])
        for other in stages[1:]:
            axes.plot(phis, values, color=STAGE_COLOURS[other - 1], marker="", dashes=(4, 4))
        for place, stage in enumerate(stages):
            axes.annotate(
                f"{stage}," if stage != stages[-1] else str(stage),
                (phis[-1], values[-1]),
                (4 + 13 * place, 0),
                textcoords="offset points",
                va="center",
                weight="bold",
            )


def _draw_both(axes: Axes, phis: list[float], drawn: list[float], exact: list[float], colour: str) -> None:
    """A quantity as rounded, and dotted without rounding."""
    if drawn != exact:
        axes.plot(phis, exact, ":", color=colour, linewidth=1.2, marker="")
    axes.plot(phis, drawn, color=colour, marker="")


# ---- costs


def _draw_costs(grid: list[Axes], phis: list[float], rounding: bool, bases: Bases) -> None:
    macs, parameters, excess = grid
    exact = [_costs(phi, False, bases) for phi in phis]
    drawn = [_costs(phi, True, bases) for phi in phis] if rounding else exact
    rate = bases[0] * bases[1] ** 2 * bases[2] ** 2
    rules = ((rate, f"{rate:.2f}$^φ$", plots.ORANGE, "--"), (2.0, "2$^φ$", plots.GREEN, "-."))

    macs.set_title("MACs")
    start = _costs(0.0, False, bases)[0]
    for base, label, colour, line in rules:
        by_rule = [start * base**phi for phi in phis]
        macs.plot(phis, by_rule, line, color=colour, marker="", linewidth=1.3, label=label)
    _draw_both(macs, phis, [at[0] for at in drawn], [at[0] for at in exact], plots.BLUE)
    macs.legend(loc="upper left")
    parameters.set_title("Parameters")
    _draw_both(parameters, phis, [at[1] for at in drawn], [at[1] for at in exact], plots.BLUE)
    for axes in (macs, parameters):
        axes.set_yscale("log")
        _plain_log(axes, base=10)

    excess.set_title(f"MACs against the rule, {rate:.2f}$^φ$")
    excess.set_ylabel("times the rule")
    excess.axhline(1, color=plots.ORANGE, linestyle="--", linewidth=1.3)
    over, smooth = ([at[0] / (start * rate**phi) for at, phi in zip(all_costs, phis, strict=True)]
                    for all_costs in (drawn, exact))  # fmt: skip
    _draw_both(excess, phis, over, smooth, plots.BLUE)
    excess.set_ylim(bottom=0)


def _costs(phi: float, rounding: bool, bases: Bases) -> tuple[float, float]:
    """Multiply-adds and parameters of the whole network."""
    if rounding:
        built = network(courses_functions(), bases, phi)
        return sum(built.macs), built.parameters
    stages = scaled_stages(phi, False, *bases)
    return sum(stage.macs for stage in stages), sum(stage.parameters for stage in stages)


def _plain_log(axes: Axes, base: int) -> None:
    """Ticks of a logarithmic axis as numbers people read: 32, not 2^5; 2 G, not 2·10^9."""
    axes.yaxis.set_major_locator(LogLocator(base=base, subs=(1.0,) if base == 2 else (1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_formatter(NullFormatter())


def _short(value: float) -> str:
    for size, unit in ((1e9, " G"), (1e6, " M")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


def _description(phi_max: float, rounding: bool, bases: Bases) -> str:
    first, last = (scaled_shapes(phi, rounding, *bases) for phi in (0.0, phi_max))
    layers = [sum(shape.repeats for shape in shapes[1:-1]) for shapes in (first, last)]
    before, after = (_costs(phi, rounding, bases) for phi in (0.0, phi_max))
    steps = "in steps, around dotted lines without rounding" if rounding else "smoothly, without rounding"
    jump = ""
    if rounding:
        past = _costs(1e-6 * phi_max, True, bases)[0] / before[0]
        jump = f" Just past φ = 0 multiply-adds jump to {past:.3g} times those of B0." if past > 1.01 else ""
    return (
        f"Six small plots against φ from 0 to {phi_max:g}; all quantities grow {steps}. "
        f"MBConv layers: {layers[0]:g} to {layers[1]:.3g}. "
        f"Channels of stage 7: {first[7].first.out_channels:g} to {last[7].first.out_channels:.4g}. "
        f"Resolution: {first[0].resolution:g} to {last[0].resolution:.4g} pixels. "
        f"Multiply-adds grow {after[0] / before[0]:.3g} times and parameters {after[1] / before[1]:.3g} times.{jump}"
    )
