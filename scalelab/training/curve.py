"""The curve that grows while a network trains, where a notebook can show it."""

import sys
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from scalelab.figures.plots import BLUE, ORANGE, alt_text, style
from scalelab.training.record import Epoch


class LiveCurve:
    """Shows accuracy by epoch below a notebook's cell, drawn anew after each; elsewhere it shows nothing."""

    def __init__(self, name: str):
        self.name = name
        self._handle = None

    def show(self, history: list[Epoch]) -> None:
        """Draw the epochs so far."""
        if not _in_notebook():
            return
        from IPython.display import display

        figure = draw(history, self.name)
        if self._handle is None:
            self._handle = display(figure, display_id=True)
        else:
            self._handle.update(figure)


@style()
def draw(history: list[Epoch], name: str = "") -> Figure:
    """Accuracy on the training and on the test images after each epoch, in percent.

    Args:
        history: at least one epoch.
        name: of the run, which is the title.
    """
    figure = Figure(figsize=(6, 3))
    axis = figure.add_subplot()
    epochs = [epoch.epoch for epoch in history]
    small: dict[str, Any] = {"markersize": 4}
    axis.plot(epochs, [e.train_accuracy for e in history], color=BLUE, marker="o", label="training images", **small)
    axis.plot(epochs, [e.accuracy for e in history], color=ORANGE, marker="s", label="test images", **small)
    axis.set(xlabel="epoch", ylabel="accuracy (%)", title=name, ylim=(0, 100))
    axis.set_xlim(0.5, epochs[-1] + 0.5)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axis.legend(loc="best")
    last = history[-1]
    text = f"Accuracy by epoch: after {last.epoch}, {last.train_accuracy:.0f}% of the training images and "
    return alt_text(figure, f"{text}{last.accuracy:.0f}% of the test images are named rightly.")


def _in_notebook() -> bool:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell is not None and hasattr(shell, "kernel")
