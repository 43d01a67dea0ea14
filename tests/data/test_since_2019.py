"""The page about what came after EfficientNet: its picture is what the script draws, its numbers are the table's."""

import math
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from scalelab import comparison

pytestmark = pytest.mark.tool

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "data"))

import draw_since_2019  # noqa: E402

PAGE = " ".join((ROOT / "docs" / "since_2019.md").read_text(encoding="utf-8").split())
BEST = {network["name"]: network for network in comparison.imagenet("best")}
FIRST = {network["name"]: network for network in comparison.imagenet("V1")}
LINE = [network for name, network in BEST.items() if name.startswith("efficientnet_b")]


def growth(small: str, large: str, cost: str) -> float:
    return BEST[large][cost] / BEST[small][cost]


def test_the_picture_is_what_the_script_draws(tmp_path, monkeypatch):
    monkeypatch.setattr(draw_since_2019, "PICTURE", tmp_path / "drawn.svg")
    draw_since_2019.main()
    assert (tmp_path / "drawn.svg").read_bytes() == (ROOT / "docs" / "since_2019.svg").read_bytes()


@pytest.mark.parametrize(
    ("small", "large", "macs", "activations"),
    [("regnet_y_400mf", "regnet_y_32gf", "80", "7.8"), ("convnext_tiny", "convnext_large", "7.7", "3.2"),
     ("efficientnet_b0", "efficientnet_b7", "98", "43")],
)  # fmt: skip
def test_how_families_grow(small, large, macs, activations):
    assert f"{growth(small, large, 'macs'):.2g}" == macs
    assert f"{growth(small, large, 'activations'):.2g}" == activations
    assert f"{macs} times and activations {activations}" in PAGE or f"{macs} and {activations} times" in PAGE


def test_other_numbers_of_the_table():
    assert (round(FIRST["resnet50"]["accuracy"], 1), round(BEST["resnet50"]["accuracy"], 1)) == (76.1, 80.9)
    again = [name for name in BEST if name.startswith("efficientnet_b") and BEST[name]["weights"] == "V2"]
    assert again == ["efficientnet_b1"]
    assert round(BEST["efficientnet_b1"]["accuracy"] - FIRST["efficientnet_b1"]["accuracy"], 1) == 1.2
    assert f"{BEST['efficientnet_b4']['macs'] / 1e9:.1f}" == "4.4"
    assert round(BEST["efficientnet_b4"]["activations"] / 1e6) == 49
    assert round(BEST["convnext_tiny"]["activations"] / 1e6) == 13
    for name, accuracy, macs, activations in (("v2_s", 84.2, 8.4, 36), ("b7", 84.1, 37.7, 290)):
        network = BEST[f"efficientnet_{name}"]
        assert round(network["accuracy"], 1) == accuracy and round(network["macs"] / 1e9, 1) == macs
        assert round(network["activations"] / 1e6) == activations
        assert f"{accuracy}% with {macs} billion" in PAGE and f"{activations} million" in PAGE


def test_between_b0_and_b4_nothing_lies_above_efficientnets_line():
    line = sorted((network["macs"], network["accuracy"]) for network in LINE)
    least, most = BEST["efficientnet_b0"]["macs"], BEST["efficientnet_b4"]["macs"]
    others = [one for one in BEST.values() if one not in LINE and least <= one["macs"] <= most]
    assert len(others) >= 20
    for network in others:
        (left, low), (right, high) = next(
            pair for pair in pairwise(line) if pair[0][0] <= network["macs"] <= pair[1][0]
        )
        share = math.log(network["macs"] / left) / math.log(right / left)
        assert network["accuracy"] < low + share * (high - low)
