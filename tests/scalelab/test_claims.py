"""Numbers that the notebooks state, and docs/claims.md lists, are what the code gives."""

import csv
import math
import re

import pytest
from torch import nn

from scalelab import counting, data
from scalelab.stages import scaled_stages
from tests.compound import COURSE, ROOT

CLAIMS = ROOT / "docs" / "claims.md"


def growth(phi: float) -> float:
    """By what B0's multiply-adds are multiplied at φ, without rounding: so only B0's own layers are counted."""
    scaled, b0 = (sum(stage.macs for stage in scaled_stages(at, rounding=False)) for at in (phi, 0.0))
    return scaled / b0


def notebook(name: str) -> str:
    """The text of a source notebook, in one line."""
    return " ".join(COURSE.source(name).read_text(encoding="utf-8").replace("\n#", " ").split())


def test_without_rounding_the_formula_holds_within_five_percent():
    rule = 1.2 * 1.1**2 * 1.15**2
    for phi in (-1, 0.5, 1, 2, 3, 5, 7):
        assert growth(phi) / rule**phi == pytest.approx(1, abs=0.05)


def test_twelve_percent_of_b0_is_linear_in_the_width():
    from torchvision import models  # importable where scalelab has been imported

    network = counting.on_meta(models.efficientnet_b0())
    counts = counting.layer_macs(network, (1, 3, 224, 224))

    def is_linear(part: nn.Module) -> bool:
        return isinstance(part, nn.Linear) or part.groups > 1 or part.in_channels == 3

    linear = sum(count for name, count in counts.items() if is_linear(network.get_submodule(name)))
    assert linear / sum(counts.values()) == pytest.approx(0.12, abs=0.005)


def test_258_pixels_round_up_four_times_of_five():
    sides = [258]
    while len(sides) < 6:
        sides.append(math.ceil(sides[-1] / 2))
    assert sum(before % 2 for before in sides[:-1]) == 4


def test_an_efficientnet_b2_of_ten_classes_has_7_8_million_numbers():
    from torchvision import models  # importable where scalelab has been imported

    network = counting.on_meta(models.efficientnet_b2(num_classes=10))
    assert sum(t.numel() for t in (*network.parameters(), *network.buffers())) / 1e6 == pytest.approx(7.8, abs=0.05)


def test_twenty_epochs_show_nineteen_versions_of_an_image():
    seen = 162 * (1 - (161 / 162) ** 20)  # of 162 equally likely versions, in 20 draws
    assert round(seen) == 19


def test_the_smallest_value_of_silu_is_above_the_bound_that_is_told():
    values = [x / 1000 / (1 + math.exp(-x / 1000)) for x in range(-10000, 0)]
    assert -0.28 < min(values) < -0.278


def test_accuracies_in_notebook_5_are_those_of_its_tables():
    with (ROOT / "data" / "results" / "imagenet.csv").open(encoding="utf-8") as file:
        best: dict[str, tuple[float, float]] = {}
        for row in csv.DictReader(file):
            found = (float(row["accuracy"]), float(row["macs"]) / 1e9)
            best[row["name"]] = max(best.get(row["name"], found), found)
    text = notebook("5_comparison")
    told = {
        "efficientnet_b0": (77.7, 0.39), "regnet_y_400mf": (75.8, 0.40), "efficientnet_b4": (83.4, 4.4),
        "resnet50": (80.9, 4.1), "convnext_tiny": (82.5, 4.5), "vgg16_bn": (73.4, 15.5),
        "efficientnet_v2_s": (84.2, 8.4),
    }  # fmt: skip
    for name, (accuracy, gmacs) in told.items():
        assert f"{accuracy}%" in text
        assert (round(best[name][0], 1), float(f"{best[name][1]:.2g}" if gmacs < 10 else f"{best[name][1]:.1f}")) == (
            accuracy,
            gmacs,
        )
    assert best["efficientnet_b7"][1] / best["efficientnet_b4"][1] == pytest.approx(8.6, abs=0.05)
    assert best["efficientnet_b7"][0] - best["efficientnet_b4"][0] == pytest.approx(0.7, abs=0.05)


def test_cifar_10s_figures_are_of_four_epochs_and_two_seeds_as_notebook_5_says():
    with (ROOT / "data" / "results" / "cifar10.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(row["epochs"], row["device"]) for row in rows} == {("4", "cpu, 1 thread")}, (
        "better runs are there: notebooks 4 and 5 may say so"
    )
    runs = {model: [row for row in rows if row["model"] == model] for model in {row["model"] for row in rows}}
    assert {tuple(row["seed"] for row in same) for same in runs.values()} == {("0", "1")}
    assert "Each network was trained twice, with two seeds" in notebook("5_comparison")
    assert "After four epochs, on one core of a processor" in notebook("5_comparison")
    assert "bfloat16 for ResNet-18 and VGG-11, float32 for the others" in notebook("5_comparison")
    assert {row["model"] for row in rows if row["precision"] == "bfloat16"} == {"resnet18", "vgg11_bn"}
    assert "an accuracy near 75% has a standard error of 0.4 points" in notebook("5_comparison")
    assert 100 * math.sqrt(0.75 * 0.25 / 10_000) == pytest.approx(0.4, abs=0.05)
    assert min(float(row["accuracy"]) for row in rows) > 65
    spread = {name: abs(float(one["accuracy"]) - float(other["accuracy"])) for name, (one, other) in runs.items()}
    assert "At φ = −1 the two runs are seven points apart" in notebook("5_comparison")
    assert 6.5 < spread.pop("efficientnet φ=-1") < 7.5 and max(spread.values()) < 2
    mean = sum(float(row["accuracy"]) for row in runs["vgg11_bn"]) / 2
    assert f"VGG-11 with BatchNorm, four epochs of `training.fit` (notebook 5 has the table) | {mean:.1f}%" in notebook(
        "4_cifar"
    )
    resnet, small = (runs[name] for name in ("resnet18", "efficientnet φ=-1"))
    assert float(resnet[0]["macs"]) / float(small[0]["macs"]) == pytest.approx(5.6, abs=0.05)
    assert max(float(row["cpu_seconds"]) for row in resnet) < min(float(row["cpu_seconds"]) for row in small)


def test_accuracies_on_the_sample_are_as_uncertain_as_notebook_4_says():
    assert "an accuracy of 55% has a standard error of 1.6 points" in notebook("4_cifar")
    assert 100 * math.sqrt(0.55 * 0.45 / len(data.cifar10(ROOT / "data").test)) == pytest.approx(1.6, abs=0.05)


def test_every_notebook_has_claims_and_each_names_its_evidence():
    rows = [line.strip("|").split("|") for line in CLAIMS.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    cells = [[cell.strip() for cell in row] for row in rows if row[0].strip() != "notebook"]
    assert {row[0] for row in cells} == {"1", "2", "3", "4", "5"}
    assert all(len(row) == 3 and row[1] and row[2] for row in cells)
    for row in cells:
        for path in re.findall(r"`((?:tests|scalelab|data|solutions)/[\w/.-]+)`", row[2]):
            assert (ROOT / path).exists(), (row[1], path)
