"""The best weights of a run, as a file that holds numbers and nothing that could be run."""

from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import nn

WEIGHTS = "best.safetensors"
"""The file that the best weights are written to."""


def write(model: nn.Module, folder: Path) -> None:
    """Write all parameters and buffers to folder/best.safetensors, all of it or nothing."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    partial = folder / f"{WEIGHTS}.partial"
    save_file(tensors, partial)
    partial.replace(folder / WEIGHTS)


def read(model: nn.Module, folder: Path) -> None:
    """Put what `write` wrote into `model`. Raises FileNotFoundError, or RuntimeError where it does not fit."""
    model.load_state_dict(load_file(folder / WEIGHTS))
