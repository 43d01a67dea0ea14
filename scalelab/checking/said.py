"""What a room says of a network, checked before anything is computed from it: exact types, ranges and sizes.

Student code can forge all of it. A text in the place of a number, or a number of thousands of millions, must not reach
any arithmetic, nor a loop. What is malformed is left out, and so is right of nothing.
"""

import base64
import json
import sys
from array import array
from collections.abc import Callable
from math import isfinite, prod
from typing import Any, NamedTuple

MOST = 10**8
"""What a size, and the number of a layer's channels, may be at most. B7 has 2,560 channels."""

MOST_ELEMENTS = 10**12
"""What a count of parameters may be at most; of multiply-adds, the square of it."""

MOST_LAYERS = 10_000
MOST_DIMENSIONS = 8


class Layer(NamedTuple):
    """A layer that holds weights. kind: "convolution" (a Linear is one, too) or "norm". All else as torch has it."""

    kind: str
    inputs: int
    outputs: int
    kernel: int
    stride: int
    padding: Any
    groups: int
    bias: bool
    eps: float


def output_said(given: dict[str, Any]) -> dict[str, Any]:
    """What scalelab.checking.filled.outputs gave, as it may be computed with.

    Args:
        given: plain data of a room.

    Returns:
        "shape": a list of sizes, or None. "values": as many numbers as the shape has, or none. "layers": JSON of rows
        that are Layers, or None. "momenta": a list of floats, or None. "repeated" and "loose": counts, or None.
        "named": a bool.
    """
    shape = _shape(given.get("shape"))
    values = unpacked(given.get("values"))
    return {
        "shape": shape,
        "values": values if shape is not None and len(values) == prod(shape) else [],
        "layers": given.get("layers") if _rows(given.get("layers")) is not None else None,
        "momenta": _floats(given.get("momenta")),
        "repeated": _count(given.get("repeated")),
        "loose": _count(given.get("loose")),
        "named": given.get("named") is True,
    }


def counts_said(given: Any) -> dict[str, int]:
    """The same of what scalelab.checking.filled.counts gave: "parameters" and "macs", as far as they are counts."""
    counts = given if isinstance(given, dict) else {}
    limits = {"parameters": MOST_ELEMENTS, "macs": MOST_ELEMENTS**2}
    return {name: counts[name] for name, most in limits.items() if _is_whole(counts.get(name), most)}


def layers_said(text: Any) -> list[Layer]:
    """The layers that a room describes, which is good for hints and for nothing else; none if any is malformed."""
    return [Layer(*row) for row in _rows(text) or ()]


def unpacked(values: Any) -> list[float]:
    """The numbers that filled.packed wrote; none where it is no text of its kind."""
    try:
        numbers = array("f", base64.b64decode(values, validate=True))
    except (TypeError, ValueError):
        return []
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tolist()


def _shape(sizes: Any) -> list[int] | None:
    good = type(sizes) is list and len(sizes) <= MOST_DIMENSIONS and all(_is_whole(size, MOST) for size in sizes)
    return sizes if good else None


def _rows(text: Any) -> list[list[Any]] | None:
    """The rows of "layers"; None if it is no JSON of such rows."""
    try:
        rows = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
    good = type(rows) is list and len(rows) <= MOST_LAYERS and all(map(_is_layer, rows))
    return rows if good else None


def _is_layer(row: Any) -> bool:
    return type(row) is list and len(row) == len(FIELDS) and all(map(lambda fits, one: fits(one), FIELDS, row))


def _floats(values: Any) -> list[float] | None:
    good = type(values) is list and len(values) <= MOST_LAYERS and all(type(one) is float for one in values)
    return values if good else None


def _count(value: Any) -> int | None:
    return value if _is_whole(value, MOST_ELEMENTS) else None


def _is_whole(value: Any, most: int, least: int = 0) -> bool:
    """Whether it is an int, which True is not, within a range."""
    return type(value) is int and least <= value <= most


def _is_size(value: Any) -> bool:
    return _is_whole(value, MOST, 1)


FIELDS: tuple[Callable[[Any], bool], ...] = (
    lambda kind: type(kind) is str and kind in ("convolution", "norm"),
    _is_size,
    _is_size,
    _is_size,
    _is_size,
    lambda padding: _is_whole(padding, MOST) or (type(padding) is str and padding in ("same", "valid")),
    _is_size,
    lambda bias: type(bias) is bool,
    lambda eps: type(eps) in (int, float) and isfinite(eps) and 0 <= eps <= 1,
)
"""What each field of a Layer must be."""
