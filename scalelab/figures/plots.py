"""The course's one figure style, and alt text for figures.

Colours are told apart by readers with colour-blindness (Okabe & Ito, *Color Universal Design*), and never
carry a meaning alone: a hatch, a marker, a line style or a label says the same.
"""

import base64
import html
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib
from cycler import cycler
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
SKY, YELLOW = "#56B4E9", "#E69F00"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, YELLOW, SKY)
MARKERS = ("o", "s", "^", "D", "v", "P")
HATCHES = ("", "////", "\\\\\\\\", "xxxx", "++", "||||")
INK, MUTED, FAINT = "#222222", "#6b6b6b", "#d9d9d9"

LEAST_WIDTH = 40
"""Of a shown figure, in the size of the text around it. On a narrow page or a zoomed one, a figure is then scrolled."""

WIDTH = 10.0
"""Inches of a figure that fills a notebook's column."""

_STYLE: "dict[RcKeyType, Any]" = {
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "text.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.8,
    "hatch.linewidth": 0.8,
}

# Type 42 keeps text as text in a PDF. In an SVG, glyphs are paths, which look alike where our font is
# missing. Dots are no good as a hatch: an SVG of them is eight times as large.
_DRAWING: "dict[RcKeyType, Any]" = {"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "scalelab"}


@contextmanager
def style() -> Iterator[None]:
    """Figures that are made within `with style():` have the course's style; others are left alone."""
    cycle = cycler(color=COLOURS, marker=MARKERS)
    with matplotlib.rc_context(_STYLE | _DRAWING | {"axes.prop_cycle": cycle}):
        yield


def alt_text(figure: Figure, text: str) -> Figure:
    """Give `figure` a description for those who cannot see it; returns the same figure.

    A notebook then shows the figure, once, where it is the last value of a cell or given to `display`.
    JupyterLab has no place for alt text but an `<img alt=…>` in HTML, so that is what it gets, with the
    figure in it as SVG. The PNG beside it carries the text in its metadata, where nbconvert looks for it.

    The image fills the column at most, and has no less than LEAST_WIDTH times the size of the notebook's text. So it
    grows with the browser's zoom (Ctrl +), and with JupyterLab's Settings → Theme → Increase Content Font Size: where
    the column is too narrow for it, it can be scrolled. A right click and "Create New View for Cell Output" give it a
    panel of its own.

    Args:
        figure: drawn; it is closed in pyplot.
        text: what there is to see, in a sentence or two.

    Raises:
        ValueError: if the text is empty.
    """
    if not text.strip():
        raise ValueError("a figure's alt text is empty: say in a sentence what there is to see")
    vars(figure)["alt_text"] = told = " ".join(text.split())
    vars(figure)["_repr_mimebundle_"] = _Bundle(figure, told)
    if "matplotlib.pyplot" in sys.modules:
        # The inline backend would draw an open figure again at the end of the cell, without its alt text.
        sys.modules["matplotlib.pyplot"].close(figure)
    return figure


class _Bundle:
    """What IPython asks a figure for when it displays it: its MIME types, and their metadata."""

    def __init__(self, figure: Figure, text: str):
        self.figure = figure
        self.text = text

    def __call__(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        text = self.text
        picture = base64.b64encode(_drawn(self.figure, "svg")).decode()
        source = f"data:image/svg+xml;base64,{picture}"
        natural = f"{self.figure.get_figwidth():.2f}in"  # an inch is 96 px: an SVG of matplotlib's has its true size
        size = f"width:100%;max-width:{natural};min-width:min({LEAST_WIDTH}em,{natural})"
        image = f'<img alt="{html.escape(text)}" src="{source}" style="{size}">'
        bundle = {
            "text/html": f'<div tabindex="0" style="overflow-x:auto">{image}</div>',
            "text/plain": f"Figure: {text}",
        }
        if not _ipython_draws_png(self.figure):
            bundle["image/png"] = base64.b64encode(_drawn(self.figure, "png")).decode()
        return bundle, {"image/png": {"alt": text}}


def _ipython_draws_png(figure: Figure) -> bool:
    """Whether the inline backend is at work, which adds a PNG of its own to whatever a figure gives."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return False
    try:
        shell.display_formatter.formatters["image/png"].lookup(figure)
    except KeyError:
        return False
    return True


def _drawn(figure: Figure, kind: str) -> bytes:
    buffer = io.BytesIO()
    with matplotlib.rc_context(_DRAWING):
        figure.savefig(buffer, format=kind, bbox_inches="tight", metadata={"Date": None} if kind == "svg" else None)
    return buffer.getvalue()
