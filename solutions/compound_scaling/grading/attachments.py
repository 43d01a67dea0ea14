"""What other students' training may have left behind: how a copy of the model's files comes to it, by name."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scalelab.plan import compound
from scalelab.training.chosen import EFFICIENTNET
from scalelab.training.record import RECORD
from scalelab.training.weights import WEIGHTS

if TYPE_CHECKING:
    import torch

Change = Callable[[Path], None]
Weights = dict[str, "torch.Tensor"]

UNITS = ("0", "1", "2.branch.0", "2.branch.1", "3", "4.branch.0", "4.branch.1", "5", "6.branch.0", "6.branch.1")
"""The model's convolutions, each with its BatchNorm, in the order in which they run."""

HEAD = "9"
"""Its linear layer."""


def _read(folder: Path, file: str = WEIGHTS) -> Weights:
    """The weights, read whole: a file that is still mapped cannot be written over."""
    from safetensors.torch import load

    return load((folder / file).read_bytes())


def _without(*names: str) -> Change:
    def change(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return change


def _weights(make: Callable[[Weights], Weights], file: str = WEIGHTS) -> Change:
    """A change of the weights alone. make: takes the model's, by name, and gives others. file: which weights."""

    def change(folder: Path) -> None:
        from safetensors.torch import save_file

        made = make(_read(folder, file))
        save_file({name: tensor.contiguous() for name, tensor in made.items()}, folder / file)

    return change


def _each(change: Callable[["torch.Tensor"], "torch.Tensor"], file: str = WEIGHTS) -> Change:
    """A change of each tensor, but for the counts of batches."""
    return _weights(lambda old: {name: change(value) if value.ndim else value for name, value in old.items()}, file)


def _plan(change: Callable[[dict[str, Any]], dict[str, Any]], write: Callable[[Any], str] = json.dumps) -> Change:
    """Another plan of the EfficientNet beside the same weights. change: takes the model's; write: makes it a text."""

    def changed(folder: Path) -> None:
        path = folder / EFFICIENTNET.about
        path.write_text(write(change(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")

    return changed


def _stages(change: Callable[[list[int]], list[Any]]) -> Change:
    """A change of each row of the plan's table."""
    return _plan(lambda plan: plan | {"stages": [change(row) for row in plan["stages"]]})


def _with_a_gap(plan: dict[str, Any]) -> dict[str, Any]:
    first, *rest = plan["stages"]
    return plan | {"stages": [[*first[:4], first[4] + 8, first[5]], *rest]}


def _plain_weights_for_the_plan(folder: Path) -> None:
    (folder / EFFICIENTNET.weights).write_bytes((folder / WEIGHTS).read_bytes())


def _record_as_plan(folder: Path) -> None:
    (folder / EFFICIENTNET.about).write_bytes((folder / RECORD).read_bytes())


def _at_phi(folder: Path) -> None:
    """An honest EfficientNet of φ = −1, which is above the limit."""
    from safetensors.torch import save_file

    from scalelab.planned import PlannedEfficientNet

    plan = compound(-1)
    plan.write(folder / EFFICIENTNET.about)
    weights = {name: value.half() if value.ndim else value for name, value in _state(PlannedEfficientNet(plan)).items()}
    save_file(weights, folder / EFFICIENTNET.weights)


def _state(network: Any) -> Weights:
    return {name: value.clone() for name, value in network.state_dict().items()}


def _untrained_efficientnet(folder: Path) -> None:
    import torch
    from safetensors.torch import save_file

    from scalelab.plan import read_plan
    from scalelab.planned import PlannedEfficientNet

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        network = PlannedEfficientNet(read_plan(folder / EFFICIENTNET.about))
    save_file(_state(network), folder / EFFICIENTNET.weights)


def _renamed(convolution: str, norm: str, head: str) -> Change:
    """The same weights in a network with other names. convolution, norm: with {} for the unit's number, from 0."""

    def rename(old: Weights) -> Weights:
        prefixes = {f"{HEAD}.": f"{head}."}
        for number, unit in enumerate(UNITS):
            prefixes |= {f"{unit}.0.": convolution.format(number) + ".", f"{unit}.1.": norm.format(number) + "."}
        new = {}
        for name, value in old.items():
            prefix = next(one for one in prefixes if name.startswith(one))
            new[prefixes[prefix] + name.removeprefix(prefix)] = value
        return new

    return _weights(rename)


def _folded(old: Weights) -> Weights:
    """Each BatchNorm multiplied into its convolution, which gets a bias."""
    new = {}
    for number, unit in enumerate(UNITS):
        norm = {name: old[f"{unit}.1.{name}"] for name in ("weight", "bias", "running_mean", "running_var")}
        scale = norm["weight"] / (norm["running_var"] + 1e-5).sqrt()
        new[f"convolutions.{number}.weight"] = old[f"{unit}.0.weight"] * scale[:, None, None, None]
        new[f"convolutions.{number}.bias"] = norm["bias"] - norm["running_mean"] * scale
    head = {f"head.{name}": old[f"{HEAD}.{name}"] for name in ("weight", "bias")}
    return new | head


def _head(change: Callable[["torch.Tensor"], "torch.Tensor"], old: Weights) -> Weights:
    return old | {name: change(old[name]) for name in (f"{HEAD}.weight", f"{HEAD}.bias")}


def _untrained(old: Weights) -> Weights:
    """What PyTorch begins with: BatchNorm as it is made, and convolutions drawn."""
    import torch

    random = torch.Generator().manual_seed(1)
    new = {}
    for name, value in old.items():
        if value.ndim == 4:
            new[name] = (torch.rand(value.shape, generator=random) * 2 - 1) / value[0].numel() ** 0.5
        elif value.ndim == 1 and not name.startswith(HEAD):
            new[name] = torch.full_like(value, float(name.endswith((".weight", "var"))))
        else:
            new[name] = (torch.rand(value.shape, generator=random) * 2 - 1) / 192**0.5 if value.ndim else value
    return new


def _of_resnet18(old: Weights) -> Weights:
    from scalelab.models import COMPARED

    return {name: value.half() if value.ndim else value for name, value in COMPARED["resnet18"]().state_dict().items()}


def _cut_off(file: str, folder: Path) -> None:
    (folder / file).write_bytes((folder / file).read_bytes()[:-10_000])


def _saved_by_torch(folder: Path) -> None:
    import torch

    torch.save(_read(folder), folder / WEIGHTS)


CHANGES: dict[str, Change] = {
    "": lambda folder: None,
    "none": _without(WEIGHTS, RECORD, EFFICIENTNET.weights, EFFICIENTNET.about),
    "no record": _without(RECORD),
    "no weights": _without(WEIGHTS),
    "cut off": partial(_cut_off, WEIGHTS),
    "saved by torch": _saved_by_torch,
    "half precision": _each(lambda value: value.half()),
    "double precision": _each(lambda value: value.double()),
    "explicit names": _renamed("conv{}", "norm{}", "head"),
    "lists": _renamed("convs.{}", "norms.{}", "classifier.1"),
    "folded": _weights(_folded),
    "convolution as head": _weights(
        lambda old: old | {f"{HEAD}.weight": old[f"{HEAD}.weight"][:, :, None, None]},
    ),
    "wrapped": _weights(lambda old: {f"network.{name}": value for name, value in old.items()}),
    "in parallel": _weights(lambda old: {f"module.{name}": value for name, value in old.items()}),
    "of resnet18": _weights(_of_resnet18),
    "untrained": _weights(_untrained),
    "diverged": _each(lambda value: value * float("nan")),
    "head of zeros": _weights(partial(_head, lambda value: value * 0)),
    "classes in another order": _weights(partial(_head, lambda value: value.roll(3, 0))),
    "a class more": _weights(partial(_head, lambda value: value[[*range(10), 0]])),
    "efficientnet in half precision": _each(lambda value: value.half(), EFFICIENTNET.weights),
    "efficientnet in parallel": _weights(
        lambda old: {f"module.{name}": value for name, value in old.items()}, EFFICIENTNET.weights
    ),
    "plan with notes": _plan(
        lambda plan: plan | {"accuracy": 99.5, "by": "me"}, lambda plan: "\ufeff" + json.dumps(plan)
    ),
    "plan with whole factors": _plan(lambda plan: plan | {"width": int(plan["width"]), "depth": int(plan["depth"])}),
    "no efficientnet": _without(EFFICIENTNET.weights, EFFICIENTNET.about),
    "no plan": _without(EFFICIENTNET.about),
    "plan alone": _without(EFFICIENTNET.weights),
    "record as plan": _record_as_plan,
    "plan in Python": _plan(lambda plan: plan, str),
    "plan of five columns": _plan(lambda plan: plan | {"stages": [plan["stages"][0], [1, 2, 3, 4, 5]]}),
    "plan of texts": _stages(lambda row: [str(value) for value in row]),
    "plan with a gap": _plan(_with_a_gap),
    "plan of huge numbers": _stages(lambda row: [*row[:5], 10**30]),
    "plan of phi -1": _at_phi,
    "plan of wide stages": _plan(
        lambda plan: plan | {"stages": [[6, 3, 2, 8, 512, 1], [6, 3, 2, 512, 1024, 2]], "resolution": 8}
    ),
    "plan with forged counts": _plan(lambda plan: plan | {"resolution": 64, "macs": 5, "parameters": 5}),
    "plan of another run": _plan(lambda plan: plan | {"width": 0.5}),
    "plain weights for the plan": _plain_weights_for_the_plan,
    "efficientnet cut off": partial(_cut_off, EFFICIENTNET.weights),
    "efficientnet untrained": _untrained_efficientnet,
    "efficientnet diverged": _each(lambda value: value * float("nan"), EFFICIENTNET.weights),
    "efficientnet with classes in another order": _weights(
        lambda old: old | {name: old[name].roll(3, 0) for name in ("classifier.1.weight", "classifier.1.bias")},
        EFFICIENTNET.weights,
    ),
}
"""The names that the bank's `attachments="…"` knows."""
