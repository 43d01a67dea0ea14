"""Runs a network that is filled from a seed: what two implementations of one network agree on.

This runs where the network is: in a notebook, or in the judge's room beside the student's code, and in the judge
on torchvision's implementation.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import UninitializedTensorMixin  # type: ignore[attr-defined]

from notebook_checks.values import plain
from scalelab import counting
from scalelab.checking.filling import LAYERS, Layer, fill, numbers_kept
from scalelab.checking.neutral import neutral
from scalelab.checking.packing import packed


def outputs(
    build: Any,
    sizes: list,
    options: dict[str, Any],
    seed: int,
    shape: list[int],
    training: bool = False,
    alike: bool = False,
    silent: bool = False,
    without: str = "",
    passes: int = 1,
) -> dict[str, Any]:
    """What `build(*sizes, **options)`, filled from `seed`, gives for inputs drawn from `seed`, as plain data.

    Args:
        build: gives the network.
        sizes: its positional arguments.
        options: its keywords.
        seed: of the weights and of the images.
        shape: of the input, [N, C, H, W].
        training: the network is in training mode, and only its BatchNorms are not, so that no image has to do with
            another.
        alike: all images are the same.
        silent: the last layer gives zeros.
        without: the name of a module whose parameters are zeros; "" for none.
        passes: how often the images are run through the network, one time after the other.

    Returns:
        "module" and "tensor": whether it is an nn.Module, and gives a tensor; without these, nothing else. "named":
        whether there is a module called `without`. "values": the output's numbers in a row as `packed` has them, and
        "shape" its shape; the outputs of all passes are one batch. "layers": the layers in their order, as JSON.
        "repeated": how many of them run more than once. "momenta": those of the BatchNorms, each once. "loose": how
        many parameters belong to no layer that ran.
    """
    with neutral(), numbers_kept():
        with neutral(), _cheap_start() as left_out:  # what it sets while it is built is put back
            network = build(*sizes, **options)
        if not isinstance(network, nn.Module):
            return {"module": False}
        images = inputs(seed, shape, alike)
        network.eval()
        with torch.no_grad():
            _start_others(network, left_out)
            give_shapes(network, images.clone())
            runs, given = fill(network, seed, images.clone())  # a network may add to its input in place
            layers = list(runs)
            if alike:
                images = images[:1].expand(*shape).contiguous()
            if silent and layers:
                for tensor in layers[-1].parameters():
                    tensor.data = torch.zeros_like(tensor)
            named = _part_of(network, without)
            if named is not None:
                for tensor in named.parameters():
                    tensor.data = torch.zeros_like(tensor)
            if training:
                torch.manual_seed(seed)
                network.train()
                for layer in layers:
                    layer.eval()
            if training or alike or silent or without:  # else the filling has seen these very images
                given = network(images.clone())
            if passes > 1 and isinstance(given, torch.Tensor):
                given = torch.cat([given, *(network(images.clone()) for _ in range(passes - 1))])
        if not isinstance(given, torch.Tensor):
            return {"module": True, "tensor": False}
        held = {id(tensor) for layer in layers for tensor in layer.parameters(recurse=False)}
        return {
            "module": True,
            "tensor": True,
            "named": named is not None,
            "shape": list(given.shape),
            "values": packed(given),
            "layers": json.dumps([describe(layer) for layer in layers], default=plain),
            "momenta": sorted({float(layer.momentum or 0) for layer in layers if isinstance(layer, nn.BatchNorm2d)}),
            "repeated": sum(count > 1 for count in runs.values()),
            "loose": sum(tensor.numel() for tensor in network.parameters() if id(tensor) not in held),
        }


def _part_of(network: nn.Module, name: str) -> nn.Module | None:
    """The part with that name, as named_modules has it; None where there is none, or for the whole network."""
    return dict(network.named_modules()).get(name) if name else None


@contextmanager
def _cheap_start() -> Iterator[list[torch.Tensor]]:
    """Leave out the random numbers that parameters start with, which take most of building a network.

    What belongs to a layer is filled when it runs. What does not is no part of a right answer; `_start_others` gives it
    one number, so that it stays in sight. Yields what was left out.
    """
    left_out: list[torch.Tensor] = []
    own = {name: getattr(nn.init, name) for name in RANDOM}

    def without(start: Callable) -> Callable:
        def leave_out(tensor: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
            if not isinstance(tensor, nn.Parameter):
                return start(tensor, *args, **kwargs)
            left_out.append(tensor)
            return tensor

        return leave_out

    try:
        for name, start in own.items():
            setattr(nn.init, name, without(start))
        yield left_out
    finally:
        for name, start in own.items():
            setattr(nn.init, name, start)


def _start_others(network: nn.Module, left_out: list[torch.Tensor]) -> None:
    """Give one number to what was left out and belongs to no layer that is filled."""
    filled = {id(tensor) for part in network.modules() if isinstance(part, LAYERS) for tensor in part.parameters(False)}
    for tensor in left_out:
        if id(tensor) not in filled:
            tensor.fill_(START)


START = 0.01
RANDOM = (
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "uniform_",
    "trunc_normal_",
    "xavier_normal_",
    "xavier_uniform_",
)
"""Of torch.nn.init."""


def inputs(seed: int, shape: list[int], alike: bool = False) -> torch.Tensor:
    """The images that `outputs` draws: float32.

    Args:
        seed: equal seeds give equal images.
        shape: [N, C, H, W].
        alike: whether all images are the same. Then two are drawn, of which the first counts.
    """
    return torch.randn(2 if alike else shape[0], *shape[1:], generator=torch.Generator().manual_seed(seed))


def counts(build: Any, sizes: list, options: dict[str, Any], shape: list[int] | None) -> dict[str, int]:
    """The parameters of `build(*sizes, **options)` and, if there is a shape, its multiply-adds for such an input.

    For the parameters alone it is built on the meta device, where weights take no memory; or as it is, if it cannot be
    built there. Multiply-adds are counted while an input is run through it: that is faster than the meta device, on
    which torch finds out shapes in Python, and imports its compiler for it.

    Args:
        build: gives the network.
        sizes: its positional arguments. For lazy layers, the first one is the number of input channels.
        options: its keywords.
        shape: of the input, [N, C, H, W]; None for the parameters alone.

    Returns:
        "parameters", the trainable ones, and "macs", of the whole batch.
    """
    if shape is None:
        with neutral():
            network = _on_meta_or_here(build, sizes, options)
            if is_lazy(network):  # the first of the sizes is how many channels come in
                network = build(*sizes, **options).eval()
                give_shapes(network, torch.zeros(1, sizes[0] if sizes else 3, 32, 32))
        return {"parameters": counting.parameters(network)}
    with neutral(), torch.no_grad():
        with neutral(), _cheap_start() as left_out:
            network = build(*sizes, **options).eval()
        give_shapes(network, torch.zeros(shape))
        for tensor in left_out:
            tensor.fill_(START)
        macs = counting.macs_of_pass(network, torch.zeros(shape))
    return {"parameters": counting.parameters(network), "macs": macs}


def _on_meta_or_here(build: Any, sizes: list, options: dict[str, Any]) -> nn.Module:
    try:
        with torch.device("meta"), _cheap_start():
            return build(*sizes, **options)
    except Exception:  # whatever a network that looks at its own numbers stumbles over on the meta device
        return build(*sizes, **options)


def is_lazy(network: nn.Module) -> bool:
    """Whether some of its tensors get their shapes only when an input comes."""
    return any(isinstance(one, UninitializedTensorMixin) for one in (*network.parameters(), *network.buffers()))


def give_shapes(network: nn.Module, images: torch.Tensor) -> None:
    """Make a network's lazy layers ordinary ones. A network without lazy layers is not run.

    Args:
        network: whose layers may be lazy.
        images: that are run through it.
    """
    if is_lazy(network):
        with torch.no_grad():
            network(images)


def describe(layer: Layer) -> list[Any]:
    """A layer as scalelab.checking.networks.Layer has it. A Linear is the 1 × 1 convolution of a single pixel."""
    if isinstance(layer, nn.BatchNorm2d):
        return ["norm", layer.num_features, layer.num_features, 1, 1, 0, 1, layer.affine, layer.eps]
    bias = layer.bias is not None
    if isinstance(layer, nn.Linear):
        return ["convolution", layer.in_features, layer.out_features, 1, 1, 0, 1, bias, 0.0]
    padding = layer.padding if isinstance(layer.padding, str) else layer.padding[0]
    shape = [layer.in_channels, layer.out_channels, layer.kernel_size[0], layer.stride[0], padding]
    return ["convolution", *shape, layer.groups, bias, 0.0]
