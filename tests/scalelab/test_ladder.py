"""What notebook 4 says of the ladder's runs and of the speed of training is what the tables say."""

import csv
import re

import pytest

from tests.compound import COURSE, ROOT

TEXT = COURSE.source("4_cifar").read_text(encoding="utf-8")
NAMES = {
    "efficientnet φ=-3": "EfficientNet, φ = −3",
    "efficientnet φ=-1": "EfficientNet, φ = −1",
    "mobilenet_v3_small": "MobileNetV3-Small",
    "resnet18": "ResNet-18",
    "vgg11_bn": "VGG-11",
}


def table(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / "results" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


SPEED = {row["model"]: row for row in table("training_speed.csv")}


@pytest.mark.parametrize("model", NAMES)
def test_the_speed_of_training_is_as_it_was_measured(model):
    row = SPEED[model]
    macs, activations = int(row["macs"]) / 1e6, int(row["activations"]) / 1e6
    said = f"# | {NAMES[model]} | {macs:.1f} M | {activations:.2f} M | {row['float32']} | {row['bfloat16']} |\n"
    assert said in TEXT


def test_what_is_said_of_the_speeds_follows_from_them():
    resnet, small = SPEED["resnet18"], SPEED["efficientnet φ=-3"]
    billions = [int(row["macs"]) * float(row["float32"]) / 1e9 for row in (resnet, small)]
    assert f"{billions[0]:.1f} billion multiply-adds" in TEXT and f"{billions[1]:.1f} billion of Eff" in TEXT
    assert f"has {int(resnet['macs']) / int(small['macs']):.1f} times the multiply-adds of φ = −3" in TEXT
    assert int(resnet["activations"]) < int(small["activations"])
    gains = [float(SPEED[name]["bfloat16"]) / float(SPEED[name]["float32"]) for name in ("resnet18", "vgg11_bn")]
    assert [f"{gain:.1f}" for gain in gains] == ["1.7", "1.8"]
    assert all(float(row["bfloat16"]) < float(row["float32"]) for name, row in SPEED.items() if "efficient" in name)


def test_the_runs_that_are_told_are_those_of_the_table(env):
    rows = [row for row in table("ladder.csv") if row["ladder"] == "efficientnet"]
    assert {row["tuned"] for row in rows} == {"True", "False"}
    for row in rows:
        steps = sum(float(row["accuracy"]) >= step for step in env["LADDERS"]["efficientnet"]["sample"])
        minutes = float(row["cpu_seconds"]) / 60
        assert f"| {row['name']} | {row['epochs']} | {minutes:.1f} | {row['accuracy']}% | {steps} |" in TEXT
    told = re.findall(r"^# \| .* \| \d+ \| [\d.]+ \| [\d.]+% \| \d \|$", TEXT, re.MULTILINE)
    assert len(told) == len(rows)


def test_the_two_untuned_runs_of_any_kind_are_as_the_text_tells():
    rows = {row["name"]: row for row in table("ladder.csv")}
    deep, plain = rows["φ = −4, of any kind"], rows["plain, as fit starts"]
    told = re.search(
        r"at φ = −4 got to ([\d.]+)% in ([\d.]+) minutes[^.]*\. .*? got to ([\d.]+)%, in ([\d.]+) min", TEXT, re.S
    )
    minutes = [f"{float(row['cpu_seconds']) / 60:.1f}" for row in (deep, plain)]
    assert told and told.groups() == (deep["accuracy"], minutes[0], plain["accuracy"], minutes[1])
    assert int(plain["macs"]) / int(deep["macs"]) == pytest.approx(0.5, abs=0.05)
    assert not {row["tuned"] for row in (deep, plain)} - {"False"}


@pytest.fixture(scope="module")
def env() -> dict:
    """The names of q3_3's test file."""
    names: dict = {}
    exec((COURSE.questions / "q3_3.py").read_text(encoding="utf-8"), names)
    return names
