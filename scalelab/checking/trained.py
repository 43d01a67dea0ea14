"""What the test of a trained network asks where the student's code runs: each takes and gives plain data or tensors."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import UninitializedTensorMixin  # type: ignore[attr-defined]

from scalelab.data import normalise


def build(function: Callable[[], Any]) -> nn.Module | None:
    """The network that `function` gives; None where it gives something else."""
    network = function()
    if not isinstance(network, nn.Module):
        return None
    network = network.cpu().eval()
    if any(isinstance(one, UninitializedTensorMixin) for one in (*network.parameters(), *network.buffers())):
        with torch.no_grad():
            network(torch.zeros(1, 3, 32, 32))  # lazy layers get their shapes
    return network


def size(network: nn.Module) -> int:
    """Number of parameters and of elements of buffers; what several layers share counts once."""
    return sum(tensor.numel() for tensor in {*network.parameters(), *network.buffers()})


def misfits(network: nn.Module, shapes: dict[str, list[int]]) -> list[str]:
    """The names of the tensors that only one of the two has, or that have another shape. shapes: as in the file."""
    own = {name: list(tensor.shape) for name, tensor in network.state_dict().items()}
    return sorted(name for name in own.keys() | shapes.keys() if own.get(name) != shapes.get(name))


def fill(network: nn.Module, weights: dict[str, torch.Tensor]) -> None:
    """Put `weights` into the network: all of them, and nothing is left out."""
    network.load_state_dict(weights, strict=True)


@torch.inference_mode()
def logits(network: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """What the network makes of images: uint8 [N, 3, 32, 32] → [N, 10]."""
    return network.eval()(normalise(images).contiguous(memory_format=torch.channels_last))
