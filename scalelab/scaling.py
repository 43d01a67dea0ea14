"""What growing a small EfficientNet in four ways came to: the runs of `make scaling`, and their means over seeds."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass

from scalelab.comparison import NoResults, find_table

WAYS = ("depth", "width", "resolution", "compound")
"""The ways to grow, as the column `config` names them. The base itself is "base"."""

_KINDS = {"interpolated": "True".__eq__} | dict.fromkeys(
    ("factor", "seed", "resolution", "parameters", "macs", "activations", "epochs", "threads", "batch_size", "rounds"),
    int,
)
_TEXTS = ("config", "device", "precision", "torch", "commit")


@dataclass(frozen=True)
class Point:
    """One network, over its seeds. accuracy: the mean, in percent; lowest, highest: of single seeds. macs: counted."""

    config: str
    factor: int
    resolution: int
    interpolated: bool
    macs: int
    accuracy: float
    lowest: float
    highest: float
    seeds: int


def runs(sample: bool = False) -> list[dict]:
    """Every run, as a dict with the columns of data/results/scaling.csv.

    Args:
        sample: The runs on the sample, of scaling_sample.csv, instead of those on all of CIFAR-10.

    Raises:
        NoResults: If there are none.
    """
    if sample:
        return _read("scaling_sample.csv", "make scaling")
    return _read("scaling.csv", "make scaling")


def times() -> list[dict]:
    """What every network takes, as a dict with the columns of data/results/scaling_time.csv.

    Raises:
        NoResults: if the table is missing.
    """
    return _read("scaling_time.csv", "make timing")


def points(runs: Iterable[dict]) -> list[Point]:
    """One point for each network, in the order in which the networks first come."""
    by_network: dict[tuple[str, int], list[dict]] = {}
    for run in runs:
        by_network.setdefault((run["config"], run["factor"]), []).append(run)
    return [_point(same) for same in by_network.values()]


def _point(runs: list[dict]) -> Point:
    accuracies = [run["accuracy"] for run in runs]
    mean = sum(accuracies) / len(accuracies)
    same = {name: runs[0][name] for name in ("config", "factor", "resolution", "interpolated", "macs")}
    return Point(**same, accuracy=mean, lowest=min(accuracies), highest=max(accuracies), seeds=len(runs))


def _read(name: str, made_by: str) -> list[dict]:
    table = find_table(name, made_by)
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    try:
        return [{key: value if key in _TEXTS else _KINDS.get(key, float)(value) for key, value in row.items()}
                for row in rows]  # fmt: skip
    except (TypeError, ValueError) as problem:
        raise NoResults(
            f"{table} cannot be read ({problem}): `{made_by}`, in the folder of the course, makes it anew."
        ) from None
