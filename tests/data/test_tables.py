"""The tables of trained networks: each row says what its run's log says, and what can be counted on the network."""

import json
import sys
from itertools import pairwise
from pathlib import Path

import pytest

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

TABLES = (make_scaling, make_results, make_ablation)
RUNS = [
    pytest.param(table.PLACES, row, id=row.run.name)
    for table in TABLES
    for row in training_runs.read_rows(table.PLACES.table, table.Row).values()
]
IMAGE = (1, 3, 32, 32)


def log_of(places: training_runs.Places, row) -> dict:
    """What a run noted while it went on."""
    return json.loads(places.log(row.run).read_text(encoding="utf-8"))


def network_of(run):
    """The network that was trained, untrained."""
    if isinstance(run, make_scaling.Run):
        return small_efficientnet(run.shape)
    if isinstance(run, make_results.Run):
        return COMPARED[run.model]()
    return make_ablation.network(make_ablation.CHANGES[run.change].get("stem_stride", 1))


@pytest.mark.parametrize(("places", "row"), RUNS)
def test_a_row_says_what_its_log_says(places, row):
    log = log_of(places, row)
    epochs = log["epochs"]
    assert [epoch["epoch"] for epoch in epochs] == list(range(1, row.epochs + 1))
    assert row.accuracy == round(epochs[-1]["accuracy"], 2)
    assert row.seconds == round(epochs[-1]["seconds"], 1)
    assert row.cpu_seconds == round(epochs[-1]["cpu_seconds"], 1)
    assert row.images_per_second == pytest.approx(row.epochs * 50_000 / row.seconds, rel=0.01)
    assert all(first["seconds"] < then["seconds"] for first, then in pairwise(epochs))
    assert all(first["cpu_seconds"] < then["cpu_seconds"] for first, then in pairwise(epochs))
    assert {name: getattr(row, name) for name in log["run"]} == log["run"]
    assert (log["commit"], log["recipe"]["precision"]) == (row.commit, row.precision)


@pytest.mark.parametrize(("places", "row"), RUNS)
def test_a_row_says_what_is_counted_on_the_network(places, row):
    network = network_of(row.run)
    assert row.macs == counting.macs(network, IMAGE)
    assert row.parameters == counting.parameters(network)
    assert row.activations == counting.activations(network, IMAGE)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.PLACES.name)
def test_a_table_has_one_budget_and_a_row_for_each_log(table):
    rows = training_runs.read_rows(table.PLACES.table, table.Row).values()
    assert rows and len({row.epochs for row in rows}) == 1
    assert {path.stem for path in table.PLACES.log(next(iter(rows)).run).parent.iterdir()} == {
        row.run.name for row in rows
    }


@pytest.mark.parametrize("table", TABLES[:2], ids=lambda table: table.PLACES.name)
def test_what_is_compared_was_trained_by_one_recipe(table):
    rows = training_runs.read_rows(table.PLACES.table, table.Row).values()
    recipes = [{**log_of(table.PLACES, row)["recipe"], "precision": ""} for row in rows]
    assert all(recipe == recipes[0] for recipe in recipes)


def test_one_thing_at_a_time_was_changed():
    for row in training_runs.read_rows(make_ablation.PLACES.table, make_ablation.Row).values():
        log, change = log_of(make_ablation.PLACES, row), make_ablation.CHANGES[row.change]
        assert log["changed"] == change and len(change) == (row.change != "base")
        assert row.precision == change.get("precision", "float32")
        for key, value in make_ablation.RECIPE.items():
            assert log["recipe"][key] == change.get(key, value)
