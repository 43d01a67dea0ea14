"""Measures what the order of numbers in memory is worth, and writes data/results/layout_time.csv (`make timing`).

The same network, the same images, the same arithmetic: a training step with the colours of a pixel side by side
(channels_last, as `training.fit` has it), and with one plane after the other (contiguous, PyTorch's default). Both are
measured in turns, and the fastest of each counts.
"""

import argparse
from dataclasses import asdict, dataclass
from functools import partial

import torch
from time_scaling import rounded, seconds_of_a_step
from training_runs import RESULTS, commit, describe, write_table

from scalelab.models import COMPARED
from scalelab.small import small_efficientnet
from scalelab.training.device import pick_device

TABLE = RESULTS / "layout_time.csv"

NETWORKS = {
    "small efficientnet": small_efficientnet,
    **{name: COMPARED[name] for name in ("efficientnet φ=-3", "mobilenet_v3_small", "resnet18", "vgg11_bn")},
}


@dataclass(frozen=True)
class Row:
    """One network, a line of layout_time.csv: seconds of a training step in each layout, and their ratio."""

    network: str
    contiguous: float
    channels_last: float
    ratio: float
    batch_size: int
    rounds: int
    device: str
    torch: str
    commit: str


def measure(network: str, rounds: int, batch_size: int, device: torch.device) -> Row:
    """Time one network in both layouts, in turns."""
    images = torch.randn(batch_size, 3, 32, 32, device=device)
    labels = torch.randint(10, (batch_size,), device=device)
    layouts = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
    steps = {
        name: partial(
            seconds_of_a_step,
            NETWORKS[network]().to(device, memory_format=layout),
            images.contiguous(memory_format=layout),
            labels,
        )
        for name, layout in layouts.items()
    }
    taken = {name: min(times) for name, times in _in_turns(steps, rounds).items()}
    return Row(
        network=network,
        contiguous=rounded(taken["contiguous"]),
        channels_last=rounded(taken["channels_last"]),
        ratio=rounded(taken["contiguous"] / taken["channels_last"]),
        batch_size=batch_size,
        rounds=rounds,
        device=describe(str(device)),
        torch=torch.__version__,
        commit=commit(),
    )


def _in_turns(steps: dict, rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            times[name].append(step())
    return times


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch-size", type=int, default=128)
    chosen = parser.parse_args()
    torch.manual_seed(0)
    rows = [measure(network, chosen.rounds, chosen.batch_size, pick_device()) for network in NETWORKS]
    write_table(TABLE, [asdict(row) for row in rows])
    for row in rows:
        print(f"{row.network}: {row.ratio} times as fast with channels_last")


if __name__ == "__main__":
    main()
