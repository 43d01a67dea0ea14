"""The best weights of a run, as a file that holds numbers and nothing that could be run."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import nn

WEIGHTS = "best.safetensors"
"""The file that the best weights are written to."""

MAX_HEADER = 5_000_000
"""Bytes of a header: those of large networks have some hundred thousand."""


@dataclass(frozen=True)
class Header:
    """What a file of weights says of itself. shapes: of each tensor, by name. notes: texts that its writer added."""

    shapes: dict[str, tuple[int, ...]]
    notes: dict[str, str]

    @property
    def numbers(self) -> int:
        """How many numbers the file holds."""
        return sum(math.prod(shape) for shape in self.shapes.values())


def write(model: nn.Module, folder: Path, notes: dict[str, str]) -> None:
    """Write all parameters and buffers to folder/best.safetensors, all of it or nothing.

    Args:
        model: the network.
        folder: where the file goes.
        notes: what the file says of itself: which run it is from, and how good.
    """
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    partial = folder / f"{WEIGHTS}.partial"
    save_file(tensors, partial, metadata=notes)
    partial.replace(folder / WEIGHTS)


def read(model: nn.Module, folder: Path) -> None:
    """Put what `write` wrote into a network.

    Args:
        model: gets the weights.
        folder: of the run.

    Raises:
        FileNotFoundError: if there are no weights.
        RuntimeError: if they do not fit.
    """
    model.load_state_dict(load_file(folder / WEIGHTS))


def header_of(path: Path) -> Header | None:
    """What a file of weights says of itself; None for a file that is missing, is no such file, or holds no numbers.

    The format: 8 bytes with the header's length, the header in JSON (name → dtype, shape, place), then the numbers.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= min(MAX_HEADER, size - 8):
                return None
            content = json.loads(file.read(length))
        notes = {str(key): str(value) for key, value in content.pop("__metadata__", {}).items()}
        shapes = {name: tuple(int(side) for side in entry["shape"]) for name, entry in content.items()}
        ends = max((int(entry["data_offsets"][1]) for entry in content.values()), default=0)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return Header(shapes, notes) if ends and size == 8 + length + ends else None
