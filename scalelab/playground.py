"""The scaling-function playground of problem 3.1: what a network looks like at φ, and how it grows with φ.

`show_network` and `show_growth` are pure functions with good defaults. `explore` puts two controls in front
of the first. The numbers come from `scalelab.stages`, which says how they are made.
"""

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from scalelab.figures.growth_figure import draw_growth
from scalelab.figures.network_figure import draw_network
from scalelab.stages import ALPHA, BETA, GAMMA, Stage, scaled_stages

if TYPE_CHECKING:
    import ipywidgets

__all__ = ["Stage", "explore", "scaled_stages", "show_growth", "show_network"]

LOWEST_PHI, HIGHEST_PHI = -2.0, 7.0


def show_network(
    phi: float = 0.0,
    rounding: bool = True,
    alpha: float = ALPHA,
    beta: float = BETA,
    gamma: float = GAMMA,
) -> Figure:
    """Draw the network at `phi`, stage by stage, beside what it was at φ = 0.

    A slab is a layer: its height is the resolution, its thickness the channels. Layers that φ = 0 does not
    have are hatched. Below stand each stage's numbers, and what the whole costs beside the paper's rule.

    rounding: whole layers, channels and pixels as torchvision rounds them; without, fractions.
    The head has four times the last stage's channels (torchvision's rule; the reference rounds 1280 · width).
    """
    return draw_network(phi, rounding, alpha, beta, gamma)


def show_growth(
    phi_max: float = HIGHEST_PHI,
    rounding: bool = True,
    alpha: float = ALPHA,
    beta: float = BETA,
    gamma: float = GAMMA,
) -> Figure:
    """Draw depth, channels, resolution, MACs and parameters against φ from 0 to `phi_max`.

    With rounding they grow in steps, and dotted lines show them without. Takes some seconds the first time,
    because every layer that occurs is counted once. Raises ValueError for a phi_max that is not positive.
    """
    return draw_growth(phi_max, rounding, alpha, beta, gamma)


def explore() -> "ipywidgets.Widget":
    """A slider for φ and a check box for the rounding, in front of `show_network`.

    Where no kernel runs there is nothing to move: call show_network(phi=1.3) and the like instead.
    """
    import ipywidgets

    phi = ipywidgets.FloatSlider(
        value=0.0,
        min=LOWEST_PHI,
        max=HIGHEST_PHI,
        step=0.1,
        description="φ",
        readout_format=".1f",
        continuous_update=False,
        layout=ipywidgets.Layout(width="32em"),
    )
    rounding = ipywidgets.Checkbox(value=True, description="round to whole layers, channels and pixels", indent=False)
    bases = {name: ipywidgets.fixed(base) for name, base in (("alpha", ALPHA), ("beta", BETA), ("gamma", GAMMA))}
    options = {"auto_display": True}  # without it, the figure would be made and not shown
    return ipywidgets.interactive(show_network, options, phi=phi, rounding=rounding, **bases)
