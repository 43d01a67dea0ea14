"""What one layer of EfficientNet costs on a feature map of any size, counted once on torchvision's own layer.

A convolution's multiply-adds are the same at every position of its output, so a layer is counted on a map of
a few pixels and its counts are kept by position. What works on pooled values (squeeze-and-excitation, the
classifier) is kept apart: the size of the map does not change it.
"""

from dataclasses import dataclass
from functools import cache

import torch
from torch import nn
from torchvision.models.efficientnet import MBConv, MBConvConfig
from torchvision.ops import Conv2dNormActivation

from scalelab import counting

CLASSES = 1000


@dataclass(frozen=True)
class Layer:
    """The sizes of a layer. kind: "stem", "MBConv" or "head" (with pooling and the classifier)."""

    kind: str
    expand_ratio: int
    kernel: int
    stride: int
    input_channels: float
    out_channels: float


@dataclass(frozen=True)
class Term:
    """A part of a layer's cost. across: the power of the width with which it grows.

    place: the map whose positions it is paid at, "input" or "output", or "once" for the whole layer.
    """

    count: int
    across: int
    place: str


@dataclass(frozen=True)
class Cost:
    """What a layer costs: multiply-adds, and trainable parameters (all of them to be paid "once")."""

    macs: tuple[Term, ...]
    parameters: tuple[Term, ...]


def total(terms: tuple[Term, ...], width: float, input_side: float, output_side: float) -> float:
    """Multiply-adds, or parameters, of a layer on square maps, with its counted channels times `width`.

    Args:
        terms: the parts of the cost.
        width: multiplies the channels that were counted.
        input_side: of the layer's input, in pixels.
        output_side: of its output, in pixels.

    Returns:
        A whole number where the width is 1 and the sides are whole.
    """
    positions = {"input": input_side**2, "output": output_side**2, "once": 1}
    return sum(term.count * width**term.across * positions[term.place] for term in terms)


@cache
def layer_cost(layer: Layer) -> Cost:
    """Count `layer`, whose channels are whole.

    The width multiplies both sides of a dense convolution's weights, so these grow with its square. It
    multiplies one side of a depthwise convolution, of the stem, whose input has 3 colours, and of the
    classifier, whose output has CLASSES values.
    """
    module = build(layer)
    probe = (1, int(layer.input_channels), 2 * layer.stride, 2 * layer.stride)
    counts = counting.layer_macs(module, probe)
    sides = _output_sides(module, probe)
    places = {1: "once", 2 * layer.stride: "input", 2: "output"}
    macs = tuple(
        Term(count // sides[name] ** 2, _across(layer, module.get_submodule(name)), places[sides[name]])
        for name, count in counts.items()
    )
    parameters = tuple(
        Term(parameter.numel(), _across_parameter(layer, part, kind), "once")
        for part in module.modules()
        for kind, parameter in part.named_parameters(recurse=False)
    )
    return Cost(macs, parameters)


def build(layer: Layer) -> nn.Module:
    """`layer` as torchvision builds it, on the meta device: it has shapes and no numbers."""
    with torch.device("meta"):
        if layer.kind == "stem":
            return Conv2dNormActivation(3, layer.out_channels, layer.kernel, stride=layer.stride)
        if layer.kind == "head":
            return nn.Sequential(
                Conv2dNormActivation(layer.input_channels, layer.out_channels, layer.kernel),
                nn.AdaptiveAvgPool2d(1),
                nn.Flatten(),
                nn.Linear(int(layer.out_channels), CLASSES),
            )
        sizes = (layer.expand_ratio, layer.kernel, layer.stride, layer.input_channels, layer.out_channels)
        return MBConv(MBConvConfig(*sizes, 1), 0.0, nn.BatchNorm2d)


def _output_sides(module: nn.Module, input_shape: tuple[int, ...]) -> dict[str, int]:
    """The side of each part's output in pixels; 1 where it has no map."""
    sides = {}

    def remember(name):
        def hook(part, inputs, output):
            sides[name] = output.shape[-1] if output.ndim == 4 else 1

        return hook

    for name, part in module.named_modules():
        part.register_forward_hook(remember(name))
    module.eval()(torch.empty(input_shape, device="meta"))
    return sides


def _across(layer: Layer, part: nn.Module) -> int:
    dense = isinstance(part, nn.Conv2d) and part.groups == 1 and layer.kind != "stem"
    return 2 if dense else 1


def _across_parameter(layer: Layer, part: nn.Module, kind: str) -> int:
    if kind == "weight":
        return _across(layer, part)
    return 0 if isinstance(part, nn.Linear) else 1
