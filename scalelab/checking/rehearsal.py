"""What is done once in a template and not in each room: drawing numbers, and whatever is only slow the first time."""

from typing import Any


def draw_numbers() -> None:
    """Those that networks are filled with, so that all rooms share them."""
    from scalelab.checking import filling

    filling.get_ready()


def rehearse() -> None:
    """Do once what is asked of many a room, and what is only slow the first time: with layers of B0's shapes."""
    from scalelab.checking import filled

    for width, images in ((1.2, 1), (1.0, 2), (0.25, 1)):
        filled.outputs(_layers, [width], {}, 0, [images, 3, 40, 37], training=True)
    filled.counts(_layers, [0.25], {}, [1, 3, 8, 8])
    filled.counts(_layers, [0.25], {}, None)


def _layers(width: float) -> Any:
    """Each kind of layer that B0 has, with its channels times `width`."""
    from torch import nn

    from scalelab.b0 import B0

    def eights(channels: int) -> int:
        return 8 * max(1, round(channels * width / 8))

    def convolution(inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> nn.Module:
        conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.SiLU())

    channels = eights(32)
    layers = [convolution(3, channels, 3, 2)]
    for ratio, kernel, stride, _, outputs, _ in B0:
        expanded, outputs = ratio * channels, eights(outputs)
        layers += [convolution(channels, expanded), convolution(expanded, expanded, kernel, stride, expanded)]
        layers += [convolution(expanded, outputs)]
        channels = outputs
    gates = [nn.Conv2d(channels, 8, 1), nn.SiLU(), nn.Conv2d(8, channels, 1), nn.Sigmoid()]
    ending = [nn.AdaptiveAvgPool2d(1), *gates, nn.Flatten(), nn.Dropout(0.1), nn.Linear(channels, 1000)]
    return nn.Sequential(*layers, *ending)
