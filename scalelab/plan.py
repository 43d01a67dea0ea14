"""The plan of an EfficientNet: what best_efficientnet.json holds, and what a network of it costs, by arithmetic alone.

A plan is a stage table with the columns of `scalelab.b0.B0`, the factors of width and depth that multiply it, the
stem's stride, and the pixels that the network sees. Channels and repeats are rounded as B0's are. Whoever grades reads
files of strangers with `read_plan`: all that a plan may be is checked here, in one place, before anything is computed.
"""

import json
import math
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from scalelab.b0 import B0

CLASSES = 10
HEAD_RATIO = 4
"""Channels of the head over those of the last stage."""

DIVISOR = 8
"""Channels come in multiples of this."""

MAX_BYTES = 20_000
"""Of a file that holds a plan. A table of ten stages has some hundred."""

MAX_LAYERS = 100
"""MBConv layers of a network. EfficientNet-B7 has 55."""

MAX_NUMBERS = 9_109_994
"""EfficientNet-B2's parameters: at most so many numbers may the best networks have, buffers included."""

MAX_MACS = 12_000_000
"""Multiply-adds for one image that the best EfficientNet may take. `compound(-3)` takes 11.8 million."""

COLUMNS = {
    "expand_ratio": range(1, 9),
    "kernel": range(3, 8, 2),
    "stride": range(1, 3),
    "in_channels": range(1, 2049),
    "out_channels": range(1, 2049),
    "repeats": range(1, 21),
}
"""The columns of a stage table, and the whole numbers that each may hold."""

STAGES = range(1, 11)
FACTORS = (0.05, 8.0)
STEM_STRIDES = range(1, 3)
RESOLUTIONS = range(8, 65)


class PlanError(ValueError):
    """This is no plan of an EfficientNet. Its text says which part is not, and what it may be."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback: the one line."""
        return [str(self)]


class Block(NamedTuple):
    """One MBConv layer, after scaling."""

    expand_ratio: int
    kernel: int
    stride: int
    in_channels: int
    out_channels: int


@dataclass(frozen=True)
class Plan:
    """What an EfficientNet is built from.

    Args:
        stages: rows of (expand ratio, kernel, stride, input channels, output channels, repeats).
        width: multiplies all channels.
        depth: multiplies all repeats.
        stem_stride: 1 or 2.
        resolution: pixels along each side of the images that the network sees; they are resized to it.

    Raises:
        PlanError: for anything that is no plan.
    """

    stages: tuple[tuple[int, ...], ...] = B0
    width: float = 1.0
    depth: float = 1.0
    stem_stride: int = 1
    resolution: int = 32

    def __post_init__(self) -> None:
        _check(self)
        object.__setattr__(self, "stages", tuple(tuple(row) for row in self.stages))
        layers = sum(self._layers(row) for row in self.stages)
        if layers > MAX_LAYERS:
            raise PlanError(f"The plan has {layers} MBConv layers, and at most {MAX_LAYERS} are allowed.")

    @property
    def stem_channels(self) -> int:
        """Channels that the stem gives."""
        return self._channels(self.stages[0][3])

    @property
    def head_channels(self) -> int:
        """Channels that the head gives."""
        return HEAD_RATIO * self._channels(self.stages[-1][4])

    def blocks(self) -> list[list[Block]]:
        """The MBConv layers of each stage: the first one strides and changes the channels."""
        return [self._blocks(row) for row in self.stages]

    def write(self, path: str | Path) -> None:
        """Write this as JSON, all of it or nothing."""
        path = Path(path)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self)) + "\n", encoding="utf-8")
        partial.replace(path)

    def _blocks(self, row: tuple[int, ...]) -> list[Block]:
        expand_ratio, kernel, stride, before, after, _ = row
        first = Block(expand_ratio, kernel, stride, self._channels(before), self._channels(after))
        others = Block(expand_ratio, kernel, 1, first.out_channels, first.out_channels)
        return [first, *[others] * (self._layers(row) - 1)]

    def _layers(self, row: tuple[int, ...]) -> int:
        return math.ceil(row[-1] * self.depth)

    def _channels(self, channels: int) -> int:
        """`channels` times the width: the nearest multiple of 8, and one more if that loses over a tenth."""
        exact = channels * self.width
        rounded = max(DIVISOR, int(exact + DIVISOR / 2) // DIVISOR * DIVISOR)
        return rounded + DIVISOR if rounded < 0.9 * exact else rounded


def compound(phi: float, stem_stride: int = 1) -> Plan:
    """B0 for CIFAR-10 at a compound coefficient: the plan of `models.efficientnet(phi)`.

    Args:
        phi: the compound coefficient; 0 is B0, and a negative one gives smaller networks.
        stem_stride: 1 or 2.

    Raises:
        PlanError: if the network is larger or smaller than a plan may be.
    """
    return Plan(B0, 1.1**phi, 1.2**phi, stem_stride, round(32 * 1.15**phi))


def macs(plan: Plan) -> int:
    """Multiply-adds for one image, as `scalelab.counting` counts them on the network. Resizing is not counted."""
    side = -(-plan.resolution // plan.stem_stride)
    total = side**2 * 3 * plan.stem_channels * 9
    for block in (block for stage in plan.blocks() for block in stage):
        inside = block.in_channels * block.expand_ratio
        total += side**2 * block.in_channels * inside * (block.expand_ratio > 1)
        side = -(-side // block.stride)
        total += side**2 * inside * (block.kernel**2 + block.out_channels) + 2 * inside * squeezed(block)
    head = plan.head_channels
    return total + side**2 * (head // HEAD_RATIO) * head + head * CLASSES


def numbers(plan: Plan) -> int:
    """Parameters and elements of buffers of the network: what the limit of 9,109,994 is about."""
    total = 27 * plan.stem_channels + _norm(plan.stem_channels)
    for block in (block for stage in plan.blocks() for block in stage):
        inside = block.in_channels * block.expand_ratio
        if block.expand_ratio > 1:
            total += block.in_channels * inside + _norm(inside)
        total += inside * block.kernel**2 + _norm(inside)
        total += 2 * inside * squeezed(block) + inside + squeezed(block)
        total += inside * block.out_channels + _norm(block.out_channels)
    head = plan.head_channels
    return total + (head // HEAD_RATIO) * head + _norm(head) + head * CLASSES + CLASSES


def above_limit(plan: Plan) -> str:
    """One sentence that says which limit a plan is above, by counts of our own; "" if it keeps both."""
    counts = (
        (numbers(plan), MAX_NUMBERS, "parameters and elements of buffers"),
        (macs(plan), MAX_MACS, "multiply-adds for one image"),
    )
    above = next((one for one in counts if one[0] > one[1]), None)
    return f"The plan comes to {above[0]:,} {above[2]}, and the limit is {above[1]:,}." if above else ""


def squeezed(block: Block) -> int:
    """Channels to which squeeze-and-excitation squeezes."""
    return max(1, block.in_channels // 4)


def _norm(channels: int) -> int:
    """Numbers of a BatchNorm: weight, bias, running mean, running variance, and a count of batches."""
    return 4 * channels + 1


def read_plan(path: Path) -> Plan:
    """The plan that a file holds, which anyone may have written. Keys that are no part of a plan are skipped.

    Raises:
        PlanError: if it holds none.
    """
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1)
        if len(text) > MAX_BYTES:
            raise PlanError(f"{path.name} is larger than {MAX_BYTES:,} bytes, so it holds more than a plan.")
        content = json.loads(text.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise PlanError(f"{path.name} is no JSON: plan.write({path.name!r}) writes it.") from None
    except PlanError:
        raise
    except ValueError:  # a whole number of thousands of digits
        raise PlanError(f"{path.name} holds a number that is far too large.") from None
    if not isinstance(content, dict):
        raise PlanError(f"{path.name} is no JSON object: plan.write({path.name!r}) writes it.")
    missing = [key for key in Plan.__dataclass_fields__ if key not in content]
    if missing:
        raise PlanError(f"{path.name} does not say: {', '.join(missing)}.")
    return Plan(**{key: content[key] for key in Plan.__dataclass_fields__})


def _check(plan: Plan) -> None:
    """Raise PlanError unless each part is of exactly the type and within the range that it may have."""
    stages: Any = plan.stages
    if type(stages) not in (list, tuple) or len(stages) not in STAGES:
        raise PlanError(f"stages is a list of {_span(STAGES)} rows of six whole numbers: {', '.join(COLUMNS)}.")
    for number, row in enumerate(stages, start=1):
        if type(row) not in (list, tuple) or len(row) != len(COLUMNS):
            raise PlanError(f"Stage {number} is a row of six whole numbers: {', '.join(COLUMNS)}.")
        for value, (column, allowed) in zip(row, COLUMNS.items(), strict=True):
            _expect_whole(f"{column} of stage {number}", value, allowed)
    for number, (before, after) in enumerate(pairwise(stages), start=1):
        if before[4] != after[3]:
            raise PlanError(f"out_channels of stage {number} and in_channels of stage {number + 1} are not the same.")
    for name in ("width", "depth"):
        value = getattr(plan, name)
        if type(value) not in (int, float) or not FACTORS[0] <= value <= FACTORS[1]:
            raise PlanError(f"{name} is a number from {FACTORS[0]:g} to {FACTORS[1]:g}.")
    _expect_whole("stem_stride", plan.stem_stride, STEM_STRIDES)
    _expect_whole("resolution", plan.resolution, RESOLUTIONS)


def _expect_whole(what: str, value: Any, allowed: range) -> None:
    if type(value) is not int or value not in allowed:
        raise PlanError(f"{what} is {_span(allowed)}.")


def _span(allowed: range) -> str:
    if len(allowed) <= 3:
        return " or ".join(map(str, allowed))
    return f"a whole number from {allowed[0]:,} to {allowed[-1]:,}"
