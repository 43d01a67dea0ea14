"""Trains the comparison models on the whole of CIFAR-10 and writes data/results/cifar10.csv (`make results`).

One recipe and one budget for all. A row is written when its model is trained, and only then; a run that was
stopped goes on where it was. Models that have a row of the same budget are left out, unless --again is given.
"""

import argparse
import csv
import subprocess
import sys
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch

from scalelab import counting, data, training
from scalelab.models import COMPARED
from scalelab.training.device import pick_device

HERE = Path(__file__).resolve().parent
TABLE = HERE / "results" / "cifar10.csv"
RUNS = HERE.parent / "dist" / "results"

EPOCHS = {"cuda": 30, "mps": 5, "cpu": 1}
"""The budget by device: what it does in an hour or so for all models together."""

RECIPE = {"batch_size": 64, "learning_rate": 0.1, "weight_decay": 5e-4, "label_smoothing": 0.1, "warmup": 0.2}


@dataclass(frozen=True)
class Row:
    """One trained model. accuracy: percent of the 10,000 test images after the last epoch. seconds: of training."""

    model: str
    parameters: int
    macs: int
    activations: int
    accuracy: float
    epochs: int
    seconds: float
    device: str
    seed: int
    commit: str


def train_row(name: str, cifar: data.Cifar10, epochs: int, seed: int) -> Row:
    """Train one model, with a bar, and tell what came of it."""
    torch.manual_seed(seed)
    model = COMPARED[name]()
    out = RUNS / name.replace(" ", "_")
    record = training.fit(model, cifar.train, cifar.test, epochs=epochs, seed=seed, name=name, out=out, **RECIPE)
    shape = (1, *cifar.train.images.shape[1:])
    return Row(
        model=name,
        parameters=record.parameters,
        macs=record.macs,
        activations=counting.activations(model, shape),
        accuracy=round(record.last.accuracy, 2),
        epochs=record.epochs,
        seconds=round(record.seconds, 1),
        device=describe(record.device),
        seed=seed,
        commit=commit(),
    )


def describe(device: str) -> str:
    """The device and how much of it: "cpu, 2 threads", or the name of the GPU."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    return f"{device}, {torch.get_num_threads()} threads" if device == "cpu" else device


def commit() -> str:
    """The commit that the code is of, with a + behind it where files were changed since."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--abbrev=10", "--exclude=*"],
        cwd=HERE,
        capture_output=True,
        text=True,
    )
    return found.stdout.strip() or "unknown"


def read_rows(table: Path) -> dict[str, Row]:
    """The rows that are there, by model."""
    if not table.is_file():
        return {}
    kinds = {field.name: field.type for field in fields(Row)}
    with table.open(newline="", encoding="utf-8") as file:
        rows = [Row(**{name: kinds[name](value) for name, value in row.items()}) for row in csv.DictReader(file)]
    return {row.model: row for row in rows}


def write_rows(table: Path, rows: dict[str, Row]) -> None:
    """Write all rows, in the order of COMPARED, all of them or nothing."""
    table.parent.mkdir(parents=True, exist_ok=True)
    partial = table.with_suffix(".partial")
    with partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(rows[name]) for name in COMPARED if name in rows)
    partial.replace(table)


def main() -> None:
    """Train what has no row yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, help=f"passes over the 50,000 images (by device: {EPOCHS})")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--models", nargs="+", choices=list(COMPARED), default=list(COMPARED), metavar="MODEL",
                        help=f"which ones: {', '.join(COMPARED)}")  # fmt: skip
    parser.add_argument("--again", action="store_true", help="train also what has a row of this budget already")
    parser.add_argument("--table", type=Path, default=TABLE)
    chosen = parser.parse_args()
    epochs = chosen.epochs or EPOCHS[pick_device().type]
    try:
        cifar = data.cifar10(size="full")
    except data.DataError as problem:
        sys.exit(f"make results: {problem}")
    for name in chosen.models:
        rows = read_rows(chosen.table)
        known = rows.get(name)
        if known and (known.epochs, known.seed) == (epochs, chosen.seed) and not chosen.again:
            print(f"{name}: has its row ({known.accuracy}%)")
            continue
        row = train_row(name, cifar, epochs, chosen.seed)
        write_rows(chosen.table, read_rows(chosen.table) | {name: row})
        print(f"{name}: {row.accuracy}% in {row.seconds:.0f} s")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nmake results: stopped; type it again to go on where it was")
