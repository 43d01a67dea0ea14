"""A network of lent blocks is counted, filled and run as one of the blocks themselves."""

import copy
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn

from scalelab.checking.filled import counts, outputs
from scalelab.checking.lending import ANSWERS, MOST_BLOCKS, Lending
from scalelab.checking.lent import MOST_NUMBERS, stand_in
from scalelab.checking.networks import close
from scalelab.checking.said import unpacked


class Block(nn.Module):
    """A block with a biased layer, gates, and luck in training mode."""

    def __init__(self, inputs, outputs, *, chance=0.0):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1, stride=2, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=1e-3)
        self.gate = nn.Conv2d(outputs, outputs, 1, groups=outputs)
        self.chance = chance

    def forward(self, maps):
        inner = nn.functional.silu(self.norm(self.first(maps)))
        inner = inner * torch.sigmoid(self.gate(inner.mean((2, 3), keepdim=True)))
        if self.training:
            inner = inner * (torch.rand(len(maps), 1, 1, 1) >= self.chance)
        return inner


def over_a_line(lending):
    """`lending` as a room asks it: through JSON, and somewhere else, so that no counter of torch's sees it."""
    elsewhere = ThreadPoolExecutor(1)

    def ask(*arguments):
        given = elsewhere.submit(lending, *json.loads(json.dumps(arguments))).result()
        return json.loads(json.dumps(given))

    return ask


def network_of(block):
    class Network(nn.Module):
        def __init__(self, width, chance=0.0):
            super().__init__()
            self.stem = nn.Conv2d(3, width, 3)
            self.blocks = nn.Sequential(block(width, 2 * width, chance=chance), block(2 * width, width))
            self.head = nn.Linear(width, 5)

        def forward(self, images):
            return self.head(self.blocks(self.stem(images)).mean((2, 3)))

    return Network


OWN = network_of(Block)
LENT = network_of(stand_in(over_a_line(Lending(Block))))
SHAPE = [3, 3, 17, 13]


@pytest.mark.parametrize(
    "modes",
    [{}, {"alike": True}, {"training": True, "alike": True}, {"silent": True}, {"without": "blocks.1.gate"}],
    ids=str,
)
def test_it_gives_what_the_network_itself_gives(modes):
    with_layers = {"without": "blocks.1.layers.2"} if "without" in modes else modes
    own, lent = outputs(OWN, [8], {}, 7, SHAPE, **modes), outputs(LENT, [8], {}, 7, SHAPE, **with_layers)
    assert own == lent


def test_a_block_at_the_end_that_is_to_be_silent_is():
    lent = outputs(stand_in(over_a_line(Lending(Block))), [3, 4], {}, 7, SHAPE, silent=True)
    assert lent == outputs(Block, [3, 4], {}, 7, SHAPE, silent=True)


def test_luck_follows_the_seed_and_the_chance():
    def values(seed, chance):
        return outputs(LENT, [8], {"chance": chance}, seed, [64, 3, 9, 9], training=True, alike=True)["values"]

    assert values(7, 0.5) == values(7, 0.5)
    assert values(7, 0.5) != values(7, 0.0)


@pytest.mark.parametrize("shape", [None, SHAPE])
def test_it_is_counted_as_the_network_itself_is(shape):
    assert counts(LENT, [8], {}, shape) == counts(OWN, [8], {}, shape)


def test_a_block_that_runs_twice_is_told():
    class Twice(nn.Module):
        def __init__(self, block):
            super().__init__()
            self.block = block(3, 3)

        def forward(self, images):
            return self.block(self.block(images))

    lent = stand_in(over_a_line(Lending(Block)))
    assert outputs(Twice, [lent], {}, 7, SHAPE) == outputs(Twice, [Block], {}, 7, SHAPE)


def test_copies_made_before_they_run_are_blocks_of_their_own():
    def pair(block):
        one = block(3, 3)
        return nn.Sequential(one, copy.deepcopy(one))

    lent = stand_in(over_a_line(Lending(Block)))
    assert outputs(pair, [lent], {}, 7, SHAPE) == outputs(pair, [Block], {}, 7, SHAPE)


def test_many_images_are_taken_in_parts():
    lent = stand_in(over_a_line(Lending(Block)))
    shape = [2 * MOST_NUMBERS // (3 * 64 * 64), 3, 64, 64]
    in_parts, whole = (unpacked(outputs(block, [3, 4], {}, 7, shape, alike=True)["values"]) for block in (lent, Block))
    assert close(in_parts, whole)


def test_only_the_latest_blocks_are_kept():
    lending = Lending(Block)
    lent = stand_in(over_a_line(lending))
    for seed in range(MOST_BLOCKS + 3):
        outputs(lent, [3, 3], {}, seed, [1, 3, 3, 3])
    assert len(lending._blocks) == MOST_BLOCKS


def test_nothing_but_its_answers_can_be_asked_for():
    with pytest.raises(KeyError):
        Lending(Block)("__init__", Block)
    assert set(ANSWERS) == {"layers", "fill", "run", "try_out"}
