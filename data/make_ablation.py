"""Trains one small EfficientNet with one thing of the recipe changed at a time, and writes data/results/ablation.csv
(`make ablation`).

The base is that of the scaling curves. All of CIFAR-10, the same number of passes for all, several seeds. Every change
with the first seed comes first, so that the table can be read before it is complete.

Stop it at any time: a run goes on from its last whole epoch when the same command is given again, and what has a row
is not trained again.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import training_runs
from torch import nn
from training_runs import Places, Trained

from scalelab import data, one_more
from scalelab.data import loading
from scalelab.models import first_convolution
from scalelab.small import Shape, small_efficientnet

EPOCHS, SEEDS = 4, (0, 1)

RECIPE = one_more.RECIPE | {"average": 0.0}
"""The base: the recipe of the scaling curves, in float32, with images that are moved and flipped."""

CHANGES: dict[str, dict] = {
    "base": {},
    "no label smoothing": {"label_smoothing": 0.0},
    "no warm-up": {"warmup": 0.0},
    "averaged weights": {"average": 0.99},
    "batches of 64": {"batch_size": 64},
    "batches of 512": {"batch_size": 512},
    "learning rate of 0.1": {"learning_rate": 0.1},
    "images not moved": {"moved": False},
    "stem of stride 2": {"stem_stride": 2},
    "bfloat16": {"precision": "bfloat16"},
}
"""What differs from the base. A stem of stride 2 sees all 32 pixels, for the base's multiply-adds."""

PLACES = Places("ablation")


@dataclass(frozen=True)
class Run:
    """One network to train. change: a key of CHANGES."""

    change: str
    seed: int

    @property
    def name(self) -> str:
        """The name of the run's folder and log."""
        return f"{self.change.replace(' ', '_')}_seed{self.seed}"


@dataclass(frozen=True)
class Row(Trained, Run):
    """One trained network, a line of ablation.csv."""

    @property
    def run(self) -> Run:
        """What was trained."""
        return Run(self.change, self.seed)


def place(run: Run) -> tuple[int, int]:
    """Where a run stands in the table."""
    return run.seed, list(CHANGES).index(run.change)


def network(stem_stride: int = 1) -> nn.Module:
    """The base: [N, 3, 32, 32] → [N, 10]. Its stem strides by 1 over 16 × 16 pixels, or by 2 over 32 × 32."""
    model = small_efficientnet(Shape(resolution=16 * stem_stride))
    first_convolution(model).stride = (stem_stride, stem_stride)
    return model


@contextmanager
def unmoved(still: bool) -> Iterator[None]:
    """Whether training images stay where they are, and are flipped alone."""
    before, loading.PADDING = loading.PADDING, 0 if still else loading.PADDING
    try:
        yield
    finally:
        loading.PADDING = before


def train(run: Run, cifar: data.Cifar10, epochs: int, code: str) -> Row:
    """Train one network, or go on with it; write its log and return its row. code: the commit that it is trained by."""
    change = CHANGES[run.change]
    recipe = RECIPE | {key: value for key, value in change.items() if key in RECIPE}
    stride, precision = change.get("stem_stride", 1), change.get("precision", one_more.PRECISION)
    with unmoved(not change.get("moved", True)):
        trained = training_runs.train(
            run, lambda: network(stride), cifar, epochs, PLACES, code, recipe, precision, {"changed": change}
        )
    return Row(**asdict(run), **asdict(trained))


def main() -> None:
    """Train what has no row yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="passes over the 50,000 images, for every network")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, metavar="SEED")
    training_runs.add_options(parser)
    chosen = parser.parse_args()
    runs = [Run(change, seed) for seed in chosen.seeds for change in CHANGES]
    done = sum(
        row.epochs == chosen.epochs for run, row in training_runs.read_rows(PLACES.table, Row).items() if run in runs
    )
    if not chosen.worker:
        print(f"{done} of {len(runs)} networks are trained; stop at any time, `make ablation` goes on", flush=True)

    def work(cifar: data.Cifar10) -> None:
        training_runs.work(
            runs, chosen.epochs, PLACES, Row, place, lambda run, code: train(run, cifar, chosen.epochs, code)
        )

    training_runs.in_processes(chosen, "make ablation", work)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nmake ablation: stopped; type it again to go on where it was")
