"""Writes data/results/imagenet.csv: torchvision's convolutional networks and their published ImageNet accuracy.

Nothing is downloaded and nothing is trained. The accuracy (top-1, in percent, single centre crop) and the resolution
stand in the metadata of the weights that torchvision offers. Parameters, MACs and activations are counted here, on
the meta device, at that resolution, and compared with the metadata.

One row for each network and entry of weights: "V1" is the first that torchvision published for a network, "V2" the same
network trained again by torchvision's newer recipe of 2021, where that was done. (V1 is no recipe: networks that came
after 2021, like ConvNeXt, have been trained by the new one from the start.) Left out: transformers, because
`scalelab.counting.activations` is defined by convolutions; weights that were not trained on ImageNet-1K alone
(SWAG); and VGG's weights that only make features.

Run it with: python data/make_imagenet.py
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn

from scalelab import counting  # before torchvision: it makes that importable beside a CPU build of torch
from scalelab.comparison import FAMILIES, family_of

from torchvision import models  # isort: skip

TABLE = Path(__file__).parent / "results" / "imagenet.csv"
COLUMNS = ("name", "family", "weights", "parameters", "macs", "activations", "accuracy", "resolution")
OPTIONS = {"googlenet": {"aux_logits": False, "init_weights": False}, "inception_v3": {"init_weights": False}}
"""GoogLeNet's published weights are those without the side branches that it was trained with. The slow initialisation
of both is of no use here."""


def rows() -> Iterator[dict]:
    """One dict a row of the table, in the order of the families above, then by name and weights."""
    names = [name for name in models.list_models(module=models) if family_of(name)]
    for name in sorted(names, key=lambda name: (list(FAMILIES.values()).index(family_of(name)), name)):
        for weights in models.get_model_weights(name):
            recipe = re.fullmatch(r"IMAGENET1K_(V\d)", weights.name)
            if recipe:
                yield row(name, weights, recipe[1])


def row(name: str, weights: models.WeightsEnum, recipe: str) -> dict:
    """The row of one network and one of its weights. Raises ValueError where a count is not the metadata's."""
    (resolution,) = weights.transforms().crop_size
    network = counting.on_meta(models.get_model(name, weights=None, **OPTIONS.get(name, {})))
    shape = (1, 3, resolution, resolution)
    parameters, macs = counting.parameters(network), counting.macs(network, shape)
    if parameters != weights.meta["num_params"] or not agree(macs, weights.meta["_ops"]):
        raise ValueError(f"{name}: {parameters} parameters and {macs} MACs are not what {weights} says: {weights.meta}")
    return {
        "name": name,
        "family": family_of(name),
        "weights": recipe,
        "parameters": parameters,
        "macs": macs,
        "activations": activations(network, shape),
        "accuracy": weights.meta["_metrics"]["ImageNet-1K"]["acc@1"],
        "resolution": resolution,
    }


def agree(macs: int, giga_macs: float) -> bool:
    """Whether a count is the one of the metadata, which are in units of 10⁹, to three decimals."""
    return abs(macs / 1e9 - giga_macs) < 0.00051


def activations(network: nn.Module, shape: tuple[int, ...]) -> int:
    """As scalelab.counting.activations, and with ConvNeXt's pointwise convolutions.

    ConvNeXt writes them as linear layers on maps [N, H, W, C]; a classifier's linear layers see [N, C] and stay out.
    """
    copied, on_maps = counting.on_meta(network), []

    def count(layer: nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        if output.dim() == 4:
            on_maps.append(output.numel())

    for layer in copied.modules():
        if isinstance(layer, nn.Linear):
            layer.register_forward_hook(count)
    with torch.no_grad():
        copied(torch.empty(shape, device="meta"))
    return counting.activations(network, shape) + sum(on_maps)


def write(table: Path = TABLE) -> int:
    """Write the table; returns its number of rows."""
    found = list(rows())
    table.parent.mkdir(parents=True, exist_ok=True)
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    return len(found)


if __name__ == "__main__":
    print(f"{TABLE}: {write()} rows")
