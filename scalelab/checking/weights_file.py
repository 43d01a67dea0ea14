"""Looks into a safetensors file, and trusts nothing in it.

The format: 8 bytes with the header's length, the header in JSON (name → dtype, shape, place), then the numbers.
"""

import math
from pathlib import Path
from typing import Any

from notebook_checks.expect import Unexpected

MAX_HEADER = 5_000_000
"""Bytes of a header: those of large networks have some hundred thousand."""

FLOATING = {"F16", "BF16", "F32", "F64"}
"""What weights are."""

WHOLE = {"BOOL", "U8", "I8", "I16", "I32", "I64"}
"""What buffers may be as well: BatchNorm counts its batches, and Swin's attention has tables of positions and masks."""

MAX_WHOLE = 500_000
"""Elements of whole numbers in a file. Swin-B has 67,000. They are not rounded, so they could hold images."""

WHOLE_NUMBERS_HINT = "The file holds very many whole numbers, and weights are fractions: what are these buffers for?"
OTHER_NUMBERS_HINT = "Some weights are of a kind of number that is not read here: save them as float32 or float16."
BROKEN = "This is no file of weights: run the training cell again, and hand in what it writes."


def shapes_in(path: Path) -> dict[str, list[int]]:
    """The shape of each tensor in a file of weights: name → sizes.

    Raises:
        Unexpected: for any other file, and for one with very many whole numbers.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with path.open("rb") as file:
            if int.from_bytes(file.read(8), "little") > MAX_HEADER:
                raise ValueError
        with safe_open(path, framework="numpy") as opened:  # maps the file, and reads no more than its header
            entries = {name: opened.get_slice(name) for name in opened.keys()}  # noqa: SIM118
            shapes = {name: _shape(entry) for name, entry in entries.items()}
            whole = sum(math.prod(shapes[name]) for name, entry in entries.items() if entry.get_dtype() in WHOLE)
    except (SafetensorError, OSError, ValueError):
        raise Unexpected(f"{path.name} cannot be read", BROKEN) from None
    if not shapes:
        raise Unexpected(f"{path.name} holds no weights", BROKEN)
    if whole > MAX_WHOLE:
        raise Unexpected(f"{path.name} holds {whole:,} whole numbers", WHOLE_NUMBERS_HINT)
    return shapes


def elements_in(path: Path) -> int:
    """How many numbers a file of weights holds, buffers included.

    Raises:
        Unexpected: as `shapes_in` does.
    """
    return sum(math.prod(shape) for shape in shapes_in(path).values())


def weights_in(path: Path) -> dict[str, Any]:
    """The tensors in a file of weights, by name.

    Raises:
        Unexpected: as `shapes_in` does, or if the numbers cannot be read.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    shapes_in(path)
    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError):
        raise Unexpected(f"{path.name} cannot be read", BROKEN) from None


def _shape(entry: Any) -> list[int]:
    """The shape of a tensor in an open file.

    Raises:
        Unexpected: for numbers that are none of weights or of a buffer.
        ValueError: for very many dimensions.
    """
    shape = entry.get_shape()
    if len(shape) > 8:
        raise ValueError
    if entry.get_dtype() not in FLOATING | WHOLE:
        raise Unexpected(f"the file holds numbers of the kind {entry.get_dtype()}", OTHER_NUMBERS_HINT)
    return shape
