"""Tables over φ: the sizes of the network, what it costs, and where new layers come. The widget looks things up."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scalelab.b0 import B0
from scalelab.explorer.own_functions import Functions
from scalelab.stages import HEAD_RATIO, RESOLUTION
from scalelab.width_cost import width_cost

LOWEST_PHI, HIGHEST_PHI = -3.0, 7.0
GRID = 0.05
"""From one φ of the slider to the next."""

STEPS = round((HIGHEST_PHI - LOWEST_PHI) / GRID)
CLOSE = 1e-9
"""How closely a new layer's φ is found."""

STEM_CHANNELS = B0[0][3]
Bases = tuple[float, float, float]
"""α, β and γ."""

WAYS: dict[str, Callable[[float], Bases]] = {
    "depth": lambda rate: (rate, 1.0, 1.0),
    "width": lambda rate: (1.0, rate**0.5, 1.0),
    "resolution": lambda rate: (1.0, 1.0, rate**0.5),
}
"""One dimension alone: the bases whose cost grows at that rate by the rule. The fourth way is "compound"."""


@dataclass(frozen=True)
class Network:
    """One row of a table. layers: of stages 1 to 7. channels and pixels: of the stem, the stages and the head.

    pixels: of the side of the input.
    """

    phi: float
    layers: tuple[int, ...]
    channels: tuple[int, ...]
    pixels: tuple[int, ...]
    macs: tuple[int, ...]
    parameters: int


def bases_of(way: str, alpha: float, beta: float, gamma: float) -> Bases:
    """The bases of a way to grow, at the cost of α, β and γ by the rule.

    Args:
        way: "compound", or one of WAYS: one dimension alone, with a base that costs as much as all three.
        alpha: the base of the depth.
        beta: the base of the width.
        gamma: the base of the resolution.
    """
    return (alpha, beta, gamma) if way == "compound" else WAYS[way](alpha * beta**2 * gamma**2)


def table(functions: Functions, bases: Bases) -> dict[str, list]:
    """The columns of a table over φ, as the widget takes them.

    Args:
        functions: the student's own, or the course's.
        bases: of depth, width and resolution.

    Returns:
        phi: the slider's steps, and just past each new layer. rule: multiply-adds by the rule. new: the places
        (indices) of the rows at which a new layer has come just now. The others: see `Network`.

    Raises:
        OwnFunctionFailed: if a function of the student's gives nothing to draw.
    """
    phis = [round(LOWEST_PHI + step * GRID, 6) for step in range(STEPS + 1)]
    jumps = _jumps(functions, bases, phis)
    rows = [network(functions, bases, phi) for phi in sorted({*phis, *jumps})]
    start = sum(network(functions, bases, 0.0).macs)
    rate = bases[0] * bases[1] ** 2 * bases[2] ** 2
    return {
        "phi": [row.phi for row in rows],
        "layers": [row.layers for row in rows],
        "channels": [row.channels for row in rows],
        "pixels": [row.pixels for row in rows],
        "stage_macs": [row.macs for row in rows],
        "macs": [sum(row.macs) for row in rows],
        "parameters": [row.parameters for row in rows],
        "rule": [start * rate**row.phi for row in rows],
        "new": [place for place, row in enumerate(rows) if row.phi in jumps],
    }


def network(functions: Functions, bases: Bases, phi: float) -> Network:
    """EfficientNet at φ.

    Args:
        functions: the student's own, or the course's.
        bases: of depth, width and resolution.
        phi: the compound coefficient; 0 is B0.

    Raises:
        OwnFunctionFailed: if a function of the student's gives nothing to draw.
    """
    depth, width, scale = functions.coefficients(phi, *bases)
    layers = _layers(functions, depth)
    channels = [functions.channels(count, width) for count in (STEM_CHANNELS, *(row[4] for row in B0))]
    channels.append(HEAD_RATIO * channels[-1])
    pixels = [max(1, round(RESOLUTION * scale))]
    for stride in (2, *(row[2] for row in B0)):
        pixels.append(math.ceil(pixels[-1] / stride))
    macs, parameters = _costs(layers, channels, pixels)
    return Network(phi, layers, tuple(channels), tuple(pixels), macs, parameters)


def _layers(functions: Functions, depth: float) -> tuple[int, ...]:
    return tuple(functions.repeats(row[5], depth) for row in B0)


def _costs(layers: Sequence[int], channels: Sequence[int], pixels: Sequence[int]) -> tuple[tuple[int, ...], int]:
    """Multiply-adds of the stem, of each stage and of the head, and all their parameters."""
    stem = width_cost(("stem", 0, 3, 2), 3, channels[0])
    macs, parameters = [stem.macs(pixels[0], pixels[1])], stem.parameters
    for stage, ((expand_ratio, kernel, stride, *_), repeats) in enumerate(zip(B0, layers, strict=True), start=1):
        before, after = pixels[stage], pixels[stage + 1]
        first = width_cost(("MBConv", expand_ratio, kernel, stride), channels[stage - 1], channels[stage])
        other = width_cost(("MBConv", expand_ratio, kernel, 1), channels[stage], channels[stage])
        macs.append(first.macs(before, after) + (repeats - 1) * other.macs(after, after))
        parameters += first.parameters + (repeats - 1) * other.parameters
    head = width_cost(("head", 0, 1, 1), channels[-2], channels[-1])
    return (*macs, head.macs(pixels[-1], pixels[-1])), parameters + head.parameters


# ---- where new layers come


def _jumps(functions: Functions, bases: Bases, phis: Sequence[float]) -> set[float]:
    """The φs just past which a stage has more layers than just before, each found by halving."""

    def layers(phi: float) -> tuple[int, ...]:
        return _layers(functions, functions.coefficients(phi, *bases)[0])

    found: set[float] = set()
    known = {phi: layers(phi) for phi in phis}
    waiting = [(low, high, known[low], known[high]) for low, high in itertools.pairwise(phis)]
    while waiting:
        low, high, before, after = waiting.pop()
        if not any(late > early for early, late in zip(before, after, strict=True)):
            continue
        if high - low < CLOSE:
            found.add(high)
            continue
        middle = (low + high) / 2
        between = layers(middle)
        waiting += [(low, middle, before, between), (middle, high, between, after)]
    return found
