"""Networks for images of 32 × 32 pixels: EfficientNet scaled up and down, and others to compare it with.

All are torchvision's, untrained, and are adapted to small images by one rule. Made for ImageNet, each halves
its maps five times, and 32 pixels would end as one. So each gives up one halving, and ends at 2 × 2: the first
convolution strides by 1. VGG, whose convolutions never stride, gives up its last pooling.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn
from torchvision import models
from torchvision.models.efficientnet import EfficientNet, MBConvConfig

from scalelab.b0 import B0
from scalelab.stages import ALPHA, BETA, GAMMA

SIZE = 32
"""Pixels along each side of a CIFAR-10 image."""


class Resized(nn.Module):
    """A network that sees its images at another resolution. images: [N, 3, H, W], resized to size × size."""

    def __init__(self, network: nn.Module, size: int):
        super().__init__()
        self.network = network
        self.size = size

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        if images.shape[-1] != self.size:
            images = F.interpolate(images, (self.size, self.size), mode="bilinear", antialias=True)
        return self.network(images)


def efficientnet(
    phi: float = 0.0,
    num_classes: int = 10,
    alpha: float = ALPHA,
    beta: float = BETA,
    gamma: float = GAMMA,
    stem_stride: int = 1,
    dropout: float = 0.2,
    drop_path: float = 0.0,
) -> nn.Module:
    """EfficientNet-B0 for CIFAR-10, scaled by the compound coefficient: [N, 3, 32, 32] → [N, num_classes].

    Args:
        phi: 0 is B0 itself, and below 0 all three sizes shrink: depth α^φ, width β^φ, and images of 32·γ^φ pixels,
            rounded.
        num_classes: how many logits the network gives.
        alpha: the base of the depth.
        beta: the base of the width.
        gamma: the base of the resolution.
        stem_stride: 2 is the original's, which ends 32 pixels at 1 × 1.
        dropout: before the classifier: the share of numbers that training sets to 0.
        drop_path: block i of n, from 0, is left out in training with the chance drop_path · i / n.
    """
    depth, width, resolution = alpha**phi, beta**phi, gamma**phi
    stages = [MBConvConfig(*stage, width_mult=width, depth_mult=depth) for stage in B0]
    network = EfficientNet(stages, dropout, stochastic_depth_prob=drop_path, num_classes=num_classes)
    # torchvision draws the classifier for a thousand classes; for ten, its first guesses would be far too sure.
    nn.init.normal_(network.classifier[-1].weight, std=0.01)
    first_convolution(network).stride = (stem_stride, stem_stride)
    size = round(SIZE * resolution)
    return network if size == SIZE else Resized(network, size)


def first_convolution(network: nn.Module) -> nn.Conv2d:
    """The convolution that sees the image."""
    return next(layer for layer in network.modules() if isinstance(layer, nn.Conv2d))


def unstrided(network: nn.Module) -> nn.Module:
    """The network, changed: its first convolution strides by 1."""
    first_convolution(network).stride = (1, 1)
    return network


def vgg11_bn() -> nn.Module:
    """VGG-11 with BatchNorm, without its last pooling, and with one linear layer in the place of three."""
    network = models.vgg11_bn(num_classes=10)
    network.features[-1] = nn.Identity()
    network.avgpool = nn.AdaptiveAvgPool2d(1)
    network.classifier = nn.Linear(512, 10)
    return network


def densenet_growth16() -> nn.Module:
    """DenseNet-121 with half its growth rate: a quarter of the multiply-adds, which a laptop can train."""
    return unstrided(models.DenseNet(growth_rate=16, num_init_features=32, num_classes=10))


def _scaled(phi: float) -> Callable[[], nn.Module]:
    return lambda: efficientnet(phi)


COMPARED: dict[str, Callable[[], nn.Module]] = {
    **{f"efficientnet φ={phi}": _scaled(phi) for phi in (-4, -3, -2, -1, 0)},
    "mobilenet_v3_small": lambda: unstrided(models.mobilenet_v3_small(num_classes=10)),
    "shufflenet_v2_x1_0": lambda: unstrided(models.shufflenet_v2_x1_0(num_classes=10)),
    "mobilenet_v2": lambda: unstrided(models.mobilenet_v2(num_classes=10)),
    "regnet_y_400mf": lambda: unstrided(models.regnet_y_400mf(num_classes=10)),
    "resnet18": lambda: unstrided(models.resnet18(num_classes=10)),
    "vgg11_bn": vgg11_bn,
    "densenet_growth16": densenet_growth16,
}
"""What `make results` trains: name → the untrained network, of ten classes."""
