"""Fills a network's weights from a seed and runs it: what two implementations of one network agree on.

This runs where the network is: in a notebook, or in the judge's room beside the student's code, and in the judge
on torchvision's implementation. Weights are given to the layers that hold any (Conv2d, BatchNorm2d and Linear) in
the order in which these run, so names and nesting do not matter. A Linear and a 1 × 1 Conv2d get the same numbers.
"""

from typing import Any

import torch
from torch import nn

from scalelab import counting

LAYERS = (nn.Conv2d, nn.BatchNorm2d, nn.Linear)

GAIN = 0.3
"""Weights have a standard deviation of GAIN / √(inputs of an output). BatchNorm makes up for it; with 0.3, its
variances are so small that eps counts, and the gates of squeeze-and-excitation stay away from 0 and 1."""


def outputs(
    build: Any,
    sizes: list,
    options: dict[str, Any],
    seed: int,
    shape: list[int],
    training: bool = False,
    alike: bool = False,
    silent: bool = False,
) -> dict[str, Any]:
    """What `build(*sizes, **options)`, filled from `seed`, gives for inputs drawn from `seed`, as plain data.

    shape: of the input, [N, C, H, W]. training: the network is in training mode, and only its BatchNorms are not,
    so that no image has to do with another. alike: all images are the same. silent: the last layer gives zeros.

    "values" are the output's numbers in a row, "shape" is its shape. "layers" describes the layers in their order,
    "repeated" is how many of them run more than once, and "loose" how many parameters belong to none that ran.
    """
    network = build(*sizes, **options)
    if not isinstance(network, nn.Module):
        return {"module": False}
    images = inputs(seed, shape, alike)
    network.eval()
    with torch.no_grad():
        runs = fill(network, seed, images)
        if alike:
            images = images[:1].expand(*shape).contiguous()
        layers = list(runs)
        if silent:
            for tensor in layers[-1].parameters():
                tensor.zero_()
        if training:
            torch.manual_seed(seed)
            network.train()
            for layer in layers:
                layer.eval()
        given = network(images)
    if not isinstance(given, torch.Tensor):
        return {"module": True, "tensor": False}
    held = {id(tensor) for layer in layers for tensor in layer.parameters(recurse=False)}
    return {
        "module": True,
        "tensor": True,
        "shape": list(given.shape),
        "values": given.flatten().tolist(),
        "layers": [describe(layer) for layer in layers],
        "repeated": sum(count > 1 for count in runs.values()),
        "loose": sum(tensor.numel() for tensor in network.parameters() if id(tensor) not in held),
    }


def inputs(seed: int, shape: list[int], alike: bool = False) -> torch.Tensor:
    """The images that `outputs` draws from `seed`: float32 of `shape`; where they are alike, the first of two."""
    return torch.randn(2 if alike else shape[0], *shape[1:], generator=torch.Generator().manual_seed(seed))


def counts(build: Any, sizes: list, options: dict[str, Any], shape: list[int] | None) -> dict[str, int]:
    """The parameters of `build(*sizes, **options)` and, where there is a shape, its multiply-adds for such an input.

    It is built on the meta device, where weights take no room, or else as it is where it cannot be built there.
    """
    try:
        with torch.device("meta"):
            return _counted(build(*sizes, **options), shape)
    except Exception:  # whatever a network that looks at its own numbers stumbles over on the meta device
        return _counted(build(*sizes, **options), shape)


def _counted(network: nn.Module, shape: list[int] | None) -> dict[str, int]:
    macs = {} if shape is None else {"macs": counting.macs(network, tuple(shape))}
    return {"parameters": counting.parameters(network)} | macs


def fill(network: nn.Module, seed: int, trial: torch.Tensor) -> dict[nn.Module, int]:
    """Fill the layers of `network` in the order in which they run on the images `trial`.

    A BatchNorm's running statistics are those of what comes in on the trial, disturbed a little, so that signals
    neither vanish nor explode, however deep the network. Biases come last, or BatchNorm would swallow them.
    Returns how often each layer runs, in order.
    """
    runs: dict[nn.Module, int] = {}

    def visit(layer: nn.Module, inputs: tuple[torch.Tensor]) -> None:
        runs[layer] = runs.get(layer, 0) + 1
        if runs[layer] == 1:
            _fill_layer(layer, _Numbers(seed, len(runs)), inputs[0])

    hooks = [part.register_forward_pre_hook(visit) for part in network.modules() if isinstance(part, LAYERS)]
    network(trial)
    for hook in hooks:
        hook.remove()
    for place, layer in enumerate(runs, start=1):
        if layer.bias is not None and not isinstance(layer, nn.BatchNorm2d):
            layer.bias.copy_(0.5 * _Numbers(seed, place).normal(layer.bias, stream=1))
    return runs


class _Numbers:
    """Random numbers that depend on the seed, on a layer's place among the layers, and on nothing else."""

    def __init__(self, seed: int, place: int):
        self._seed = (seed * 1009 + place) * 4

    def normal(self, like: torch.Tensor, stream: int) -> torch.Tensor:
        """Of the shape of `like`. stream: 0 to 3, so that one tensor too many in a layer changes no other."""
        return torch.randn(like.numel(), generator=self._generator(stream)).reshape(like.shape)

    def around_one(self, like: torch.Tensor, stream: int) -> torch.Tensor:
        """From 0.5 to 1.5."""
        return 0.5 + torch.rand(like.numel(), generator=self._generator(stream)).reshape(like.shape)

    def _generator(self, stream: int) -> torch.Generator:
        return torch.Generator().manual_seed(self._seed + stream)


def _fill_layer(layer: nn.Module, numbers: _Numbers, given: torch.Tensor) -> None:
    """Fill all but the bias, which is put to zero. given: what comes in on the trial."""
    if not isinstance(layer, nn.BatchNorm2d):
        if layer.bias is not None:
            layer.bias.zero_()
        inputs = layer.weight[0].numel()
        layer.weight.copy_(GAIN / inputs**0.5 * numbers.normal(layer.weight, stream=0))
        return
    if layer.affine:
        layer.weight.copy_(numbers.around_one(layer.weight, stream=0))
        layer.bias.copy_(0.5 * numbers.normal(layer.bias, stream=1))
    if layer.track_running_stats:
        mean = given.mean((0, 2, 3))
        spread = (given - mean[:, None, None]).square().mean()
        layer.running_mean.copy_(mean + 0.3 * spread.sqrt() * numbers.normal(mean, stream=2))
        layer.running_var.copy_(spread * numbers.around_one(mean, stream=3))


def describe(layer: nn.Module) -> list[Any]:
    """A layer as scalelab.checking.networks.Layer has it. A Linear is the 1 × 1 convolution of a single pixel."""
    if isinstance(layer, nn.BatchNorm2d):
        return ["norm", layer.num_features, layer.num_features, 1, 1, 0, 1, layer.affine, layer.eps]
    bias = layer.bias is not None
    if isinstance(layer, nn.Linear):
        return ["convolution", layer.in_features, layer.out_features, 1, 1, 0, 1, bias, 0.0]
    padding = layer.padding if isinstance(layer.padding, str) else layer.padding[0]
    shape = [layer.in_channels, layer.out_channels, layer.kernel_size[0], layer.stride[0], padding]
    return ["convolution", *shape, layer.groups, bias, 0.0]
