"""What other students' training may have left behind: how a copy of the model's files comes to it, by name."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

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


def _read(folder: Path) -> Weights:
    """The weights, read whole: a file that is still mapped cannot be written over."""
    from safetensors.torch import load

    return load((folder / WEIGHTS).read_bytes())


def _without(*names: str) -> Change:
    def change(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return change


def _weights(make: Callable[[Weights], Weights]) -> Change:
    """A change of the weights alone. make: takes the model's, by name, and gives others."""

    def change(folder: Path) -> None:
        from safetensors.torch import save_file

        made = make(_read(folder))
        save_file({name: tensor.contiguous() for name, tensor in made.items()}, folder / WEIGHTS)

    return change


def _each(change: Callable[["torch.Tensor"], "torch.Tensor"]) -> Change:
    """A change of each tensor, but for the counts of batches."""
    return _weights(lambda old: {name: change(value) if value.ndim else value for name, value in old.items()})


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


def _cut_off(folder: Path) -> None:
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:-100_000])


def _saved_by_torch(folder: Path) -> None:
    import torch

    torch.save(_read(folder), folder / WEIGHTS)


CHANGES: dict[str, Change] = {
    "": lambda folder: None,
    "none": _without(WEIGHTS, RECORD),
    "no record": _without(RECORD),
    "no weights": _without(WEIGHTS),
    "cut off": _cut_off,
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
}
"""The names that the bank's `attachments="…"` knows."""
