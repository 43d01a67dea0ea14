"""docs/recipe.md: each of its numbers is in a table of runs that took place."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RAW = (ROOT / "docs" / "recipe.md").read_text(encoding="utf-8")
PAGE = " ".join(RAW.split())
LAYOUTS = {
    "small efficientnet": "the small EfficientNet", "efficientnet φ=-3": "EfficientNet at φ = −3",
    "mobilenet_v3_small": "MobileNetV3-Small", "resnet18": "ResNet-18", "vgg11_bn": "VGG-11",
}  # fmt: skip


def table(name: str) -> list[dict]:
    with (ROOT / "data" / "results" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


ABLATION = table("ablation.csv")
CHANGES = list(dict.fromkeys(row["change"] for row in ABLATION))


def accuracies(change: str) -> list[float]:
    return [float(row["accuracy"]) for row in ABLATION if row["change"] == change]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def gain(change: str) -> str:
    return f"{mean(accuracies(change)) - mean(accuracies('base')):+.1f}".replace("-", "−")


@pytest.mark.parametrize("change", CHANGES)
def test_a_line_of_the_ablation_is_the_tables(change):
    runs = ", ".join(f"{accuracy:.1f}" for accuracy in accuracies(change))
    assert f"| {change} | {runs} | {'' if change == 'base' else gain(change) + ' '}|" in PAGE


def test_the_page_has_all_lines_in_the_tables_order():
    assert re.findall(r"^\| ([a-z].*?) \| [\d., ]+ \| [−+\d. ]*\|$", RAW, re.MULTILINE) == CHANGES


def test_what_is_said_of_the_ablation_follows_from_it():
    spread = max(max(values) - min(values) for values in map(accuracies, CHANGES))
    assert f"differ by up to {spread:.1f} points" in PAGE
    near = {"no label smoothing", "averaged weights", "batches of 64", "bfloat16"}
    gains = {change: mean(accuracies(change)) - mean(accuracies("base")) for change in CHANGES}
    assert {change for change in CHANGES[1:] if abs(gains[change]) < 1} == near
    assert "7.3 points less" in PAGE and gain("batches of 512") == "−7.3"
    assert "4.2 less" in PAGE and gain("learning rate of 0.1") == "−4.2"
    assert "worth 1.6 points" in PAGE and gain("stem of stride 2") == "+1.6"
    assert gain("no warm-up") == "−2.0" and round(gains["images not moved"]) == 2
    seconds = {
        change: sum(float(row["cpu_seconds"]) for row in ABLATION if row["change"] == change) for change in CHANGES
    }
    assert f"{seconds['bfloat16'] / seconds['base']:.1f} times the processor seconds" in PAGE
    assert {(row["epochs"], row["device"]) for row in ABLATION} == {("4", "cpu, 1 thread")}
    assert {(row["parameters"], row["macs"]) for row in ABLATION} == {("74768", "1460968")}


def test_the_precision_that_was_picked_for_each_network():
    picked = {row["model"]: row["precision"] for row in table("cifar10.csv")}
    assert {model for model, precision in picked.items() if precision == "bfloat16"} == {"resnet18", "vgg11_bn"}


def test_what_the_layout_is_worth():
    for row in table("layout_time.csv"):
        assert f"{LAYOUTS[row['network']]} {float(row['ratio']):.1f} times" in PAGE


def test_what_ten_minutes_give():
    for row in table("coffee_break.csv"):
        assert f"| {float(row['minutes']):.0f} | {row['accuracy']}% | {row['accuracy_6']}% |" in PAGE
