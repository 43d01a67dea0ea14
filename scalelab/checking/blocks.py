"""torchvision's MBConv with the sizes of this course: what a student's own block is compared with."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn
    from torchvision.models import efficientnet


def theirs(in_channels: int, out_channels: int, kernel: int, stride: int, ratio: int) -> "nn.Module":
    """torchvision's own block, which the judge takes for right. Takes [N, in_channels, H, W].

    Args:
        in_channels: of the input.
        out_channels: of the output.
        kernel: side of the depthwise convolution, in pixels.
        stride: of the depthwise convolution.
        ratio: of expansion: 1 for a block without an expansion convolution.
    """
    from torch import nn
    from torchvision.models import efficientnet

    return efficientnet.MBConv(config_of(in_channels, out_channels, kernel, stride, ratio), 0.0, nn.BatchNorm2d)


def config_of(in_channels: int, out_channels: int, kernel: int, stride: int, ratio: int) -> "efficientnet.MBConvConfig":
    """The sizes of a block as torchvision takes them, unchanged: the course's block rounds no channels.

    Args:
        in_channels: of the input.
        out_channels: of the output.
        kernel: side of the depthwise convolution, in pixels.
        stride: of the depthwise convolution.
        ratio: of expansion.
    """
    from torchvision.models import efficientnet

    config = efficientnet.MBConvConfig(ratio, kernel, stride, 8, 8, 1)
    config.input_channels, config.out_channels = in_channels, out_channels
    config.adjust_channels = lambda channels, factor: channels * factor
    return config
