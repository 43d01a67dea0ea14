"""Trains one small EfficientNet with one thing of the recipe changed at a time, and writes data/results/ablation.csv
(`make ablation`).

The base is that of the scaling curves. All of CIFAR-10, the same number of passes for all, several seeds. Every change
with the first seed comes first, so that the table can be read before it is complete.

Stop it at any time: a run goes on from its last whole epoch when the same command is given again, and what has a row
is not trained again.
"""

from dataclasses import asdict, dataclass

import training_runs
from torch import nn
from training_runs import Experiment, Places, Trained

from scalelab import data, one_more
from scalelab.data.loading import MOVED_BY
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


def train(run: Run, cifar: data.Cifar10, epochs: int, places: Places, code: str) -> Row:
    """Train one network, or go on with it; write its log and return its row. code: the commit that it is trained by."""
    change = CHANGES[run.change]
    recipe = RECIPE | {key: value for key, value in change.items() if key in RECIPE}
    trained = training_runs.train(
        run, lambda: network(change.get("stem_stride", 1)), cifar, epochs, places, code, recipe,
        change.get("precision", one_more.PRECISION), {"changed": change},
        moved_by=MOVED_BY if change.get("moved", True) else 0,
    )  # fmt: skip
    return Row(**asdict(run), **asdict(trained))


ABLATION = Experiment("make ablation", Row, place, train)


def main() -> None:
    """Train what has no row yet."""
    chosen = ABLATION.parser(
        __doc__, SEEDS, f"passes over the 50,000 images, for every network ({EPOCHS})"
    ).parse_args()
    runs = [Run(change, seed) for seed in chosen.seeds for change in CHANGES]
    ABLATION.run(chosen, runs, chosen.epochs or EPOCHS, PLACES)


if __name__ == "__main__":
    main()
