"""Measures how long the networks of `make scaling` take, and writes data/results/scaling_time.csv (`make timing`).

For each network: seconds of a training step (forward, backward and update) on one batch, and seconds of a forward pass
of 1,000 images. All networks are measured in turn, several rounds of it, and the fastest round counts: other work can
only make a run longer. The ratios to the base are of this one run, so they carry over to other machines better than
seconds do. Run it on a machine that does nothing else.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from make_scaling import FACTORS, PLACES, RECIPE, Run, all_runs
from torch import nn
from training_runs import commit, describe, write_table

from scalelab import counting
from scalelab.small import macs, small_efficientnet
from scalelab.training.device import pick_device, wait_for

TABLE = PLACES.results / "scaling_time.csv"

IMAGES, AT_ONCE = 1000, 250
"""Images of a forward pass, and how many of them in a batch."""

STEPS = 4
"""Training steps in a round; the first one, which sets things up, does not count."""

UNSTEADY = 1.3
"""A round of the base so many times as long as its fastest round: the machine had other work."""


@dataclass(frozen=True)
class Row:
    """One network, a line of scaling_time.csv.

    step_seconds: of a training step on batch_size images. forward_seconds: of 1,000 images, without gradients. The
    ratios are over the base's. spread: the slowest over the fastest round of training steps.
    """

    config: str
    factor: int
    resolution: int
    macs: int
    activations: int
    step_seconds: float
    step_ratio: float
    forward_seconds: float
    forward_ratio: float
    spread: float
    batch_size: int
    rounds: int
    device: str
    torch: str
    commit: str


def measure(runs: list[Run], rounds: int, device: torch.device, batch_size: int, images: int = IMAGES) -> list[Row]:
    """Time every network in each of the rounds. runs: the base first."""
    torch.manual_seed(0)
    networks = [small_efficientnet(run.shape).to(device, memory_format=torch.channels_last) for run in runs]
    batch = torch.randn(batch_size, 3, 32, 32, device=device).contiguous(memory_format=torch.channels_last)
    labels = torch.randint(10, (batch_size,), device=device)
    steps: list[list[float]] = [[] for _ in runs]
    forwards: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for index, network in enumerate(networks):
            steps[index].append(seconds_of_a_step(network, batch, labels))
            forwards[index].append(seconds_of_a_pass(network, batch[:AT_ONCE], images))
    code = commit()
    return [
        Row(
            config=run.config,
            factor=run.factor,
            resolution=run.shape.resolution,
            macs=macs(run.shape),
            activations=counting.activations(small_efficientnet(run.shape), (1, 3, 32, 32)),
            step_seconds=rounded(min(steps[index])),
            step_ratio=rounded(min(steps[index]) / min(steps[0])),
            forward_seconds=rounded(min(forwards[index])),
            forward_ratio=rounded(min(forwards[index]) / min(forwards[0])),
            spread=rounded(max(steps[index]) / min(steps[index])),
            batch_size=batch_size,
            rounds=rounds,
            device=describe(str(device)),
            torch=torch.__version__,
            commit=code,
        )
        for index, run in enumerate(runs)
    ]


def seconds_of_a_step(network: nn.Module, batch: torch.Tensor, labels: torch.Tensor) -> float:
    """The fastest of a few training steps. batch: [n, 3, 32, 32]; labels: [n]."""
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, nesterov=True)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(network(batch), labels).backward()
        optimizer.step()

    network.train()
    return min([stopwatch(step, batch.device) for _ in range(STEPS)][1:])


@torch.inference_mode()
def seconds_of_a_pass(network: nn.Module, batch: torch.Tensor, images: int) -> float:
    """Seconds of a forward pass of so many images, a whole number of batches; scaled to 1,000."""
    network.eval()
    batches = max(1, images // len(batch))

    def forward() -> None:
        for _ in range(batches):
            network(batch)

    network(batch)
    return stopwatch(forward, batch.device) * 1000 / (batches * len(batch))


def stopwatch(work: Callable[[], None], device: torch.device) -> float:
    """Seconds that `work` takes, until the device is done."""
    wait_for(device)
    started = time.perf_counter()
    work()
    wait_for(device)
    return time.perf_counter() - started


def rounded(number: float) -> float:
    """Four digits that count."""
    return float(f"{number:.4g}")


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--factors", type=int, nargs="+", default=FACTORS, metavar="FACTOR")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, help="of a CPU (all of its cores)")
    parser.add_argument("--table", type=Path, default=TABLE)
    chosen = parser.parse_args()
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    rows = measure(all_runs(tuple(chosen.factors), (0,)), chosen.rounds, pick_device(), RECIPE["batch_size"])
    if rows[0].spread > UNSTEADY:
        sys.exit(
            "make timing: nothing is written, because the machine had other work (the base took up to "
            f"{rows[0].spread} times its fastest); try again when it is quiet"
        )
    write_table(chosen.table, [asdict(row) for row in rows])
    for row in rows:
        print(f"{row.config} {row.factor}: × {row.step_ratio} a training step, × {row.forward_ratio} forward")


if __name__ == "__main__":
    main()
