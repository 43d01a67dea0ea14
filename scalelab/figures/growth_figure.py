"""Draws how a network grows with φ: one small plot a quantity."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from scalelab.figures import plots
from scalelab.stages import Stage, scaled_shapes, scaled_stages

COUNTED, DRAWN = 70, 700
"""Steps of φ at which costs are counted and sizes are drawn. Sizes cost nothing, so there are more."""

BEFORE = 0.3
"""How much of what is below φ = 0 is drawn: the jump at 0 would lie upon the axis otherwise."""

STAGE_COLOURS = (*plots.COLOURS, plots.INK)
"""The colours of stages 1 to 7, the same in every plot."""

Bases = tuple[float, float, float]


def draw_growth(phi_max: float, rounding: bool, alpha: float, beta: float, gamma: float) -> Figure:
    """See scalelab.playground.show_growth."""
    if not phi_max > 0:
        raise ValueError(f"phi_max has to be positive: {phi_max}")
    bases = (alpha, beta, gamma)
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 6.4), layout="constrained")
        grid = figure.subplots(2, 3, sharex=True)
        for axes in grid.flat:
            axes.axvline(0, color=plots.MUTED, linewidth=0.8, zorder=0.5, marker="")
        _draw_sizes(grid.flat[:3], phi_max, rounding, bases)
        _draw_costs(grid.flat[3:], phi_max, rounding, bases)
        figure.suptitle(
            "Growth with φ" + (": solid as rounded, dotted without rounding" if rounding else ", without rounding"),
            x=0.01,
            ha="left",
            fontsize=13,
            weight="bold",
        )
        for axes in grid.flat:
            axes.set_xlim(-BEFORE, phi_max)
        for axes in grid[1]:
            axes.set_xlabel("φ")
        return plots.alt_text(figure, _description(phi_max, rounding, bases))


def _below_0(number: int) -> list[float]:
    return [-BEFORE + BEFORE * step / number for step in range(number)]


def _steps(phi_max: float, number: int) -> list[float]:
    return [phi_max * step / number for step in range(number + 1)]


# ---- sizes


def _draw_sizes(grid: list[Axes], phi_max: float, rounding: bool, bases: Bases) -> None:
    depth, channels, resolution = grid
    phis = [*_below_0(30), 0.0, 1e-9, *_steps(phi_max, DRAWN)[1:]]  # layers emerge just past 0
    exact = [scaled_shapes(phi, False, *bases) for phi in phis]
    drawn = [scaled_shapes(phi, True, *bases) for phi in phis] if rounding else exact

    depth.set_title("Layers per stage")
    _draw_curves(
        depth,
        phis,
        drawn,
        exact,
        lambda shape: shape.repeats,
        [((1, 7), "1, 7"), ((2, 3), "2, 3"), ((4, 5), "4, 5"), ((6,), "6")],
    )
    channels.set_title("Channels per stage")
    channels.set_yscale("log", base=2)
    _draw_curves(
        channels,
        phis,
        drawn,
        exact,
        lambda shape: shape.first.out_channels,
        [((i,), str(i)) for i in range(1, 8)],
    )
    _plain_log(channels, base=2)
    resolution.set_title("Input resolution (px)")
    _draw_curves(resolution, phis, drawn, exact, lambda shape: shape.resolution, [((0,), "")])


def _draw_curves(
    axes: Axes, phis: list[float], drawn: list, exact: list, size, groups: list[tuple[tuple[int, ...], str]]
) -> None:
    """One curve for each (stages that are alike, label at its end), and dotted what it is without rounding.

    A curve of two stages has the colours of both, in dashes. Sizes that are rounded are drawn as steps.
    """
    for stages, label in groups:
        values = [size(shapes[stages[0]]) for shapes in drawn]
        colours = [STAGE_COLOURS[stage - 1] if stage else plots.BLUE for stage in stages]
        if drawn is not exact:
            smooth = [size(shapes[stages[0]]) for shapes in exact]
            axes.plot(phis, smooth, ":", color=colours[0], linewidth=1.2, marker="")
        kind: Any = "default" if drawn is exact else "steps-post"
        for order, colour in enumerate(colours):
            dashes = {"linestyle": (0, (5, 5))} if order else {}
            axes.plot(phis, values, color=colour, marker="", linewidth=2, drawstyle=kind, **dashes)
        axes.annotate(
            label, (phis[-1], values[-1]), (4, 0), textcoords="offset points", va="center", weight="bold",
            annotation_clip=False,
        )  # fmt: skip


# ---- costs


def _draw_costs(grid: list[Axes], phi_max: float, rounding: bool, bases: Bases) -> None:
    macs, parameters, excess = grid
    # Every stage steps just past 0: without this point, all these steps would look like one slope.
    phis = [*_below_0(3), 0.0, 1e-6 * phi_max, *_steps(phi_max, COUNTED)[1:]]
    exact = [scaled_stages(phi, False, *bases) for phi in phis]
    drawn = [scaled_stages(phi, True, *bases) for phi in phis] if rounding else exact
    rate = bases[0] * bases[1] ** 2 * bases[2] ** 2
    rules = ((rate, f"{rate:.2f}$^φ$", plots.ORANGE, "--"), (2.0, "2$^φ$", plots.GREEN, "-."))

    macs.set_title("MACs")
    start = _total(exact[phis.index(0.0)], "macs")
    for base, label, colour, line in rules:
        macs.plot(
            phis,
            [start * base**phi for phi in phis],
            line,
            color=colour,
            marker="",
            linewidth=1.3,
            label=label,
        )
    _draw_cost(macs, phis, drawn, exact, "macs")
    macs.legend(loc="upper left")
    parameters.set_title("Parameters")
    _draw_cost(parameters, phis, drawn, exact, "parameters")
    for axes in (macs, parameters):
        axes.set_yscale("log")
        _plain_log(axes, base=10)

    excess.set_title(f"MACs against the rule, {rate:.2f}$^φ$")
    excess.set_ylabel("times the rule")
    excess.axhline(1, color=plots.ORANGE, linestyle="--", linewidth=1.3)
    for stages, look in ((exact, ":"), (drawn, "-")):
        over = [_total(at, "macs") / (start * rate**phi) for at, phi in zip(stages, phis, strict=True)]
        excess.plot(phis, over, look, color=plots.BLUE, marker="", linewidth=1.2 if look == ":" else 1.8)
    excess.annotate("the jump at 0", (0, 1.2), (24, -70), textcoords="offset points", arrowprops={"arrowstyle": "->"})
    excess.set_ylim(bottom=0)


def _draw_cost(axes: Axes, phis: list[float], drawn: list, exact: list, kind: str) -> None:
    if drawn is not exact:
        axes.plot(phis, [_total(stages, kind) for stages in exact], ":", color=plots.BLUE, linewidth=1.2, marker="")
    steps: Any = "default" if drawn is exact else "steps-post"
    axes.plot(phis, [_total(stages, kind) for stages in drawn], color=plots.BLUE, marker="", drawstyle=steps)


def _total(stages: list[Stage], kind: str) -> float:
    return sum(getattr(stage, kind) for stage in stages)


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
    first, last = (scaled_stages(phi, rounding, *bases) for phi in (0.0, phi_max))
    layers = [sum(stage.repeats for stage in stages[1:-1]) for stages in (first, last)]
    growth = _total(last, "macs") / _total(first, "macs")
    parameters = _total(last, "parameters") / _total(first, "parameters")
    steps = "in steps, around dotted lines without rounding" if rounding else "smoothly, without rounding"
    return (
        f"Six small plots against φ from 0 to {phi_max:g}; all quantities grow {steps}. "
        f"MBConv layers: {layers[0]:g} to {layers[1]:.3g}. "
        f"Channels of stage 7: {first[7].channels:g} to {last[7].channels:.4g}. "
        f"Resolution: {first[0].resolution:g} to {last[0].resolution:.4g} pixels. "
        f"Multiply-adds grow {growth:.3g} times and parameters {parameters:.3g} times."
    )
