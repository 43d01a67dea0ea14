"""Exact multiply-adds, parameters and activations of a module, counted without computing anything (but `macs_of_pass`).

A copy of the module runs on torch's meta device, where tensors have shapes and no numbers, under torch's own
FlopCounterMode, which counts two floating-point operations a multiply-add (MAC). Convolutions and matrix
products are counted, as in the EfficientNet paper; normalisation, activation functions and pooling are not.

`input_shape` always has its batch dimension, as in (1, 3, 224, 224), and the counts are of the whole batch.
"""

import copy

import torch
from torch import nn
from torch.utils import flop_counter
from torch.utils.flop_counter import FlopCounterMode

from scalelab._compat.no_compiler import show_to_compiler

show_to_compiler(getattr(flop_counter, "_FlopCounterMode", FlopCounterMode))  # or else the first count takes a second

FLOPS_A_MAC = 2
"""One multiplication and one addition."""

CONVOLUTIONS = (
    nn.Conv1d,
    nn.Conv2d,
    nn.Conv3d,
    nn.ConvTranspose1d,
    nn.ConvTranspose2d,
    nn.ConvTranspose3d,
)


def macs(module: nn.Module, input_shape: tuple[int, ...]) -> int:
    """Multiply-adds of one forward pass in evaluation mode.

    Args:
        module: stays as it is.
        input_shape: with the batch, as in (1, 3, 224, 224); the count is of the whole batch.
    """
    return macs_of_pass(on_meta(module), torch.empty(input_shape, device="meta"))


def macs_of_pass(module: nn.Module, images: torch.Tensor) -> int:
    """Multiply-adds of a forward pass, which is computed as it is, on the module's own device.

    Args:
        module: in the mode that it is to be counted in.
        images: with the batch; the count is of the whole batch.
    """
    return _count(module, images).get_total_flops() // FLOPS_A_MAC


def parameters(module: nn.Module) -> int:
    """Number of trainable parameters; one that several layers share counts once."""
    return sum(parameter.numel() for parameter in module.parameters() if parameter.requires_grad)


def activations(module: nn.Module, input_shape: tuple[int, ...]) -> int:
    """Elements of the outputs of all convolution layers in one forward pass.

    As Dollár, Singh and Girshick define it in *Fast and Accurate Model Scaling* (CVPR 2021), section 3: no
    other layer's output counts. On many accelerators it predicts the run time better than MACs do.

    Args:
        module: stays as it is.
        input_shape: with the batch, as in (1, 3, 224, 224); the count is of the whole batch.
    """
    copied = on_meta(module)
    elements = []
    for layer in copied.modules():
        if isinstance(layer, CONVOLUTIONS):
            layer.register_forward_hook(lambda layer, inputs, output: elements.append(output.numel()))
    with torch.no_grad():
        copied(torch.empty(input_shape, device="meta"))
    return sum(elements)


def layer_macs(module: nn.Module, input_shape: tuple[int, ...]) -> dict[str, int]:
    """Multiply-adds of each layer: {name as in module.named_modules(): MACs}, in the order of execution.

    Layers without multiply-adds are left out. What a module that is no leaf computes itself stands under its
    own name, and so does a module that is nothing but one layer (under ""), so the values add up to `macs`.

    Args:
        module: stays as it is.
        input_shape: with the batch, as in (1, 3, 224, 224); the counts are of the whole batch.
    """
    copied = on_meta(module)
    by_name = _count(copied, torch.empty(input_shape, device="meta")).get_flop_counts()
    root = type(copied).__name__
    totals = {
        "" if name == root else name.removeprefix(root + "."): sum(operators.values()) // FLOPS_A_MAC
        for name, operators in by_name.items()
        if name != "Global"
    }
    own = dict(totals)
    for name, total in totals.items():
        if name:
            own[name.rpartition(".")[0]] -= total
    return {name: count for name, count in own.items() if count}


def on_meta(module: nn.Module) -> nn.Module:
    """A copy of `module` on the meta device in evaluation mode. `module` stays as it is, wherever it is."""
    tensors = [*module.parameters(), *module.buffers()]
    # deepcopy takes what the memo has for a copy: so not even a large module's weights are copied.
    memo = {id(tensor): _emptied(tensor) for tensor in tensors}
    return copy.deepcopy(module, memo).to("meta").eval()


def _emptied(tensor: torch.Tensor) -> torch.Tensor:
    empty = torch.empty_like(tensor, device="meta")
    return nn.Parameter(empty, tensor.requires_grad) if isinstance(tensor, nn.Parameter) else empty


def _count(module: nn.Module, images: torch.Tensor) -> FlopCounterMode:
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        module(images)
    return counter
