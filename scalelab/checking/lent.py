"""A block that stands near a student's code and is computed elsewhere, by scalelab.checking.lending.

The judge lends such blocks to a network whose own are wrong. Nothing here says what a block computes.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from notebook_checks.values import plain
from scalelab.checking.packing import packed, tensor_of

MOST_NUMBERS = 500_000
"""So many go out at once: more images are taken in parts."""


class Lent(nn.Module):
    """A block with the sizes that it is called with. Takes and gives [N, C, H, W], in float32, without gradients.

    Its layers are here, for whoever counts or fills them, and are not what computes: where one has no number but 0, so
    has the layer elsewhere.

    Args:
        ask: calls `scalelab.checking.lending.Lending`, with plain data.
        sizes: the block's positional arguments.
        options: its keywords.
    """

    def __init__(self, ask: Callable[..., Any], sizes: tuple, options: dict[str, Any]):
        super().__init__()
        self._ask = ask
        self._call = plain([list(sizes), options])
        self.layers: list[Any] = nn.ModuleList(_layer(*row) for row in ask("layers", *self._call))  # type: ignore[assignment]
        for tensor in self.parameters():
            tensor.data.fill_(1)  # no layer is silent by chance
        self._filling: tuple[int, int] | None = None
        self._number: int | None = None

    @property
    def is_filled(self) -> bool:
        """Whether its weights are those of a seed."""
        return self._number is not None

    def fill_when_it_runs(self, seed: int, before: int) -> None:
        """Have its layers filled at its next run.

        Args:
            seed: as scalelab.checking.filling.fill takes it.
            before: so many layers of the network have run before it.
        """
        self._filling = seed, before

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """What the block gives, computed elsewhere."""
        if self._filling is not None:
            self._number, given = self._ask("fill", *self._call, *self._filling, list(maps.shape), packed(maps))
            self._filling = None
        elif self._number is None:
            given = self._ask("try_out", *self._call, list(maps.shape), packed(maps))
            for layer, shape in zip(self.layers, given.pop("inputs"), strict=True):
                layer(maps.new_zeros(shape))  # where whoever counts multiply-adds sees them
        else:
            images = max(1, MOST_NUMBERS // max(1, maps[:1].numel()))
            return torch.cat([self._run(part) for part in maps.split(images)])
        return tensor_of(given["values"], given["shape"]).to(maps)

    def _run(self, maps: torch.Tensor) -> torch.Tensor:
        silent = [place for place, layer in enumerate(self.layers) if not any(map(torch.any, layer.parameters()))]
        luck = int(torch.randint(2**31, ())) if self.training else None
        given = self._ask("run", self._number, list(maps.shape), packed(maps), silent, luck)
        return tensor_of(given["values"], given["shape"]).to(maps)


def stand_in(ask: Callable[..., Any]) -> type[Lent]:
    """A class that is called as the lent block is.

    Args:
        ask: calls the block's `scalelab.checking.lending.Lending`.
    """

    class Block(Lent):
        def __init__(self, *sizes: Any, **options: Any):
            super().__init__(ask, sizes, options)

    return Block


def _layer(
    kind: str, inputs: int, outputs: int, kernel: int, stride: int, padding: Any, groups: int, bias: bool, eps: float
) -> nn.Module:
    """A layer as scalelab.checking.filled.describe tells of it."""
    if kind == "norm":
        return nn.BatchNorm2d(outputs, eps)
    return nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=bias)
