"""The tables of notebook 5: torchvision's networks are what its metadata says, and gaps are told in one line."""

import csv
from pathlib import Path

import pytest

from scalelab import comparison, counting
from scalelab.data import places

from torchvision import models  # isort: skip

TABLE = Path(__file__).parents[2] / "data" / "results" / "imagenet.csv"
HEADER = "model,parameters,macs,activations,accuracy,epochs,seconds,device,seed,commit\n"


@pytest.fixture
def results(tmp_path, monkeypatch):
    """An empty folder of results that is looked at first."""
    monkeypatch.setenv("SCALELAB_DATA", str(tmp_path))
    (tmp_path / "results").mkdir()
    return tmp_path / "results"


@pytest.mark.parametrize("network", comparison.imagenet("all"), ids=lambda one: f"{one['name']}-{one['weights']}")
def test_each_row_is_what_the_metadata_says(network):
    weights = models.get_model_weights(network["name"])[f"IMAGENET1K_{network['weights']}"]
    assert network["parameters"] == weights.meta["num_params"]
    assert abs(network["macs"] / 1e9 - weights.meta["_ops"]) < 0.00051
    assert network["accuracy"] == weights.meta["_metrics"]["ImageNet-1K"]["acc@1"]
    assert [network["resolution"]] == weights.transforms().crop_size


@pytest.mark.parametrize("name", ["efficientnet_b2", "mobilenet_v2", "resnet18"])
def test_the_counts_are_those_of_scalelab(name):
    network = next(one for one in comparison.imagenet() if one["name"] == name)
    model, shape = models.get_model(name, weights=None), (1, 3, network["resolution"], network["resolution"])
    assert network["parameters"] == counting.parameters(model)
    assert network["macs"] == counting.macs(model, shape)
    assert network["activations"] == counting.activations(model, shape)


def test_convnext_is_counted_with_its_pointwise_convolutions():
    # Each block puts out its width once by the depthwise convolution, and 4 and 1 times by the linear layers.
    blocks = ((96, 56, 3), (192, 28, 3), (384, 14, 9), (768, 7, 3))
    right = sum(6 * width * side**2 * repeats + width * side**2 for width, side, repeats in blocks)
    network = next(one for one in comparison.imagenet() if one["name"] == "convnext_tiny")
    assert network["activations"] == right


def test_b0_and_the_two_recipes_of_resnet50():
    networks = {(one["name"], one["weights"]): one for one in comparison.imagenet("all")}
    assert networks["efficientnet_b0", "V1"]["macs"] == 385_814_752
    assert networks["resnet50", "V1"]["accuracy"] == 76.13
    assert networks["resnet50", "V2"]["accuracy"] == 80.858


def test_best_has_each_network_once():
    every, best = comparison.imagenet("all"), comparison.imagenet("best")
    assert {one["name"] for one in every} == {one["name"] for one in best}
    assert len({one["name"] for one in best}) == len(best)
    for one in best:
        assert one["accuracy"] == max(other["accuracy"] for other in every if other["name"] == one["name"])
    assert {one["weights"] for one in comparison.imagenet("V2")} == {"V2"}
    with pytest.raises(ValueError, match="weights has to be one of"):
        comparison.imagenet("V3")


def test_no_transformers_and_nothing_trained_on_more_than_imagenet():
    with TABLE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert not [row for row in rows if row["name"].startswith(("vit", "swin", "maxvit"))]
    assert {row["weights"] for row in rows} == {"V1", "V2"}


def test_rows_of_cifar10_are_read_with_their_numbers(results):
    (results / "cifar10.csv").write_text(HEADER + 'efficientnet φ=-2,12,34,56,78.5,2,9.1,"cpu, 2 threads",0,abc\n')
    (network,) = comparison.cifar10()
    assert (network["name"], network["family"]) == ("efficientnet φ=-2", "EfficientNet")
    assert (network["parameters"], network["accuracy"], network["seconds"]) == (12, 78.5, 9.1)
    assert network["device"] == "cpu, 2 threads"


def test_runs_with_several_seeds_are_one_network_with_their_mean_and_their_ends(results):
    rows = [
        'resnet18,12,34,56,78.5,4,9.0,"cpu, 1 thread",0,abc\n',
        'resnet18,12,34,56,79.5,4,11.0,"cpu, 1 thread",1,abd\n',
    ]
    other = "vgg11_bn,1,2,3,70.0,4,5.0,cpu,0,abc\n"
    (results / "cifar10.csv").write_text(HEADER + rows[0] + other + rows[1])
    network, alone = comparison.cifar10()
    assert (network["name"], network["accuracy"], network["seconds"], network["seeds"]) == ("resnet18", 79.0, 10.0, 2)
    assert (network["lowest"], network["highest"], network["epochs"]) == (78.5, 79.5, 4)
    assert "seed" not in network
    assert (alone["seeds"], alone["lowest"], alone["highest"]) == (1, 70.0, 70.0)


def test_missing_results_are_said_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(places, "__file__", str(tmp_path / "scalelab" / "data" / "places.py"))
    monkeypatch.delenv("SCALELAB_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert comparison.cifar10() == []
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "make results" in said
    with pytest.raises(comparison.NoResults, match=r"imagenet\.csv"):
        comparison.imagenet()


def test_a_broken_table_is_said_in_one_line(results, capsys):
    (results / "cifar10.csv").write_text(HEADER + "resnet18,many,34,56,78.5,2,9.1,cpu,0,abc\n")
    assert comparison.cifar10() == []
    assert "cannot be read" in capsys.readouterr().out
