"""What a training run was and came to: written beside the weights as best.json."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

RECORD = "best.json"
"""The file that tells how the best weights came about."""


@dataclass(frozen=True)
class Epoch:
    """One pass over the training images. accuracies: percent. seconds: since training began, wall clock."""

    epoch: int
    loss: float
    train_accuracy: float
    accuracy: float
    learning_rate: float
    seconds: float


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: the keywords of `fit`, which says what each is."""

    epochs: int
    seconds: float | None
    batch_size: int
    learning_rate: float
    momentum: float
    weight_decay: float
    label_smoothing: float
    warmup: float
    average: float
    seed: int


@dataclass(frozen=True)
class Record:
    """A whole run. accuracy: percent of the test images, after the epoch that did best; epochs: how many ran.

    trained_on: "sample", "full", or how many images. parameters: those that are trained. macs: multiply-adds for one
    image. seconds: wall clock, all epochs and their tests. threads: of the CPU; None on another device. tested_on: how
    many images, and a number that tells them from any others.
    """

    name: str
    trained_on: str
    accuracy: float
    epochs: int
    seconds: float
    parameters: int
    macs: int
    device: str
    precision: str
    seed: int
    recipe: Recipe
    history: tuple[Epoch, ...] = ()
    threads: int | None = None
    tested_on: str = ""

    @property
    def last(self) -> Epoch:
        """The last epoch: an accuracy that was not picked for being high."""
        return self.history[-1]

    def write(self, path: Path) -> None:
        """Write this as JSON, all of it or nothing."""
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
        partial.replace(path)

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.accuracy:.2f}% after {self.epochs} epochs in {self.seconds:.0f} s "
            f"on {self.device}, {self.parameters:,} parameters"
        )
