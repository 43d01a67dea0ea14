"""The network for a coffee break: what its tricks promise, and that the table says what the logs say."""

import json
import sys
from dataclasses import fields
from itertools import count, islice
from pathlib import Path

import pytest
import torch

from scalelab import counting, data

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "data"))

import coffee_break  # noqa: E402
from coffee_break import NETWORKS, PLACES, Recipe, Row, epochs_of, moved, parameters_of, percent_right, plain  # noqa: E402
from training_runs import read_rows  # noqa: E402

ROWS = list(read_rows(PLACES.table, Row).values())
NARROW = (8, 8, 8)


@pytest.fixture(scope="module")
def images() -> data.Images:
    """400 images of the sample."""
    train = data.cifar10(ROOT / "data").train
    return data.Images(train.images[:400], train.labels[:400])


def test_the_first_layer_makes_patches_uncorrelated_and_is_not_learned(images):
    normalised = data.normalise(images.images)
    first = plain(normalised, NARROW)[0]
    with torch.no_grad():
        values = first(normalised)[:, :12].transpose(0, 1).reshape(12, -1)
    products = values @ values.T / values.shape[1]
    assert torch.allclose(products, torch.eye(12) * products.diagonal(), atol=0.01)
    assert products.diagonal().min() > 0.5 and products.diagonal().max() < 1.01
    assert not first.weight.requires_grad


def test_a_group_begins_by_passing_its_input_on():
    group = coffee_break.Group(4, 8).eval()
    maps = torch.rand(2, 4, 8, 8)
    assert torch.equal(group.first(maps)[:, :4], maps)


def test_an_image_is_flipped_in_every_second_epoch_and_never_moved_by_more_than_two_pixels():
    torch.manual_seed(0)
    ramp = torch.arange(32.0).expand(8, 3, 32, 32)
    batches = islice(epochs_of(ramp, torch.arange(8), 8), 6)
    sides = {}
    for some, labels in batches:
        for image, label in zip(some, labels.tolist(), strict=True):
            row = image[0, 0, 4:28]
            sides.setdefault(label, []).append(bool(row[0] > row[-1]))
            assert abs(float(image[0, 0, 16]) - (15 if row[0] > row[-1] else 16)) <= 2
    assert all(one[::2] == [one[0]] * 3 and one[1::2] == [not one[0]] * 3 for one in sides.values())
    assert len({one[0] for one in sides.values()}) == 2


def test_each_image_is_moved_by_its_own_step():
    padded = torch.rand(3, 3, 12, 12)
    some = moved(padded, torch.tensor([[0, 4, 2], [1, 4, 0]]))
    assert torch.equal(some[0], padded[0, :, 0:8, 1:9])
    assert torch.equal(some[1], padded[1, :, 4:12, 4:12])
    assert torch.equal(some[2], padded[2, :, 2:10, 0:8])


def test_what_is_trained_is_in_one_group_each_and_biases_of_batchnorm_learn_faster(images):
    network = plain(data.normalise(images.images[:50]), NARROW)
    fast, rest = parameters_of(network, Recipe())
    learned = {id(one) for one in network.parameters() if one.requires_grad}
    assert {id(one) for group in (fast, rest) for one in group["params"]} == learned
    assert len(fast["params"]) == 6 and fast["factor"] > rest["factor"] == 1


def test_training_ends_with_its_time_and_learns_something(images, monkeypatch):
    clock = count(0.0, 0.02)  # seconds pass by calls
    monkeypatch.setattr(coffee_break.time, "monotonic", lambda: next(clock))
    torch.manual_seed(0)
    few = data.normalise(images.images)
    recipe = Recipe(batch=50, precision="float32")
    average, log = coffee_break.train(plain(few, NARROW), few, images.labels, recipe, seconds=1.0)
    assert log[-1]["seconds"] == pytest.approx(1.0, abs=0.05)
    assert log[-1]["loss"] < log[0]["loss"]
    assert percent_right(average, few, images.labels, recipe, views=6) > 15


def test_notebook_4_tells_what_the_table_has():
    (row,) = (row for row in ROWS if (row.network, row.minutes, row.seed) == ("plain", 10, 0))
    assert (round(row.accuracy, 1), round(row.parameters / 1e6, 1), row.device) == (92.7, 1.5, "cpu, 2 threads")
    told = (
        "| 1.5 million parameters in plain convolutions, ten minutes on two processor cores (`make coffee`) | 92.7% |"
    )
    assert told in (ROOT / "solutions" / "compound_scaling" / "4_cifar.py").read_text(encoding="utf-8")


def test_each_row_is_counted_and_has_a_log_of_a_run_that_took_its_time():
    assert PLACES.table.read_text().splitlines()[0] == ",".join(field.name for field in fields(Row))
    for row in ROWS:
        build, _ = NETWORKS[row.network]
        network = build(torch.randn(100, 3, 32, 32))
        assert row.macs == counting.macs(network, (1, 3, 32, 32))
        assert row.parameters == counting.parameters(network) < 9_109_994
        name = f"{row.network}_{row.minutes:g}_seed{row.seed}"
        log = json.loads((PLACES.results / "coffee_break_logs" / f"{name}.json").read_text())
        last = log["steps"][-1]
        assert log["commit"] == row.commit
        assert row.epochs == pytest.approx(last["step"] * log["recipe"]["batch"] / 50_000, abs=0.01)
        assert last["seconds"] == pytest.approx(60 * row.minutes, rel=0.05)
