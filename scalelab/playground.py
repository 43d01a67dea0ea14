"""The scaling-function playground of problem 3.1: what a network looks like at φ, and how it grows with φ.

`show_network` and `show_growth` are pure functions with good defaults. `explore` is a widget: the reader moves φ, and
the browser draws. The numbers come from `scalelab.stages`, which says how they are made.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from scalelab.figures.growth_figure import draw_growth
from scalelab.figures.network_figure import draw_network
from scalelab.stages import ALPHA, BETA, GAMMA, Stage, scaled_stages

if TYPE_CHECKING:
    from scalelab.explorer.widget import Explorer

__all__ = ["Stage", "explore", "scaled_stages", "show_growth", "show_network"]

HIGHEST_PHI = 7.0
OWN = {"coefficients", "repeats", "channels", "emergence"}
"""Names by which `explore` takes the student's own functions."""


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
    The head has four times the last stage's channels (torchvision's rule; the reference rounds 1280 · width).

    Args:
        phi: the compound coefficient; 0 is B0.
        rounding: whole layers, channels and pixels as torchvision rounds them; without, fractions.
        alpha: the base of the depth.
        beta: the base of the width.
        gamma: the base of the resolution.
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

    With rounding they grow in steps, and dotted lines show them without. A stage has the same colour everywhere.

    Args:
        phi_max: where the axis of φ ends.
        rounding: whole layers, channels and pixels as torchvision rounds them; without, fractions.
        alpha: the base of the depth.
        beta: the base of the width.
        gamma: the base of the resolution.

    Raises:
        ValueError: if phi_max is not positive.
    """
    return draw_growth(phi_max, rounding, alpha, beta, gamma)


def explore(
    phi: float = 0.0,
    prediction: float | None = None,
    predict: bool = True,
    budget: float = 0.0,
    **own: Callable[..., Any],
) -> "Explorer | None":
    """The network at φ, drawn in the browser while you move φ. Without a kernel a still picture stands in its place.

    Args:
        phi: where the slider begins, from −3 to 7.
        prediction: the φ at which you expect the first new layer. What you write down in the picture is remembered
            until the kernel ends; written here, it stays in your notebook.
        predict: whether the slider waits for a prediction.
        budget: a line at so many multiply-adds, in 10⁹; 0 for no line.
        own: functions of your own that drive the picture: coefficients(phi, alpha, beta, gamma), repeats(repeats,
            depth), channels(channels, width), and emergence(repeats, alpha, phi_max), whose φ are marked.

    Raises:
        TypeError: if `own` has another name.
    """
    unknown = set(own) - OWN
    if unknown:
        raise TypeError(f"explore() knows no {min(unknown)}: your own functions are {', '.join(sorted(OWN))}")
    try:
        from scalelab.explorer.widget import Explorer
    except ImportError as problem:
        _show_still(problem)
        return None
    return Explorer(own, phi=phi, budget=budget, ask=predict, prediction=prediction)


def _show_still(problem: ImportError) -> None:
    """For places where the widget cannot be: the picture alone, and a line that says why."""
    from IPython.display import display

    from scalelab.explorer.still import still_bundle

    data, metadata = still_bundle("", ALPHA, BETA, GAMMA)
    display(data, metadata=metadata, raw=True)
    print(f"Only a still picture, because anywidget cannot be imported ({problem}): python -m pip install anywidget")
