"""What the test of a trained network asks where the student's code runs: each takes and gives plain data or tensors."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from scalelab.checking.filled import give_shapes
from scalelab.checking.neutral import neutral
from scalelab.checking.weight_names import COUNT, pair, weights_of
from scalelab.data import normalise


def build(function: Callable[[], Any]) -> nn.Module | None:
    """The network that `function` gives; None where it gives something else."""
    with neutral():
        network = function()
        if not isinstance(network, nn.Module):
            return None
        network = network.cpu().eval()
        give_shapes(network, torch.zeros(1, 3, 32, 32))
    return network


def size(network: nn.Module) -> int:
    """Number of parameters and of elements of buffers; what several layers share counts once."""
    return sum(tensor.numel() for tensor in {*network.parameters(), *network.buffers()})


def misfits(network: nn.Module, shapes: dict[str, list[int]]) -> list[str]:
    """The names of the tensors that only one of the two has, or that have another shape.

    A file may lack BatchNorm's counts of batches.

    Args:
        network: that the weights should fit.
        shapes: name in the file → sizes.
    """
    state = network.state_dict()
    own = {name: list(tensor.shape) for name, tensor in state.items()}
    paired = pair(own, shapes)
    alone = weights_of(own, shapes) - paired.keys()
    alone -= {name for name in alone if name.rpartition(".")[2] == COUNT and own[name] == []}
    # safetensors' save_model leaves out the other names of a tensor that several layers share.
    filled = {_place(state[name]) for name in paired}
    alone = {name for name in alone if _place(state[name]) not in filled} | (
        weights_of(shapes, own) - set(paired.values())
    )
    return sorted(alone | {name for name, other in paired.items() if own[name] != shapes[other]})


def _place(tensor: torch.Tensor) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """Where a tensor's numbers lie: names with the same place are names of one tensor."""
    return tensor.data_ptr(), tuple(tensor.shape), tensor.stride()


def fill(network: nn.Module, weights: dict[str, torch.Tensor]) -> None:
    """Put weights into a network: all of them, and nothing is left out.

    Args:
        network: whose names may lack what wrappers have put into those of the weights. A tensor of several names is
            filled by the one that the file has.
        weights: name in the file → tensor. They fit, as `misfits` has found.
    """
    own = network.state_dict()
    named = {name: weights[other] for name, other in pair(own, weights).items()}
    with torch.inference_mode():  # a network that was built in it allows no change outside of it
        network.load_state_dict(own | named, strict=True)


def logits(network: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """What the network makes of images.

    Args:
        network: is put into evaluation mode.
        images: uint8 [N, 3, 32, 32], as they are stored; they are normalised here.

    Returns:
        Logits, [N, 10].
    """
    with neutral(), torch.inference_mode():
        given = normalise(images).to(_kind_of_numbers(network)).contiguous(memory_format=torch.channels_last)
        return network.eval()(given)


def _kind_of_numbers(network: nn.Module) -> torch.dtype:
    """What the network computes with: float32 but for networks that were made with another one."""
    return next((one.dtype for one in network.parameters() if one.is_floating_point()), torch.float32)
