"""The networks of notebook 5, read from data/results: torchvision's on ImageNet, and ours on CIFAR-10.

A network is a dict with at least name, family, parameters, macs (multiply-adds of one image), activations (elements of
the outputs of its convolutions, one image) and accuracy (percent of the test images).
"""

import csv
import os
from pathlib import Path

from scalelab.data.places import data_folders

FAMILIES = {  # the beginning of a network's name → its family; the first that fits counts
    "efficientnet_v2": "EfficientNetV2",
    "efficientnet": "EfficientNet",
    "convnext": "ConvNeXt",
    "regnet": "RegNet",
    "resnext": "ResNet",
    "wide_resnet": "ResNet",
    "resnet": "ResNet",
    "densenet": "DenseNet",
    "mobilenet": "MobileNet",
    "mnasnet": "MNASNet",
    "shufflenet": "ShuffleNet",
    "squeezenet": "SqueezeNet",
    "googlenet": "Inception",
    "inception": "Inception",
    "vgg": "VGG",
    "alexnet": "AlexNet",
}

SEEDED = ("accuracy", "seconds", "cpu_seconds", "images_per_second")
"""What differs between runs of one network that have different seeds; a network has the means."""

RECIPES = ("best", "V1", "V2", "all")
NUMBERS = dict.fromkeys(SEEDED, float) | dict.fromkeys(
    ("parameters", "macs", "activations", "resolution", "epochs", "seed"), int
)
"""What the columns of the tables hold; all others hold text."""


class NoResults(Exception):
    """A table that is not there, or cannot be read: one line that says what to do."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback: the one line."""
        return [str(self)]


def imagenet(weights: str = "best") -> list[dict]:
    """torchvision's convolutional networks, with their published top-1 accuracy on ImageNet; nothing is downloaded.

    Args:
        weights: "V1", the first that torchvision published for each network; "V2", those of networks that were trained
            a second time, by a newer recipe; "best", of each network the more accurate; "all", one entry for each.

    Returns:
        Networks, each with weights ("V1" or "V2") and resolution (pixels of a side, at which it was evaluated and is
        counted), too.

    Raises:
        NoResults: if the table is missing.
        ValueError: if `weights` is none of these.
    """
    if weights not in RECIPES:
        raise ValueError(f"weights has to be one of {RECIPES}, not {weights!r}")
    networks = _read(find_table("imagenet.csv"))
    if weights == "best":
        best = {network["name"]: network for network in sorted(networks, key=lambda network: network["accuracy"])}
        return [network for network in networks if best[network["name"]] is network]
    return [network for network in networks if weights in ("all", network["weights"])]


def cifar10() -> list[dict]:
    """Networks that this course's `make results` trained on CIFAR-10; [] and a line that says so if there are none.

    Each was trained once or several times, with as many seeds. It has epochs, seeds (how many), lowest and highest (of
    the accuracies; accuracy is their mean), seconds (of training, the mean), precision, device and commit, too.
    """
    try:
        runs = _read(find_table("cifar10.csv"))
    except NoResults as problem:
        print(problem)
        return []
    names = dict.fromkeys(run["name"] for run in runs)
    return [_over_seeds([run for run in runs if run["name"] == name]) for name in names]


def family_of(name: str) -> str | None:
    """The family of a network by its name; None where it is none of those known here."""
    return next((family for start, family in FAMILIES.items() if name.startswith(start)), None)


def find_table(name: str, made_by: str = "make results") -> Path:
    """Where a table of results lies: in SCALELAB_DATA, or in the nearest folder `data` with it.

    Args:
        name: of the file in data/results, such as "cifar10.csv".
        made_by: the command that makes it, for the message.

    Raises:
        NoResults: if it is nowhere.
    """
    named = os.environ.get("SCALELAB_DATA")
    for folder in (*([Path(named).expanduser()] if named else []), *data_folders()):
        if (folder / "results" / name).is_file():
            return folder / "results" / name
    raise NoResults(f"There is no data/results/{name} here: `{made_by}`, in the folder of the course, makes it.")


def _read(table: Path) -> list[dict]:
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    try:
        return [_network(row) for row in rows]
    except (KeyError, TypeError, ValueError) as problem:
        raise NoResults(
            f"{table} cannot be read ({problem}): `make results`, in the folder of the course, makes it anew."
        ) from None


def _over_seeds(runs: list[dict]) -> dict:
    """One network for its runs, with means where they differ by chance."""
    accuracies = [run["accuracy"] for run in runs]
    means = {key: sum(run[key] for run in runs) / len(runs) for key in SEEDED if key in runs[0]}
    spread = {"seeds": len(runs), "lowest": min(accuracies), "highest": max(accuracies)}
    return {key: value for key, value in runs[0].items() if key != "seed"} | means | spread


def _network(row: dict[str, str]) -> dict:
    """A row as a network, with its numbers as numbers. CIFAR-10's table calls the name "model"."""
    name = row["name"] if "name" in row else row["model"]
    numbers = {key: NUMBERS[key](value) for key, value in row.items() if key in NUMBERS}
    texts = {key: value for key, value in row.items() if key not in NUMBERS and key != "model"}
    return {"name": name, "family": family_of(name)} | texts | numbers
