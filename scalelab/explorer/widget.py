"""The playground's widget: what Python and the browser tell each other. The browser draws; numbers are made here."""

import secrets
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets
from IPython.display import display

from scalelab.b0 import B0
from scalelab.explorer.own_functions import Functions, OwnFunctionFailed, checked, courses_functions
from scalelab.explorer.published import B7, published
from scalelab.explorer.still import still_bundle
from scalelab.explorer.table import GRID, HIGHEST_PHI, LOWEST_PHI, WAYS, Bases, bases_of, network, table
from scalelab.stages import ALPHA, BETA, GAMMA

HERE = Path(__file__).parent
LEAST_BASE, MOST_BASE = 1.0, 2.0


class Explorer(anywidget.AnyWidget):
    """The network at φ, which the reader moves.

    Traits that the reader changes: phi, way ("compound", or one dimension alone), alpha, beta, gamma, budget (10⁹
    multiply-adds, 0 for none) and prediction (the φ of the first new layer; None as long as nothing is predicted).
    """

    _esm = (HERE / "explorer.js").read_text(encoding="utf-8")
    _css = (HERE / "explorer.css").read_text(encoding="utf-8")

    phi = traitlets.Float(0.0, min=LOWEST_PHI, max=HIGHEST_PHI).tag(sync=True)
    way = traitlets.Enum(("compound", *WAYS), "compound").tag(sync=True)
    alpha = traitlets.Float(ALPHA, min=LEAST_BASE, max=MOST_BASE).tag(sync=True)
    beta = traitlets.Float(BETA, min=LEAST_BASE, max=MOST_BASE).tag(sync=True)
    gamma = traitlets.Float(GAMMA, min=LEAST_BASE, max=MOST_BASE).tag(sync=True)
    budget = traitlets.Float(0.0, min=0.0).tag(sync=True)
    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)

    ask = traitlets.Bool(True).tag(sync=True)
    tables = traitlets.Dict().tag(sync=True)
    rate = traitlets.Float(1.0).tag(sync=True)
    own_phis = traitlets.List(traitlets.Float()).tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    ghosts = traitlets.Dict().tag(sync=True)
    largest = traitlets.Dict().tag(sync=True)
    published = traitlets.List(traitlets.Dict()).tag(sync=True)
    source = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Float(GRID).tag(sync=True)
    still = traitlets.Unicode("").tag(sync=True)

    _remembered: ClassVar[float | None] = None
    """The last prediction of this kernel's: a cell that is run again asks for none."""

    def __init__(self, own: dict[str, Callable[..., Any]], **start: Any):
        """Make the tables and show them from `start`, values of traits.

        own: functions of the student's; see `scalelab.explorer.own_functions.checked`.
        """
        self._own = own
        rows, source = published()
        super().__init__(
            published=rows, source=source, still=f"still-{secrets.token_hex(8)}", **_fixed_networks(), **start
        )
        if self.prediction is None:
            self.prediction = Explorer._remembered
        self._remember()
        self._made_of: Bases | None = None
        self._make()
        self.observe(lambda change: self._make(), ["alpha", "beta", "gamma"])
        self.observe(lambda change: self._remember(), "prediction")

    def _remember(self) -> None:
        Explorer._remembered = self.prediction

    def _make(self) -> None:
        """The tables of α, β and γ; of the student's functions, or of the course's where those fail."""
        bases = (self.alpha, self.beta, self.gamma)
        if bases == self._made_of:
            return
        error, own_phis = "", []
        try:
            functions = checked(self._own)
            tables = _tables(functions, bases)
            own_phis = _own_phis(functions, self.alpha)
        except OwnFunctionFailed as problem:
            error = f"{problem}. So the course's own functions drive this picture."
            tables = _tables(courses_functions(), bases)
        rate = self.alpha * self.beta**2 * self.gamma**2
        with self.hold_sync():
            self.tables, self.rate, self.own_phis, self.error = tables, rate, own_phis, error
        self._made_of = bases

    def _ipython_display_(self) -> None:
        """The still picture, and then the widget, which hides it."""
        data, metadata = still_bundle(self.still, self.alpha, self.beta, self.gamma)
        display(data, metadata=metadata, raw=True)
        bundle = self._repr_mimebundle_()
        if bundle is not None:
            display(bundle[0], metadata=bundle[1], raw=True)


def _tables(functions: Functions, bases: Bases) -> dict[str, dict[str, list]]:
    return {way: table(functions, bases_of(way, *bases)) for way in ("compound", *WAYS)}


def _own_phis(functions: Functions, alpha: float) -> list[float]:
    """Where the student's own function has new layers, of all stages."""
    if functions.emergence is None or alpha <= 1:
        return []
    return sorted(
        {phi for repeats in {row[5] for row in B0} for phi in functions.emergence(repeats, alpha, HIGHEST_PHI)}
    )


def _fixed_networks() -> dict[str, dict]:
    """B0 and B7, and the largest sizes that have to fit into the picture: those never change."""
    functions = courses_functions()
    b0, b7, last = (
        asdict(network(functions, bases, phi))
        for bases, phi in (((ALPHA, BETA, GAMMA), 0.0), (B7, 1.0), ((ALPHA, BETA, GAMMA), HIGHEST_PHI))
    )
    for one in (b0, b7):
        one["stage_macs"] = one.pop("macs")
    sizes = ("layers", "channels", "pixels")
    largest = {size: [max(pair) for pair in zip(b7[size], last[size], strict=True)] for size in sizes}
    return {"ghosts": {"B0": b0, "B7": b7}, "largest": largest}
