"""Gives a network its weights from a seed, layer by layer in the order in which they run.

Weights are given to the layers that hold any (Conv2d, BatchNorm2d and Linear), so names and nesting do not matter. A
Linear and a 1 × 1 Conv2d get the same numbers.
"""

from functools import cache
from typing import Any

import torch
from torch import nn

LAYERS = (nn.Conv2d, nn.BatchNorm2d, nn.Linear)

GAIN = 0.3
"""Weights have a standard deviation of GAIN / √(inputs of an output). BatchNorm makes up for it; with 0.3, its
variances are so small that eps counts, and the gates of squeeze-and-excitation stay away from 0 and 1."""

PERIOD = 65_521
"""So many numbers are drawn, once. A seed says at which of them to begin, and a layer with more weights gets them
again. It is prime, and so no two rows of a weight are alike."""

STEP = 25_453
"""The numbers of a layer begin so far behind those of the layer before it."""


def fill(network: nn.Module, seed: int, images: torch.Tensor) -> tuple[dict[nn.Module, int], Any]:
    """Fill each layer of `network` at the moment when it runs on `images` for the first time.

    A BatchNorm's running statistics are those of what comes in, disturbed a little, so that signals neither vanish
    nor explode, however deep the network; without the bias of a layer right before it, which BatchNorm would swallow.
    Returns how often each layer runs, in order, and what the network gives.
    """
    runs: dict[nn.Module, int] = {}
    biased: list[torch.Tensor] = []  # the latest output of a layer with a bias, and the bias

    def before(layer: nn.Module, inputs: tuple[torch.Tensor]) -> None:
        runs[layer] = runs.get(layer, 0) + 1
        if runs[layer] == 1:
            same = biased and biased[0].data_ptr() == inputs[0].data_ptr()
            _fill_layer(layer, _Numbers(seed, len(runs)), inputs[0], biased[1] if same else None)

    def after(layer: nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        biased[:] = output, layer.bias

    hooks = []
    for part in network.modules():
        if isinstance(part, LAYERS):
            hooks.append(part.register_forward_pre_hook(before))
            if part.bias is not None and not isinstance(part, nn.BatchNorm2d):
                hooks.append(part.register_forward_hook(after))
    given = network(images)
    for hook in hooks:
        hook.remove()
    return runs, given


@cache
def _drawn() -> tuple[torch.Tensor, torch.Tensor]:
    """PERIOD numbers twice over, so that a row of so many may begin at any: normal ones, and ones from 0.5 to 1.5."""
    normal = torch.randn(PERIOD, generator=torch.Generator().manual_seed(0)).repeat(2)
    return normal, 1 + torch.erf(normal / 2**0.5) / 2


class _Numbers:
    """Numbers that depend on the seed, on a layer's place among the layers, and on nothing else."""

    def __init__(self, seed: int, place: int):
        self._normal, self._around_one = _drawn()
        self._start = seed + 4 * place * STEP

    def normal(self, into: torch.Tensor, stream: int, scale: float = 1.0) -> None:
        """Normal ones times `scale`. stream: 0 to 3, so that one tensor too many in a layer changes no other."""
        self._write(self._normal, into, stream, scale)

    def around_one(self, into: torch.Tensor, stream: int, scale: float = 1.0) -> None:
        """From 0.5 to 1.5, times `scale`."""
        self._write(self._around_one, into, stream, scale)

    def _write(self, drawn: torch.Tensor, into: torch.Tensor, stream: int, scale: float) -> None:
        start = (self._start + stream * STEP) % PERIOD
        if into.is_contiguous() and into.numel() <= PERIOD:  # as nearly all are
            torch.mul(drawn[start : start + into.numel()], scale, out=into.view(-1))
            return
        row = drawn[start : start + PERIOD]
        flat = into.view(-1) if into.is_contiguous() else into.new_empty(into.numel())
        whole, rest = divmod(flat.numel(), PERIOD)
        if whole:
            torch.mul(row.expand(whole, -1), scale, out=flat[: whole * PERIOD].view(whole, PERIOD))
        torch.mul(row[:rest], scale, out=flat[whole * PERIOD :])
        if not into.is_contiguous():
            into.copy_(flat.view(into.shape))


def _fill_layer(layer: nn.Module, numbers: _Numbers, given: torch.Tensor, bias: torch.Tensor | None) -> None:
    """Fill a layer. given: what comes in. bias: that of the layer which it comes from straight, or None."""
    if not isinstance(layer, nn.BatchNorm2d):
        inputs = layer.weight[0].numel()
        numbers.normal(layer.weight, stream=0, scale=GAIN / inputs**0.5)
        if layer.bias is not None:
            numbers.normal(layer.bias, stream=1, scale=0.5)
        return
    if layer.affine:
        numbers.around_one(layer.weight, stream=0)
        numbers.normal(layer.bias, stream=1, scale=0.5)
    if layer.track_running_stats:
        mean, variances = _statistics(given)
        spread = float(variances.mean())
        if bias is not None and bias.shape == mean.shape:
            mean = mean - bias
        numbers.normal(layer.running_mean, stream=2, scale=0.3 * spread**0.5)
        layer.running_mean += mean
        numbers.around_one(layer.running_var, stream=3, scale=spread)


def _statistics(maps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and variance of each channel, as BatchNorm itself computes them: four times as fast as torch.var_mean."""
    _, mean, scale = torch.native_batch_norm(maps, None, None, None, None, True, 0.0, NO_VARIANCE)
    return mean, scale**-2


NO_VARIANCE = 1e-12
"""Keeps a channel that is the same everywhere from a division by zero."""
