"""The tables of trained networks: each row says what its run's log says, and what can be counted on the network."""

import json
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from scalelab import counting
from scalelab.models import COMPARED
from scalelab.small import small_efficientnet

pytestmark = pytest.mark.tool

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "data"))

import make_ablation  # noqa: E402
import make_results  # noqa: E402
import make_scaling  # noqa: E402
import training_runs  # noqa: E402

COMPARED_TABLES = (
    (make_scaling.PLACES, make_scaling.Row, 50_000),
    (make_scaling.ON_THE_SAMPLE, make_scaling.Row, 3_000),
    (make_results.PLACES, make_results.Row, 50_000),
)
TABLES = (*COMPARED_TABLES, (make_ablation.PLACES, make_ablation.Row, 50_000))
"""Where a table is, the class of its rows, and the images that its networks were trained on."""

RUNS = [
    pytest.param(places, row, images, id=f"{places.name}-{row.run.name}")
    for places, kind, images in TABLES
    for row in training_runs.read_rows(places.table, kind).values()
]
COUNTED = [
    pytest.param(*run.values, id=run.id, marks=() if number % 4 == 0 else pytest.mark.proof)
    for number, run in enumerate(RUNS)
]
"""A quarter of them in `make test`: to count on a network takes a tenth of a second, or two."""
SCALED = [
    pytest.param(row, id=row.run.name)
    for row in training_runs.read_rows(make_scaling.PLACES.table, make_scaling.Row).values()
]
IMAGE = (1, 3, 32, 32)


def log_of(places: training_runs.Places, row) -> dict:
    """What a run noted while it went on."""
    return json.loads(places.log(row.run).read_text(encoding="utf-8"))


@cache
def counts_of(make, *arguments):
    """Multiply-adds, parameters and activations of the network that this makes."""
    with torch.device("meta"):
        network = make(*arguments)
    return counting.macs(network, IMAGE), counting.parameters(network), counting.activations(network, IMAGE)


def counts_of_run(run):
    """The same of the network that a run trained."""
    if isinstance(run, make_scaling.Run):
        return counts_of(small_efficientnet, run.shape)
    if isinstance(run, make_results.Run):
        return counts_of(COMPARED[run.model])
    return counts_of(make_ablation.network, make_ablation.CHANGES[run.change].get("stem_stride", 1))


@pytest.mark.parametrize(("places", "row", "images"), RUNS)
def test_a_row_says_what_its_log_says(places, row, images):
    log = log_of(places, row)
    epochs = log["epochs"]
    assert [epoch["epoch"] for epoch in epochs] == list(range(1, row.epochs + 1))
    assert row.accuracy == round(epochs[-1]["accuracy"], 2)
    assert row.seconds == round(epochs[-1]["seconds"], 1)
    assert row.cpu_seconds == round(epochs[-1]["cpu_seconds"], 1)
    assert row.images_per_second == pytest.approx(row.epochs * images / row.seconds, rel=0.01)
    assert log["recipe"]["images"] == images
    assert all(first["seconds"] < then["seconds"] for first, then in pairwise(epochs))
    assert all(first["cpu_seconds"] < then["cpu_seconds"] for first, then in pairwise(epochs))
    assert {name: getattr(row, name) for name in log["run"]} == log["run"]
    assert (log["commit"], log["recipe"]["precision"]) == (row.commit, row.precision)


@pytest.mark.parametrize(("places", "row", "images"), COUNTED)
def test_a_row_says_what_is_counted_on_the_network(places, row, images):
    assert (row.macs, row.parameters, row.activations) == counts_of_run(row.run)


@pytest.mark.parametrize("row", SCALED)
def test_a_row_has_its_networks_shape(row):
    shape = row.run.shape
    assert (row.resolution, row.interpolated) == (shape.resolution, shape.resolution > 32)
    assert (row.depth, row.width) == (round(shape.depth, 4), round(shape.width, 4))


def named(tables):
    """The tables as parameters of a test."""
    return [pytest.param(places, kind, id=places.name) for places, kind, _ in tables]


@pytest.mark.parametrize(("places", "kind"), named(TABLES))
def test_a_table_has_one_budget_and_a_row_for_each_log(places, kind):
    rows = training_runs.read_rows(places.table, kind).values()
    assert rows and len({row.epochs for row in rows}) == 1
    assert {path.stem for path in places.log(next(iter(rows)).run).parent.iterdir()} == {row.run.name for row in rows}


@pytest.mark.parametrize(("places", "kind"), named(COMPARED_TABLES))
def test_what_is_compared_was_trained_by_one_recipe(places, kind):
    rows = training_runs.read_rows(places.table, kind).values()
    recipes = [{**log_of(places, row)["recipe"], "precision": ""} for row in rows]
    assert all(recipe == recipes[0] for recipe in recipes)


def test_one_thing_at_a_time_was_changed():
    for row in training_runs.read_rows(make_ablation.PLACES.table, make_ablation.Row).values():
        log, change = log_of(make_ablation.PLACES, row), make_ablation.CHANGES[row.change]
        assert log["changed"] == change and len(change) == (row.change != "base")
        assert row.precision == change.get("precision", "float32")
        for key, value in make_ablation.RECIPE.items():
            assert log["recipe"][key] == change.get(key, value)
