"""EfficientNet's stages at any φ, with the sizes and costs that compound scaling gives them.

Table 1 of Tan & Le (arXiv 1905.11946) lists B0; its section 3.3 scales the depth by α^φ, the width by β^φ and
the resolution by γ^φ. With rounding, torchvision's own classes decide on repeats and channels, and its own
layers are counted. Without, repeats, channels and pixels are fractions, and what was counted on B0 is scaled.

The head has four times the last stage's channels, which is torchvision's rule. The reference implementation
rounds 1280 · width instead: the same for B0 to B7, and different at most other widths.
"""

import math
from dataclasses import dataclass

from torchvision.models.efficientnet import MBConvConfig

from scalelab.b0 import B0
from scalelab.layer_cost import Layer, layer_cost, total

ALPHA, BETA, GAMMA = 1.2, 1.1, 1.15
"""The paper's bases of depth, width and resolution, found by its grid search on B0."""

RESOLUTION = 224
HEAD_RATIO = 4
"""Channels of the head over those of the last stage: 1280 / 320 in B0."""


@dataclass(frozen=True)
class Stage:
    """One row of Table 1, scaled.

    repeats: layers. channels: of the output. resolution: height and width of the input in pixels.
    macs: multiply-adds for one image. parameters: trainable ones. All are whole numbers with rounding.
    """

    name: str
    repeats: float
    channels: float
    resolution: float
    macs: float
    parameters: float


@dataclass(frozen=True)
class Shape:
    """A stage of which nothing is counted yet: its first layer, its repeats, and its input in pixels."""

    name: str
    first: Layer
    repeats: float
    resolution: float

    @property
    def repeated(self) -> Layer:
        """Every layer after the first: as many channels in as out, and no stride."""
        channels = self.first.out_channels
        return Layer(self.first.kind, self.first.expand_ratio, self.first.kernel, 1, channels, channels)

    @property
    def output_resolution(self) -> float:
        """In pixels; half of a whole odd number is rounded up, as "same" padding does."""
        half = self.resolution / self.first.stride
        return math.ceil(half) if isinstance(self.resolution, int) else half


def scaled_stages(
    phi: float, rounding: bool = True, alpha: float = ALPHA, beta: float = BETA, gamma: float = GAMMA
) -> list[Stage]:
    """The stem, the seven stages and the head (with pooling and the classifier of 1000 classes) at `phi`.

    Args:
        phi: the compound coefficient; 0 is B0, and a negative one gives smaller networks.
        rounding: whole layers, channels in multiples of 8, and whole pixels; without, fractions of all three.
        alpha: the base of the depth.
        beta: the base of the width.
        gamma: the base of the resolution.

    Raises:
        ValueError: if phi is not finite, or a base is not positive.
    """
    shapes = scaled_shapes(phi, rounding, alpha, beta, gamma)
    counted = shapes if rounding else scaled_shapes(0.0)
    width = 1 if rounding else beta**phi
    return [_with_costs(shape, own, width) for shape, own in zip(shapes, counted, strict=True)]


def scaled_shapes(
    phi: float, rounding: bool = True, alpha: float = ALPHA, beta: float = BETA, gamma: float = GAMMA
) -> list[Shape]:
    """The sizes of what `scaled_stages` gives, without their costs.

    Args:
        phi: the compound coefficient; 0 is B0.
        rounding: whole layers, channels in multiples of 8, and whole pixels; without, fractions of all three.
        alpha: the base of the depth.
        beta: the base of the width.
        gamma: the base of the resolution.

    Raises:
        ValueError: if phi is not finite, or a base is not positive.
    """
    if not math.isfinite(phi) or min(alpha, beta, gamma) <= 0:
        raise ValueError(f"phi has to be finite and the bases positive: {phi=}, {alpha=}, {beta=}, {gamma=}")
    depth, width, scale = (base**phi for base in (alpha, beta, gamma))
    rows = [_rounded_row(row, depth, width) if rounding else _exact_row(row, depth, width) for row in B0]
    resolution = max(1, round(RESOLUTION * scale)) if rounding else RESOLUTION * scale

    shapes = [Shape("stem", Layer("stem", 0, 3, 2, 3, rows[0][0].input_channels), 1, resolution)]
    for index, (first, repeats) in enumerate(rows, start=1):
        shapes.append(Shape(f"stage {index}", first, repeats, shapes[-1].output_resolution))
    last = rows[-1][0].out_channels
    head = Layer("head", 0, 1, 1, last, HEAD_RATIO * last)
    return [*shapes, Shape("head", head, 1, shapes[-1].output_resolution)]


def _rounded_row(row: tuple[int, ...], depth: float, width: float) -> tuple[Layer, int]:
    """The first layer and the repeats of a row of B0, as torchvision rounds them."""
    config = MBConvConfig(*row, width_mult=width, depth_mult=depth)
    sizes = (config.expand_ratio, config.kernel, config.stride, config.input_channels, config.out_channels)
    return Layer("MBConv", *sizes), config.num_layers


def _exact_row(row: tuple[int, ...], depth: float, width: float) -> tuple[Layer, float]:
    expand_ratio, kernel, stride, input_channels, out_channels, repeats = row
    first = Layer("MBConv", expand_ratio, kernel, stride, input_channels * width, out_channels * width)
    return first, repeats * depth


def _with_costs(shape: Shape, counted: Shape, width: float) -> Stage:
    """`shape` with the cost of the layers of `counted`, whose channels are multiplied by `width`.

    Less than one layer costs that fraction of the first.
    """
    before, after = shape.resolution, shape.output_resolution
    parts = [(min(shape.repeats, 1), layer_cost(counted.first), before)]
    if shape.repeats > 1:
        parts.append((shape.repeats - 1, layer_cost(counted.repeated), after))
    macs = sum(times * total(cost.macs, width, side, after) for times, cost, side in parts)
    parameters = sum(times * total(cost.parameters, width, side, after) for times, cost, side in parts)
    return Stage(shape.name, shape.repeats, shape.first.out_channels, before, macs, parameters)
