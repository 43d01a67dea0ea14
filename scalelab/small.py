"""A small EfficientNet for CIFAR-10 whose depth, width and resolution are chosen freely, one by one.

It has B0's building plan at a small part of its cost: it sees 16 × 16 pixels, with 1.46 million multiply-adds. So its
resolution can double before a network sees more pixels than CIFAR-10's images have, and a laptop can train many of
them. The stage table, the rounding and the resizing are ours; everything else is torchvision's.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models.efficientnet import EfficientNet, MBConvConfig

from scalelab import counting
from scalelab.data.images import SIDE
from scalelab.models import first_convolution

SMALL = (
    # expand ratio, kernel, stride, input channels, output channels, repeats
    (1, 3, 1, 12, 12, 1),
    (4, 3, 2, 12, 16, 2),
    (4, 3, 2, 16, 32, 2),
    (4, 3, 1, 32, 48, 2),
)
"""The stages of the base, with the columns of `scalelab.b0.B0`. The stem strides by 1; the head has 4 · 48 channels."""

LAYERS = sum(repeats for *_, repeats in SMALL)
"""MBConv layers of the base."""

RESOLUTION = 16
"""Pixels along each side of the images that the base sees."""

DIVISOR = 2
"""Channels come in multiples of this. B0 has 8, which would turn 12 · 1.1 channels into 16."""


@dataclass(frozen=True)
class Shape:
    """One network of the family. depth, width: factors, 1 for the base. resolution: pixels along each side.

    Raises:
        ValueError: For a factor that is not above 0, and for pixels that are not a whole number above 0.
    """

    depth: float = 1.0
    width: float = 1.0
    resolution: int = RESOLUTION

    def __post_init__(self) -> None:
        for name, value in (("depth", self.depth), ("width", self.width), ("resolution", self.resolution)):
            if not 0 < value < math.inf or (name == "resolution" and value != int(value)):
                what = "a whole number of pixels" if name == "resolution" else "a factor above 0"
                raise ValueError(f"{name}={value!r}: it should be {what}")

    @property
    def interpolated(self) -> bool:
        """Whether the network sees more pixels than CIFAR-10's images have."""
        return self.resolution > SIDE


class ExactStage(MBConvConfig):
    """A stage with the layers and channels that it is given; torchvision would round the channels to multiples of 8."""

    @staticmethod
    def adjust_channels(channels: int, width_mult: float, min_value: int | None = None) -> int:
        return round(channels * width_mult)


class Resampled(nn.Module):
    """A network that sees its images at another resolution. images: [N, 3, H, W], resized to size × size.

    With fewer pixels, each is a weighted mean of those around its place, so that nothing is skipped; with more pixels,
    those in between are interpolated.
    """

    def __init__(self, network: nn.Module, size: int):
        super().__init__()
        self.network = network
        self.size = size

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.network(F.interpolate(images, (self.size, self.size), mode="bilinear", antialias=True))


def small_efficientnet(shape: Shape | None = None, num_classes: int = 10) -> nn.Module:
    """An untrained network for small images: [N, 3, 32, 32] → [N, num_classes], without dropout.

    Args:
        shape: its sizes; the base's if None.
        num_classes: how many logits the network gives.
    """
    shape = shape or Shape()
    network = _network(shape, num_classes, nn.BatchNorm2d)
    nn.init.normal_(network.classifier[-1].weight, std=0.01)  # scalelab.models says why
    return network if shape.resolution == SIDE else Resampled(network, shape.resolution)


def _network(shape: Shape, num_classes: int, norm_layer: Callable[..., nn.Module]) -> EfficientNet:
    """The network that sees its images at the shape's own resolution."""
    stages = [
        ExactStage(expand, kernel, stride, *(scaled_channels(channels, shape.width) for channels in ends), layers)
        for (expand, kernel, stride, *ends, _), layers in zip(SMALL, scaled_repeats(shape.depth), strict=True)
    ]
    network = EfficientNet(
        stages, dropout=0.0, stochastic_depth_prob=0.0, num_classes=num_classes, norm_layer=norm_layer
    )
    first_convolution(network).stride = (1, 1)
    return network


def scaled_repeats(depth: float) -> list[int]:
    """Layers of each stage: the base's total times `depth`, rounded, and shared out in the base's proportions.

    Rounding each stage up, as B0 does, would nearly double a base of one or two layers a stage at the first step. So
    each stage's share is rounded down, and what is left goes to the stages that lost most, one layer each; no stage has
    fewer than one layer.
    """
    shares = [repeats * depth for *_, repeats in SMALL]
    layers = [max(1, int(share)) for share in shares]
    left = round(LAYERS * depth) - sum(layers)
    most_lost_first = sorted(range(len(shares)), key=lambda stage: layers[stage] - shares[stage])
    for stage in most_lost_first[: max(0, left)]:
        layers[stage] += 1
    return layers


def scaled_channels(channels: int, width: float) -> int:
    """Channels times a width, rounded to a multiple of 2, and at least 2.

    Args:
        channels: of the base.
        width: multiplies them.
    """
    return DIVISOR * max(1, round(channels * width / DIVISOR))


@lru_cache
def macs(shape: Shape) -> int:
    """Multiply-adds for one image, counted on the network itself. Resizing the image is not counted.

    Nor is normalisation, so the network that is counted has none: it is built and counted in half the time.
    """
    with torch.device("meta"):  # without numbers: drawing the weights would take longer than counting
        network = _network(shape, 10, nn.Identity).eval()
        return counting.macs_of_pass(network, torch.empty(1, 3, shape.resolution, shape.resolution))
