"""The block that a scalelab.checking.lent.Lent asks for: it computes in a room where no student code runs."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from scalelab.checking.filled import describe
from scalelab.checking.filling import LAYERS, Layer, fill
from scalelab.checking.neutral import neutral
from scalelab.checking.packing import packed, tensor_of

MOST_BLOCKS = 200
"""So many filled blocks are kept. B3 has 26."""


class Lending:
    """Answers what stand-ins ask. Its arguments are a student's doing; what they break is a room of nobody's.

    Args:
        build: the block's class. Its layers are made in the order in which they run.
    """

    def __init__(self, build: Callable[..., nn.Module]):
        self._build = build
        self._blocks: OrderedDict[int, nn.Module] = OrderedDict()
        self._made = 0

    def __call__(self, what: str, *arguments: Any) -> Any:
        """Do what a stand-in asks for.

        Args:
            what: the name of one of ANSWERS.
            *arguments: of that function.

        Returns:
            Plain data.
        """
        with neutral(), torch.no_grad():
            return ANSWERS[what](self, *arguments)

    def layers(self, sizes: list, options: dict[str, Any]) -> list[list[Any]]:
        """The layers of a block with such sizes, as scalelab.checking.filled.describe has them."""
        with torch.device("meta"):
            return [describe(layer) for layer in _layers(self._build(*sizes, **options))]

    def fill(
        self, sizes: list, options: dict[str, Any], seed: int, before: int, shape: list[int], values: str
    ) -> tuple[int, dict[str, Any]]:
        """Fill a new block while it runs, in evaluation mode: its number, and what it gives."""
        block = self._build(*sizes, **options).eval()
        _, given = fill(block, seed, tensor_of(values, shape), before)
        self._made += 1
        self._blocks[self._made] = block
        if len(self._blocks) > MOST_BLOCKS:
            self._blocks.popitem(last=False)
        return self._made, _said(given)

    def run(self, number: int, shape: list[int], values: str, silent: list[int], luck: int | None) -> dict[str, Any]:
        """What a block gives that was filled.

        Args:
            number: of the block.
            shape: of the input, [N, C, H, W].
            values: the input.
            silent: the layers that give zeros.
            luck: the seed of what it draws in training mode; None in evaluation mode. BatchNorm stays in
                evaluation mode.
        """
        block = self._blocks[number]
        layers = _layers(block)
        for place in silent:
            for tensor in layers[place].parameters():
                tensor.data = torch.zeros_like(tensor)
        block.train(luck is not None)
        for layer in layers:
            layer.eval()
        if luck is not None:
            torch.manual_seed(luck)
        return _said(block(tensor_of(values, shape)))

    def try_out(self, sizes: list, options: dict[str, Any], shape: list[int], values: str) -> dict[str, Any]:
        """What a new block gives that is not filled, and the shape of each layer's input."""
        block = self._build(*sizes, **options).eval()
        inputs: list[list[int]] = []
        for layer in _layers(block):
            layer.register_forward_pre_hook(lambda layer, given: inputs.append(list(given[0].shape)))
        return _said(block(tensor_of(values, shape))) | {"inputs": inputs}


ANSWERS: dict[str, Callable[..., Any]] = {
    "layers": Lending.layers,
    "fill": Lending.fill,
    "run": Lending.run,
    "try_out": Lending.try_out,
}


def _layers(block: nn.Module) -> list[Layer]:
    return [part for part in block.modules() if isinstance(part, LAYERS)]


def _said(given: torch.Tensor) -> dict[str, Any]:
    return {"shape": list(given.shape), "values": packed(given)}
