"""Trains the comparison models on all of CIFAR-10 and writes data/results/cifar10.csv (`make results`).

One recipe and one budget for all, and several seeds. Every network with the first seed comes first, so that the table
can be read before it is complete.

Stop it at any time: a run goes on from its last whole epoch when the same command is given again, and what has a row
of the same budget is not trained again.
"""

from dataclasses import asdict, dataclass

import training_runs
from training_runs import Experiment, Places, Trained

from scalelab import data
from scalelab.models import COMPARED
from scalelab.training.device import pick_device

EPOCHS = {"cuda": 30, "mps": 5, "cpu": 4}
"""The budget by device. On two cores of a CPU each seed takes some two hours for all networks together."""

SEEDS = (0, 1)

RECIPE = {"batch_size": 64, "learning_rate": 0.1, "weight_decay": 5e-4, "label_smoothing": 0.1, "warmup": 0.2}
"""For all. One epoch of EfficientNet at φ = -4 reached 51.5% with a learning rate of 0.03, 50.5% with 0.1 and 47.6%
with 0.2; the plain networks learn well with 0.1."""

PLACES = Places("cifar10")


@dataclass(frozen=True)
class Run:
    """One network to train. model: a key of COMPARED."""

    model: str
    seed: int

    @property
    def name(self) -> str:
        """The name of the run's folder and log."""
        return f"{self.model.replace(' φ=', '_phi')}_seed{self.seed}"


@dataclass(frozen=True)
class Row(Trained, Run):
    """One trained network, a line of cifar10.csv. precision: the arithmetic that was faster for it on this device."""

    @property
    def run(self) -> Run:
        """What was trained."""
        return Run(self.model, self.seed)


def place(run: Run) -> tuple[int, int]:
    """Where a run stands in the table."""
    return run.seed, list(COMPARED).index(run.model)


def train(run: Run, cifar: data.Cifar10, epochs: int, places: Places, code: str) -> Row:
    """Train one network, or go on with it; write its log and return its row. code: the commit that it is trained by."""
    trained = training_runs.train(run, COMPARED[run.model], cifar, epochs, places, code, RECIPE)
    return Row(**asdict(run), **asdict(trained))


RESULTS = Experiment("make results", Row, place, train)


def main() -> None:
    """Train what has no row yet."""
    parser = RESULTS.parser(__doc__, SEEDS, f"passes over the 50,000 images (by device: {EPOCHS})")
    parser.add_argument("--models", nargs="+", choices=list(COMPARED), default=list(COMPARED), metavar="MODEL",
                        help=f"which ones: {', '.join(COMPARED)}")  # fmt: skip
    chosen = parser.parse_args()
    runs = [Run(model, seed) for seed in chosen.seeds for model in chosen.models]
    RESULTS.run(chosen, runs, chosen.epochs or EPOCHS[pick_device().type], PLACES)


if __name__ == "__main__":
    main()
