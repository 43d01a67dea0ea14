"""The network of a plan: EfficientNet, layer by layer, with the names that torchvision gives its weights.

It is torchvision's network without torchvision: whoever grades builds it where torchvision is not loaded.
"""

import torch
import torch.nn.functional as F
from torch import nn

from scalelab.plan import CLASSES, Block, Plan, squeezed


class SqueezeExcite(nn.Module):
    """Multiplies each channel by a gate that depends on the whole map: [N, C, H, W] → [N, C, H, W]."""

    def __init__(self, channels: int, squeezed_channels: int):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, squeezed_channels, 1)
        self.fc2 = nn.Conv2d(squeezed_channels, channels, 1)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        gates = self.fc2(F.silu(self.fc1(maps.mean((2, 3), keepdim=True))))
        return maps * gates.sigmoid()


class MBConv(nn.Module):
    """One layer: expansion, depthwise convolution, squeeze-and-excitation, projection."""

    def __init__(self, block: Block):
        super().__init__()
        inside = block.in_channels * block.expand_ratio
        layers: list[nn.Module] = [] if block.expand_ratio == 1 else [_convolution(block.in_channels, inside)]
        layers.append(_convolution(inside, inside, block.kernel, block.stride, groups=inside))
        layers.append(SqueezeExcite(inside, squeezed(block)))
        layers.append(_convolution(inside, block.out_channels, activation=False))
        self.block = nn.Sequential(*layers)
        self.is_residual = block.stride == 1 and block.in_channels == block.out_channels

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return maps + self.block(maps) if self.is_residual else self.block(maps)


class PlannedEfficientNet(nn.Module):
    """The untrained network of `plan`: images [N, 3, 32, 32] → logits [N, 10]."""

    def __init__(self, plan: Plan, dropout: float = 0.2):
        super().__init__()
        self.resolution = plan.resolution
        stages = [nn.Sequential(*map(MBConv, blocks)) for blocks in plan.blocks()]
        stem = _convolution(3, plan.stem_channels, 3, plan.stem_stride)
        head = _convolution(plan.blocks()[-1][-1].out_channels, plan.head_channels)
        self.features = nn.Sequential(stem, *stages, head)
        linear = nn.Linear(plan.head_channels, CLASSES)
        self.classifier = nn.Sequential(nn.Dropout(dropout), linear)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, mode="fan_out")
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)
        nn.init.normal_(linear.weight, std=0.01)  # scalelab.models says why
        nn.init.zeros_(linear.bias)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        if images.shape[-1] != self.resolution:
            images = F.interpolate(images, (self.resolution, self.resolution), mode="bilinear", antialias=True)
        return self.classifier(self.features(images).mean((2, 3)))


def _convolution(
    before: int, after: int, kernel: int = 1, stride: int = 1, groups: int = 1, activation: bool = True
) -> nn.Sequential:
    """A convolution without bias, BatchNorm, and SiLU unless it is a projection."""
    layer = nn.Conv2d(before, after, kernel, stride, padding=(kernel - 1) // 2, groups=groups, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(after), *([nn.SiLU(inplace=True)] if activation else []))
