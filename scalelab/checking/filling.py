"""Gives a network its weights from a seed, layer by layer in the order in which they run.

Weights are given to the layers that hold any (Conv2d, BatchNorm2d and Linear), so names and nesting do not matter. A
Linear and a 1 × 1 Conv2d get the same numbers.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import torch
from torch import nn

from scalelab.checking.lent import Lent

Layer = nn.Conv2d | nn.BatchNorm2d | nn.Linear
LAYERS = (nn.Conv2d, nn.BatchNorm2d, nn.Linear)

GAIN = 0.3
"""Weights have a standard deviation of about GAIN / √(inputs of an output). BatchNorm makes up for it; with 0.3, its
variances are so small that eps counts, and the gates of squeeze-and-excitation stay away from 0 and 1."""

PERIOD = 65_521
"""So many numbers are drawn, once. A seed says at which of them to begin, and a layer with more weights gets them
again. It is prime, and so no two rows of a weight are alike."""

STEP = 25_453
"""The numbers of a layer begin so far behind those of the layer before it."""


def fill(network: nn.Module, seed: int, images: torch.Tensor, earlier: int = 0) -> tuple[dict[Layer, int], Any]:
    """Fill each layer of a network at the moment when it runs for the first time.

    A BatchNorm's running statistics are those of what comes in, disturbed a little, so that signals neither vanish
    nor explode, however deep the network; without the bias of a layer right before it, which BatchNorm would swallow.

    Args:
        network: in evaluation mode.
        seed: of the weights. A layer's numbers depend on it and on the layer's place in the order.
        images: that are run through the network, [N, C, H, W].
        earlier: how many layers of a larger network have run before this part of it.

    Returns:
        How often each layer runs, in order, and what the network gives.
    """
    runs: dict[Layer, int] = {}
    biased: list[torch.Tensor] = []  # the latest output of a layer with a bias, and the bias

    def before(layer: Layer, inputs: tuple[torch.Tensor]) -> None:
        runs[layer] = runs.get(layer, 0) + 1
        if runs[layer] == 1:
            same = biased and _share_numbers(biased[0], inputs[0])
            _fill_layer(layer, _Numbers(seed, earlier + len(runs)), inputs[0], biased[1] if same else None)

    def after(layer: Layer, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        if layer.bias is not None:
            biased[:] = output, layer.bias

    def before_lent(part: Lent, inputs: tuple[torch.Tensor]) -> None:
        if not part.is_filled:
            part.fill_when_it_runs(seed, earlier + len(runs))
        for layer in part.layers:
            runs[layer] = runs.get(layer, 0) + 1

    hooks = []
    for part in network.modules():
        if isinstance(part, Lent):
            hooks.append(part.register_forward_pre_hook(before_lent))
        elif isinstance(part, LAYERS):
            hooks.append(part.register_forward_pre_hook(before))
            if not isinstance(part, nn.BatchNorm2d) and part.bias is not None:
                hooks.append(part.register_forward_hook(after))
    given = network(images)
    for hook in hooks:
        hook.remove()
    return runs, given


def _share_numbers(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two tensors begin at the same place of memory, as one and its other shape do."""
    try:
        return one.data_ptr() == other.data_ptr()
    except RuntimeError:  # within torch.vmap they have no place
        return one is other


@cache
def _drawn() -> tuple[torch.Tensor, torch.Tensor]:
    """PERIOD numbers: normal ones, and ones from 0.5 to 1.5."""
    normal = torch.randn(PERIOD, generator=torch.Generator().manual_seed(0))
    return normal, 1 + torch.erf(normal / 2**0.5) / 2


NORMAL, AROUND_ONE = 0, 1
"""Kinds of numbers, as `_drawn` gives them."""

LARGEST = 1_700_000
"""So many weights has the largest layer of the networks that tests build."""

_rows: dict[tuple[int, float], tuple[torch.Tensor, float]] = {}
"""Numbers that lie ready, by kind and scale: all PERIOD of them, as often as is needed, and their sum.
Layers get parts of them, as copies would take more than a quarter of B3's time; for networks that write into those see
`numbers_kept`."""

_used: set[tuple[int, float]] = set()
"""Keys of those that the present network has."""


def get_ready() -> None:
    """Lay out the numbers that large networks need, so that processes which are forked from this one share them."""
    for power in range(4, 9):
        _row(NORMAL, 2.0**-power, PERIOD + LARGEST)


def _row(kind: int, scale: float, length: int) -> torch.Tensor:
    key = kind, scale
    _used.add(key)
    if key not in _rows or len(_rows[key][0]) < length:
        row = (_drawn()[kind] * scale).repeat(max(2, -(-length // PERIOD)))
        _rows[key] = row, _sum(row)
    return _rows[key][0]


def _sum(row: torch.Tensor) -> float:
    return float(row[:PERIOD].sum())


@contextmanager
def numbers_kept() -> Iterator[None]:
    """Around the use of a network that is filled: the next one gets its numbers, whatever this one writes into them.

    Each part begins among the first PERIOD numbers of a row, so a look at those tells of whatever is done to a whole
    tensor.
    """
    _used.clear()
    try:
        yield
    finally:
        for key in _used:
            row, as_drawn = _rows[key]
            if _sum(row) != as_drawn:
                del _rows[key]


class _Numbers:
    """Numbers that depend on the seed, on a layer's place among the layers, and on nothing else."""

    def __init__(self, seed: int, place: int):
        self._start = seed + 4 * place * STEP

    def of(self, kind: int, shape: torch.Size, stream: int, scale: float = 1.0) -> torch.Tensor:
        """Numbers of a kind times `scale`. stream: 0 to 3, so that one tensor too many in a layer changes no other."""
        start = (self._start + stream * STEP) % PERIOD
        end = start + shape.numel()
        return _row(kind, scale, end)[start:end].view(shape)


def _put(numbers: torch.Tensor, into: torch.Tensor) -> None:
    """Have a parameter be `numbers` or, where it is of another type, a copy of them."""
    if into.dtype == numbers.dtype and into.device == numbers.device:
        into.data = numbers
    else:
        into.copy_(numbers)


def _fill_layer(layer: Layer, numbers: _Numbers, given: torch.Tensor, bias: torch.Tensor | None) -> None:
    """Fill a layer. given: what comes in. bias: that of the layer which it comes from straight, or None."""
    if not isinstance(layer, nn.BatchNorm2d):
        shape = layer.weight.shape
        _put(numbers.of(NORMAL, shape, 0, _scale(shape[1:].numel())), layer.weight)
        if layer.bias is not None:
            _put(numbers.of(NORMAL, layer.bias.shape, 1, 0.5), layer.bias)
        return
    if layer.affine:
        _put(numbers.of(AROUND_ONE, layer.weight.shape, 0), layer.weight)
        _put(numbers.of(NORMAL, layer.bias.shape, 1, 0.5), layer.bias)
    if layer.track_running_stats and layer.running_mean is not None and layer.running_var is not None:
        mean, variances = _statistics(given)
        spread = float(variances.mean())
        if bias is not None and bias.shape == mean.shape:
            mean = mean - bias
        shape = layer.running_mean.shape
        layer.running_mean.copy_(torch.add(mean, numbers.of(NORMAL, shape, 2), alpha=0.3 * spread**0.5))
        layer.running_var.copy_(numbers.of(AROUND_ONE, shape, 3) * spread)


def _scale(inputs: int) -> float:
    """GAIN / √inputs, rounded to a power of two: so all layers share a few rows."""
    return 2.0 ** round(math.log2(GAIN / inputs**0.5))


def _statistics(maps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and variance of each channel, as BatchNorm itself computes them: four times as fast as torch.var_mean."""
    _, mean, scale = torch.native_batch_norm(maps, None, None, None, None, True, 0.0, NO_VARIANCE)
    return mean, scale**-2


NO_VARIANCE = 1e-12
"""Keeps a channel that is the same everywhere from a division by zero."""
