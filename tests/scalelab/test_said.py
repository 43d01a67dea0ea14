"""What a room says of a network is of exact types, within ranges and of sizes that fit, or it is left out."""

import json

import pytest
import torch

from scalelab.checking import filled
from scalelab.checking.networks import layers_of, parameters_of
from scalelab.checking.said import MOST, MOST_ELEMENTS, counts_said, layers_said, output_said

ROW = ["convolution", 3, 32, 3, 2, 1, 1, False, 0.0]
"""The first layer of B0."""

FORGED = {
    1: [3_000_000_000, -1, 0, True, 1.0, "3", None, [3], 10**4000],
    2: ["x", True, 2.0, MOST + 1],
    3: [0, "3"],
    4: [-2, None],
    5: ["other", -1, True, [1, 1], 10**4000],
    6: [0, True],
    7: [1, 0, "yes", None],
    8: ["eps", True, -1e-5, 2, float("nan"), float("inf")],
    0: ["pooling", 3, None, ["convolution"]],
}
"""Place → what may not stand there."""


def said(**changed):
    given = {"module": True, "tensor": True, "shape": [2, 3], "values": filled.packed(torch.arange(6.0))}
    return output_said(given | {"layers": json.dumps([ROW]), "momenta": [0.1], "repeated": 0, "loose": 0} | changed)


def test_what_is_well_formed_is_kept():
    assert said() == {
        **{"shape": [2, 3], "values": [0, 1, 2, 3, 4, 5], "layers": json.dumps([ROW])},
        **{"momenta": [0.1], "repeated": 0, "loose": 0, "named": False},
    }
    for forged in (None, 0.1, "0.1", [1], [True], {0.1: 0}, [[0.1]], [0.1] * 10_001):
        assert said(momenta=forged)["momenta"] is None
    assert said(named=True)["named"] is True and said(named=1)["named"] is False
    for padding in (0, "same", "valid"):
        assert layers_said(json.dumps([[*ROW[:5], padding, *ROW[6:]]]))
    assert layers_said(json.dumps([["norm", 32, 32, 1, 1, 0, 1, True, 1e-5]]))


@pytest.mark.parametrize(("place", "forged"), [(place, one) for place, all_of in FORGED.items() for one in all_of])
def test_a_row_with_a_forged_field_is_no_layer(place, forged):
    row = [*ROW]
    row[place] = forged
    assert layers_said(json.dumps([row])) == []
    assert said(layers=json.dumps([ROW, row]))["layers"] is None


def test_a_row_cannot_make_the_judge_repeat_a_text():
    """It made a text of three thousand million characters."""
    rows = json.dumps([["convolution", 3_000_000_000, "x", 1, 1, 0, 1, True, 0.0]])
    assert parameters_of(layers_of({"layers": rows})) == 0


@pytest.mark.parametrize(
    "layers",
    ["[" * 1_000_000, "{}", "[[]]", "[1]", "[" + "9" * 5000 + "]", "", 3, None, [ROW], "\ud800", "[NaN]"],
    ids=lambda layers: str(layers)[:10].encode("ascii", "replace").decode(),
)
def test_no_other_text_is_layers(layers):
    assert layers_said(layers) == [] and said(layers=layers)["layers"] in (None, layers)


def test_there_are_not_more_layers_than_any_network_has():
    assert len(layers_said(json.dumps([ROW] * 10_000))) == 10_000
    assert layers_said(json.dumps([ROW] * 10_001)) == []


@pytest.mark.parametrize(
    "shape",
    [[2, 4], [6, 10**12], [10**4000], [-2, -3], [True, 6], [2.0, 3.0], [1] * 100_000, [[2, 3]], "23", None, {"2": 3}],
    ids=lambda shape: str(shape)[:12],
)
def test_numbers_that_do_not_fit_their_shape_are_none(shape):
    assert said(shape=shape)["values"] == []


@pytest.mark.parametrize("count", [-1, True, 0.0, None, "0", [0], MOST_ELEMENTS + 1, 10**4000])
def test_a_count_is_a_whole_number_in_a_range(count):
    assert said(repeated=count)["repeated"] is None and said(loose=count)["loose"] is None
    assert counts_said({"parameters": count}) == {}
    assert counts_said({"parameters": 5_288_548, "macs": 385_814_752, "more": 1}) == {
        **{"parameters": 5_288_548, "macs": 385_814_752}
    }


@pytest.mark.parametrize("given", [None, [], 3, "parameters", {"macs": -1}])
def test_counts_that_are_none_are_none(given):
    assert counts_said(given) == {}
