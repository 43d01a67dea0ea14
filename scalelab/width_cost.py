"""What EfficientNet's layers cost at any width, from counts of a few widths that are kept in a file.

Counting a layer takes some 20 ms, and a table over φ has hundreds of them. But counts are polynomials in the channels,
at most of the second degree. So one layer of each kind was counted at five widths (`data/make_layer_counts.py` writes
layer_counts.json with `scalelab.layer_cost`), and the polynomials through those five counts give all others: exactly
for channels in multiples of 8, which are all that EfficientNet has, and for others to the next whole number.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("layer_counts.json")

NEAREST, STEP = 16, 16
"""Input and output channels of the smallest layer that was counted, and from one to the next."""

SIZES = ((0, 0), (1, 0), (2, 0), (0, 1), (1, 1))
"""The five sizes that were counted: steps of the input channels and of the output channels."""

Kind = tuple[str, int, int, int]
"""Of a layer: "stem", "MBConv" or "head", its expand ratio, kernel and stride."""


@dataclass(frozen=True)
class WidthCost:
    """A layer's multiply-adds at each position of its input and of its output, those paid once, and its parameters."""

    at_input: int
    at_output: int
    once: int
    parameters: int

    def macs(self, input_side: int, output_side: int) -> int:
        """Multiply-adds on square maps.

        Args:
            input_side: of the layer's input, in pixels.
            output_side: of its output.
        """
        return self.at_input * input_side**2 + self.at_output * output_side**2 + self.once


@cache
def width_cost(kind: Kind, input_channels: int, out_channels: int) -> WidthCost:
    """What a layer of a kind costs with so many channels.

    Args:
        kind: one that was counted; see `Kind`.
        input_channels: of its input; always 3 for the stem.
        out_channels: of its output. Counts are exact for multiples of 8.

    Raises:
        KeyError: if no layer of this kind was counted.
    """
    into, out = input_channels - NEAREST, out_channels - NEAREST
    return WidthCost(*(_between(five, into, out) for five in _counted()[kind]))


@cache
def _counted() -> dict[Kind, list[list[int]]]:
    """Of each kind of layer the four numbers of `WidthCost`, at each of SIZES."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return {tuple(row["kind"]): row["counts"] for row in rows}


def _between(five: list[int], into: int, out: int) -> int:
    """The polynomial a + b·into + c·out + d·into² + e·into·out through the values at SIZES, so many channels on."""
    first, second, third, wider, both = five
    along = 2 * STEP * into * (second - first) + into * (into - STEP) * (third - 2 * second + first)
    across = 2 * out * (STEP * (wider - first) + into * (both - second - wider + first))
    return first + (along + across) // (2 * STEP**2)
