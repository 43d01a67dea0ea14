"""Writes scalelab/layer_counts.json: each kind of EfficientNet's layers, counted at five widths.

`scalelab.width_cost` says what for. It takes a few seconds; a test counts them anew.

Run it with: python data/make_layer_counts.py
"""

import json

from scalelab.b0 import B0
from scalelab.layer_cost import Layer, layer_cost
from scalelab.width_cost import FILE, NEAREST, SIZES, STEP, Kind

KINDS: tuple[Kind, ...] = (
    ("stem", 0, 3, 2),
    *sorted({("MBConv", row[0], row[1], stride) for row in B0 for stride in (row[2], 1)}),
    ("head", 0, 1, 1),
)


def counts(kind: Kind) -> list[list[int]]:
    """Multiply-adds at each position of the input and of the output, those paid once, and parameters; each at SIZES."""
    return [list(number) for number in zip(*(_numbers(kind, *size) for size in SIZES), strict=True)]


def _numbers(kind: Kind, into: int, out: int) -> list[int]:
    channels = (3 if kind[0] == "stem" else NEAREST + STEP * into, NEAREST + STEP * out)
    cost = layer_cost(Layer(*kind, *channels))
    macs = [sum(term.count for term in cost.macs if term.place == place) for place in ("input", "output", "once")]
    return [*macs, sum(term.count for term in cost.parameters)]


if __name__ == "__main__":
    rows = [{"kind": kind, "counts": counts(kind)} for kind in KINDS]
    lines = ",\n".join(json.dumps(row) for row in rows)
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
