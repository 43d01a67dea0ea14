"""Draws where new layers come as φ grows, and which α, β and γ spend a budget."""

from collections.abc import Callable, Sequence

from matplotlib.figure import Figure

from scalelab.b0 import B0
from scalelab.figures import plots

Emergence = Callable[[int, float, float], Sequence[float]]


def show_emergence(emergence_phis: Emergence, alpha: float = 1.2, phi_max: float = 7.0) -> Figure:
    """Draw one row for each stage of B0, with a dot at every φ past which it has one layer more.

    Args:
        emergence_phis: (repeats, alpha, phi_max) → the φ's, ascending. It is the student's own.
        alpha: the base of the depth.
        phi_max: where the axis of φ ends; it begins at 0.
    """
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 4.4), layout="constrained")
        axes = figure.subplots()
        names = []
        for stage, (*_, repeats) in enumerate(B0, start=1):
            phis = emergence_phis(repeats, alpha, phi_max)
            axes.plot(phis, [stage] * len(phis), "o", color=plots.BLUE, markersize=7)
            for layers, phi in enumerate(phis, start=repeats + 1):
                axes.annotate(str(layers), (phi, stage), (0, 6), textcoords="offset points", ha="center", fontsize=9)
            names.append(f"stage {stage}: {repeats} at φ = 0")
        axes.set_yticks(range(1, len(names) + 1), names)
        axes.tick_params(axis="y", labelcolor=plots.INK)
        axes.set(xlabel="φ", xlim=(-0.15, phi_max), ylim=(len(names) + 0.5, 0.3))
        return plots.alt_text(
            figure,
            f"For each of the seven stages of EfficientNet-B0, dots along an axis of φ from 0 to {phi_max:g}, wherever "
            "a new layer emerges. Stages of the same number of layers have their dots at the same places. The more "
            "layers a stage has, the closer its dots. At three places all seven stages have one.",
        )


def show_candidates(budget: float = 2.0, chosen: tuple[float, float, float] = (1.2, 1.1, 1.15)) -> Figure:
    """Draw the α that spends exactly the budget, for each β and γ; white where it would be below 1.

    Args:
        budget: what α · β² · γ² has to be.
        chosen: α, β and γ; a star marks the last two. By default the paper's.
    """
    with plots.style():
        figure = Figure(figsize=(6.4, 4.8), layout="constrained")
        axes = figure.subplots()
        values = [1 + index / 200 for index in range(101)]
        alphas = [[budget / (beta**2 * gamma**2) for beta in values] for gamma in values]
        levels = [1 + index / 10 for index in range(11)]
        areas = axes.contourf(values, values, alphas, levels, cmap="viridis")
        axes.contour(values, values, alphas, levels, colors="white", linewidths=0.6)
        _, beta, gamma = chosen
        axes.plot(beta, gamma, "*", color="white", markersize=15, markeredgecolor="black")
        arrow = {"arrowstyle": "->", "color": plots.INK}
        axes.annotate("the paper's choice", (beta, gamma), (beta + 0.16, gamma + 0.2), arrowprops=arrow)
        axes.set(xlabel="β (width)", ylabel="γ (resolution)", aspect="equal")
        axes.grid(False)
        figure.colorbar(areas, label="α (depth)")
        return plots.alt_text(
            figure,
            "A coloured map: β from left to right, γ from bottom to top, and as colour the α that spends the whole "
            "budget. α is 2 in the lower left corner and falls to 1 along a curve, beyond which the map is white. A "
            f"star marks β {beta} and γ {gamma}, between the curves of α 1.2 and 1.3.",
        )
