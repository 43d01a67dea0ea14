"""Trains networks for the two ladders of question q3_3, untuned and tuned, and writes data/results/ladder.csv.

    python data/make_ladder.py NAME…        trains the runs of these names; without a name, all that the table lacks

Each is trained on the sample, as the class does it, with one thread. The weights stay in build/ladder.
"""

import csv
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn

from scalelab import data, models, training  # importing scalelab makes torchvision importable
from scalelab.plan import Plan, compound
from scalelab.training.threads import using

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "data" / "results" / "ladder.csv"
FOLDER = ROOT / "build" / "ladder"
COLUMNS = ("ladder", "name", "tuned", "parameters", "macs", "epochs", "batch_size", "learning_rate", "average",
           "accuracy", "cpu_seconds", "seconds", "device", "precision", "seed", "commit")  # fmt: skip

STAGES = (
    (1, 3, 1, 16, 16, 1),
    (4, 3, 2, 16, 24, 2),
    (4, 3, 2, 24, 48, 2),
    (4, 3, 2, 48, 96, 2),
)
"""Three halvings instead of B0's five, and few channels: 3,000 images do not need more."""


def plain(width: int) -> nn.Module:
    """Four plain 3 × 3 convolutions with BatchNorm, halving as they go: what one writes without thinking long."""
    layers: list[nn.Module] = []
    for before, after in ((3, width), (width, 2 * width), (2 * width, 4 * width), (4 * width, 4 * width)):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * width, 10))


@dataclass(frozen=True)
class Run:
    """One run. make: gives the plan or the network. options: those of `fit` that are not where `fit` starts."""

    ladder: str
    tuned: bool
    make: object
    options: dict = field(default_factory=dict)


TUNED = {"batch_size": 32, "learning_rate": 0.05}
RUNS = {
    "φ = −4, stem stride 2": Run("efficientnet", False, lambda: compound(-4, stem_stride=2)),
    "φ = −5, as fit starts": Run("efficientnet", False, lambda: compound(-5)),
    "φ = −5, stem stride 2": Run("efficientnet", False, lambda: compound(-5, stem_stride=2)),
    "φ = −5, batches of 32": Run("efficientnet", True, lambda: compound(-5), TUNED | {"epochs": 8}),
    "three halvings, 8 epochs": Run("efficientnet", True, lambda: Plan(STAGES, resolution=20), TUNED | {"epochs": 8}),
    "three halvings, 20 pixels": Run("efficientnet", True, lambda: Plan(STAGES, resolution=20), TUNED | {"epochs": 25}),
    "plain, as fit starts": Run("any", False, lambda: plain(16)),
    "φ = −4, of any kind": Run("any", False, lambda: models.efficientnet(-4)),
    "plain, 20 epochs": Run("any", True, lambda: plain(16), TUNED | {"epochs": 20}),
    "plain and wider, 40 epochs": Run("any", True, lambda: plain(32), TUNED | {"epochs": 40}),
}


def main() -> None:
    """Train what is asked for."""
    there = rows()
    for name in sys.argv[1:] or [name for name in RUNS if name not in {row["name"] for row in there}]:
        row = train(name, RUNS[name])
        write([*[one for one in rows() if one["name"] != name], row])


def rows() -> list[dict[str, str]]:
    """The table as it is."""
    if not TABLE.exists():
        return []
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(all_rows: list[dict]) -> None:
    """Write the table, in the order of RUNS."""
    partial = TABLE.with_suffix(f".{os.getpid()}")
    with partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(all_rows, key=lambda row: [*RUNS, row["name"]].index(row["name"])))
    partial.replace(TABLE)


def train(name: str, run: Run) -> dict:
    """Train one and return its row."""
    sample = data.cifar10()
    torch.manual_seed(0)
    began = time.process_time()
    with using(1):
        record = training.fit(run.make(), sample.train, sample.test, name=name, out=FOLDER / run.ladder, show=False,
                              precision="float32", after_epoch=lambda epoch: print(name, epoch, flush=True),
                              **run.options)  # fmt: skip
    recipe = record.recipe
    commit = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    values = (run.ladder, name, run.tuned, record.parameters, record.macs, record.epochs, recipe.batch_size,
              recipe.learning_rate, recipe.average, record.accuracy, round(time.process_time() - began, 1),
              round(record.seconds, 1), "cpu, 1 thread", record.precision, recipe.seed,
              commit.stdout.strip())  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


if __name__ == "__main__":
    main()
