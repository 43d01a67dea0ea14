"""x_bugs and x_own_code: what stands behind their verdicts."""

import math

import pytest
import torch
from torch import nn

from autograder.course.questions import read_question
from scalelab.checking import filled
from scalelab.checking.blocks import theirs
from tests.compound import BANK, COURSE

MODEL = [(13, 0.5, 1), (51, 0.7, 8), (17, 1.2, 16), (25, 1.0, 4), (3, 1.0, 4), (12, 0.9, 5)]


RARELY_WRONG = (
    "the tenth is cut off to a whole number",
    "at most a tenth is gained, too",
    "halves go to even multiples for other divisors than 8",
    "a third step below 40 channels alone",
    "fewer channels than the divisor become the divisor",
)
"""They differ where little is lost or gained, at halves, or far from 1, which six other inputs need not try."""


@pytest.fixture(scope="module")
def bugs() -> dict:
    """The names of x_bugs' test file."""
    names: dict = {}
    exec(read_question(COURSE.questions / "x_bugs.py").text, names)
    return names


def versions(bugs):
    """All wrong versions."""
    return [one for kind in ("halves", "thirds", "divisors", "products") for one in bugs[f"wrong_{kind}"]()]


def test_fifteen_versions_and_twelve_of_them_are_right_for_the_example(bugs):
    found = [version(32, 1.1, 8) == bugs["right"](32, 1.1, 8) for version in versions(bugs)]
    assert (len(found), sum(found)) == (15, 12)


def test_no_version_is_right_everywhere(bugs):
    assert all(any(version(*one) != bugs["right"](*one) for one in MODEL) for version in versions(bugs))


def test_the_bank_s_wrong_roundings_give_themselves_away(bugs):
    """What q3_1's bank has of wrong round_channels: telling inputs for the judge's versions tell of these, too."""
    tried = 0
    for answer in BANK.answers["q3_1"]:
        if answer.right or answer.name in RARELY_WRONG:
            continue
        for source, _cell in answer.cells:
            if "def round_channels" in source:
                names: dict = {"math": math}
                exec(source, names)
                rounding = names["round_channels"]
                assert any(rounding(*one) != bugs["right"](*one) for one in MODEL), answer
                tried += 1
    assert tried > 12


def test_a_named_part_is_silenced_and_no_other():
    sizes, images = [24, 40, 5, 2, 6], [2, 24, 15, 15]
    whole = filled.outputs(theirs, sizes, {}, 5, images)
    silent = filled.outputs(theirs, sizes, {}, 5, images, without="block.1.0")
    unknown = filled.outputs(theirs, sizes, {}, 5, images, without="block.9")
    assert silent["named"] and silent["values"] != whole["values"]
    assert not unknown["named"] and unknown["values"] == whole["values"]


def test_the_whole_network_is_no_part_of_itself():
    class One(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Conv2d(3, 3, 1)

        def forward(self, maps: torch.Tensor) -> torch.Tensor:
            return self.layer(maps)

    assert filled.outputs(One, [], {}, 5, [1, 3, 2, 2], without="")["named"] is False
