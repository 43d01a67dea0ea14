"""Trains one network on all of CIFAR-10 for as long as a coffee takes, and says how good it got (`make coffee`).

A small network of plain 3 × 3 convolutions, or a small EfficientNet, for so many minutes on the whole machine. The
number of steps comes from the speed of the first ones, so that the learning rate reaches 0 as the time ends. What it
does to be quick (each from Keller Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", arXiv 2404.00498; written
anew here):

- a first layer whose weights are not learned: they make the 2 × 2 patches of the images uncorrelated,
- each image flipped in every second epoch, and not by chance, so that two epochs show both sides,
- weights averaged over the last steps, label smoothing, and large steps for the biases of BatchNorm,
- and, not from there, smaller images in the first part, which cost less.

A row is added to data/results/coffee_break.csv, and a log is written beside it.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass, replace

import torch
import torch.nn.functional as F
from torch import nn
from training_runs import Places, commit, describe, read_rows, write, write_table

from scalelab import counting, data
from scalelab.small import Shape, small_efficientnet
from scalelab.training.device import autocast, pick_device

PLACES = Places("coffee_break")


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. rate: the highest learning rate. decay, smoothing: of the weights, and of the labels.

    bias_rate: how many times as fast BatchNorm's biases learn. small: pixels of a side in the first part of the time;
    until: the share of the time that it is. warmup: the share in which the learning rate goes up. averaged: how much of
    the averaged weights each step keeps.
    """

    batch: int = 512
    rate: float = 0.75
    momentum: float = 0.85
    decay: float = 1.3e-3
    smoothing: float = 0.2
    bias_rate: float = 64.0
    small: int = 24
    until: float = 0.5
    warmup: float = 0.2
    averaged: float = 0.95
    precision: str = "bfloat16"


# ---- the networks


class Group(nn.Module):
    """Two convolutions; the maps halve after the first. [N, channels, H, W] → [N, out, H/2, W/2]."""

    def __init__(self, channels: int, out: int):
        super().__init__()
        self.first, self.second = (nn.Conv2d(i, out, 3, padding=1, bias=False) for i in (channels, out))
        self.norms = nn.ModuleList(nn.BatchNorm2d(out, momentum=0.4) for _ in range(2))
        for norm in self.norms:
            norm.weight.requires_grad = False
        for layer in (self.first, self.second):
            nn.init.dirac_(layer.weight[: layer.weight.shape[1]])  # begins by passing its input on

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        maps = F.gelu(self.norms[0](F.max_pool2d(self.first(maps), 2)))
        return F.gelu(self.norms[1](self.second(maps)))


def plain(images: torch.Tensor, widths: tuple[int, ...] = (48, 192, 256)) -> nn.Module:
    """The network of plain convolutions. images: some to make patches uncorrelated for, [N, 3, H, W], normalised."""
    first = nn.Conv2d(3, 24, 2)
    with torch.no_grad():
        patches = images.unfold(2, 2, 1).unfold(3, 2, 1).permute(0, 2, 3, 1, 4, 5).reshape(-1, 12)
        values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
        whitening = (vectors / (values + 5e-4).sqrt()).T.reshape(12, 3, 2, 2)
        first.weight.copy_(torch.cat([whitening, -whitening]))
        first.bias.zero_()
    first.weight.requires_grad = False
    groups = [Group(i, out) for i, out in zip((24, *widths), widths, strict=False)]
    return nn.Sequential(first, nn.GELU(), *groups, nn.AdaptiveMaxPool2d(1), nn.Flatten(), Scaled(widths[-1], 10))


class Scaled(nn.Linear):
    """A linear layer without bias whose outputs are a ninth: at the start no guess is sure."""

    def __init__(self, channels: int, classes: int):
        super().__init__(channels, classes, bias=False)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return super().forward(values) / 9


NETWORKS = {
    "plain": (plain, Recipe()),
    "efficientnet": (
        lambda images: small_efficientnet(Shape(resolution=32)),
        Recipe(batch=128, rate=0.3, momentum=0.9, decay=5e-4, smoothing=0.1, bias_rate=1.0, precision="float32"),
    ),
}  # fmt: skip


# ---- training


def epochs_of(images: torch.Tensor, labels: torch.Tensor, batch: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Batches without end: each epoch in a new order, moved by up to 2 pixels, and flipped in every second epoch."""
    first = torch.rand(len(images)) < 0.5
    padded = F.pad(images, (2, 2, 2, 2), mode="reflect")
    for epoch in range(sys.maxsize):
        order = torch.randperm(len(images), device=images.device)
        for chosen in order.split(batch):
            if len(chosen) < batch:
                break
            flipped = (first[chosen.cpu()] ^ (epoch % 2 == 1)).to(images.device)[:, None, None, None]
            some = moved(padded[chosen], torch.randint(0, 5, (2, len(chosen)), device=images.device))
            yield torch.where(flipped, some.flip(3), some), labels[chosen]


def moved(padded: torch.Tensor, by: torch.Tensor) -> torch.Tensor:
    """A window of each image. padded: [N, 3, H + 4, W + 4]. by: from 0 to 4, [2, N], down and to the right."""
    some, side = torch.empty_like(padded[:, :, 4:, 4:]), padded.shape[-1] - 4
    for down in range(5):
        for right in range(5):
            here = (by[0] == down) & (by[1] == right)
            some[here] = padded[here][:, :, down : down + side, right : right + side]
    return some


def parameters_of(network: nn.Module, recipe: Recipe) -> list[dict]:
    """Two groups for the optimiser: BatchNorm's biases, which learn faster, and all the rest."""
    norms = [module.bias for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    rest = [one for one in network.parameters() if one.requires_grad and not any(one is bias for bias in norms)]
    groups = ((norms, recipe.bias_rate), (rest, 1.0))
    return [
        {"params": params, "factor": factor, "lr": 0.0, "weight_decay": recipe.decay / factor}
        for params, factor in groups
    ]


def train(
    network: nn.Module, images: torch.Tensor, labels: torch.Tensor, recipe: Recipe, seconds: float
) -> tuple[nn.Module, list[dict]]:
    """Train for so many seconds. Returns the network of averaged weights, and a log with a line for each ten steps."""
    optimiser = torch.optim.SGD(parameters_of(network, recipe), momentum=recipe.momentum, nesterov=True)
    average, log, started = deepcopy(network), [], time.monotonic()
    for step, (some, right) in enumerate(epochs_of(images, labels, recipe.batch), start=1):
        elapsed = time.monotonic() - started
        done = min(1.0, elapsed / seconds)
        height = min(done / recipe.warmup, (1 - done) / (1 - recipe.warmup))
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * group["factor"] * height
        if done < recipe.until:
            some = F.interpolate(some, (recipe.small, recipe.small), mode="bilinear", antialias=True)
        with autocast(some.device, recipe.precision):
            logits = network(some.contiguous(memory_format=torch.channels_last)).float()
            loss = F.cross_entropy(logits, right, label_smoothing=recipe.smoothing)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        follow(average, network, min(recipe.averaged, step / (step + 10)))
        if step % 10 == 1 or done == 1:
            epoch = step * recipe.batch / len(images)
            log.append({"step": step, "seconds": round(elapsed, 1), "loss": round(loss.item(), 4)})
            print(f"\r{100 * done:3.0f}%  epoch {epoch:.1f}, loss {loss.item():.3f}", end="", flush=True)
        if done == 1:
            break
    print()
    return average, log


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, kept: float) -> None:
    """Move averaged weights towards the network's. kept: the share that stays as it was."""
    for mean, value in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        mean.lerp_(value, 1 - kept) if mean.is_floating_point() else mean.copy_(value)


@torch.no_grad()
def percent_right(network: nn.Module, images: torch.Tensor, labels: torch.Tensor, recipe: Recipe, views: int) -> float:
    """Of test images, the percent named rightly. views: 1, or 6: each image, and moved by a pixel, and all flipped."""
    network.eval()
    right = 0
    for some, truth in zip(images.split(500), labels.split(500), strict=True):
        padded = F.pad(some, (1, 1, 1, 1), mode="reflect")
        seen = [some, padded[:, :, :-2, :-2], padded[:, :, 2:, 2:]][: 3 if views == 6 else 1]
        with autocast(images.device, recipe.precision):
            votes = sum(network(side).float() for one in seen for side in ([one, one.flip(3)] if views == 6 else [one]))
        right += int((votes.argmax(1) == truth).sum())
    return 100 * right / len(images)


# ---- the command


@dataclass(frozen=True)
class Row:
    """One run, a line of coffee_break.csv.

    minutes: of training, by wall clock; cpu_minutes: of all cores. accuracy: percent of the 10,000 test images;
    accuracy_6: with six views of each. epochs: passes over the 50,000 training images.
    """

    network: str
    minutes: float
    seed: int
    parameters: int
    macs: int
    epochs: float
    accuracy: float
    accuracy_6: float
    cpu_minutes: float
    device: str
    precision: str
    commit: str

    @property
    def run(self) -> tuple[str, float, int]:
        """What was trained."""
        return self.network, self.minutes, self.seed


def main() -> None:
    """Train, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=list(NETWORKS), default="plain")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--set", nargs="+", default=[], metavar="NAME=VALUE", help="try other values of the recipe; writes no row"
    )
    chosen = parser.parse_args()
    if not 0 < chosen.minutes <= 600:
        parser.error("--minutes: more than 0, and at most 600")
    build, recipe = NETWORKS[chosen.network]
    for name, value in (one.split("=") for one in chosen.set):
        recipe = replace(recipe, **{name: type(getattr(recipe, name))(value)})
    try:
        cifar = data.cifar10(size="full")
    except data.DataError as problem:
        sys.exit(f"make coffee: {problem}")
    device, code = pick_device(), commit()
    torch.manual_seed(chosen.seed)
    train_images, test_images = (data.normalise(part.images.to(device)) for part in (cifar.train, cifar.test))
    network = build(train_images[:5000]).to(device, memory_format=torch.channels_last)
    used = time.process_time()
    average, log = train(network, train_images, cifar.train.labels.to(device), recipe, 60 * chosen.minutes)
    used = (time.process_time() - used) / 60
    results = [percent_right(average, test_images, cifar.test.labels.to(device), recipe, views) for views in (1, 6)]
    shape = (1, 3, 32, 32)
    epochs = round(log[-1]["step"] * recipe.batch / len(train_images), 2)
    row = Row(
        chosen.network, chosen.minutes, chosen.seed, counting.parameters(network), counting.macs(network, shape),
        epochs, *(round(one, 2) for one in results), round(used, 1), describe(str(device)), recipe.precision, code,
    )  # fmt: skip
    print(f"{row.network}: {row.accuracy}%, {row.accuracy_6}% with six views of each image; {row.epochs} epochs")
    if not chosen.set:
        name = f"{row.network}_{row.minutes:g}_seed{row.seed}"
        write(
            PLACES.results / "coffee_break_logs" / f"{name}.json",
            json.dumps({"recipe": asdict(recipe), "commit": code, "steps": log}, indent=1) + "\n",
        )
        rows = read_rows(PLACES.table, Row) | {row.run: row}
        write_table(PLACES.table, [asdict(rows[run]) for run in sorted(rows)])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nmake coffee: stopped; nothing is kept")
