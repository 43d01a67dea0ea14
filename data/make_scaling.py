"""Trains a small EfficientNet, grown in four ways to equal cost, and writes data/results/scaling.csv (`make scaling`).

With --sample it trains on the 3,000 images that students have, and writes data/results/scaling_sample.csv: notebook 4's
figure, into which each student puts one more network.

The base, and the base grown to 2 and to 4 times its multiply-adds by depth alone, by width alone, by resolution alone
and by the compound rule: on all of CIFAR-10, with one recipe and the same number of passes for all, and with several
seeds. Every network with the first seed comes first, so that the table can be read before it is complete.

Stop it at any time: a run goes on from its last whole epoch when the same command is given again, and what has a row
is not trained again.
"""

from dataclasses import asdict, dataclass

import training_runs
from training_runs import Experiment, Places, Trained

from scalelab import data
from scalelab.equal_cost import SHAPES, grow
from scalelab.one_more import PASSES, PRECISION, RECIPE
from scalelab.small import Shape, small_efficientnet

EPOCHS, SEEDS, FACTORS = 6, (0, 1), (2, 4)

PLACES, ON_THE_SAMPLE = Places("scaling"), Places("scaling_sample")


@dataclass(frozen=True)
class Run:
    """One network to train. config: "base" or a key of SHAPES. factor: multiply-adds aimed at, over the base's."""

    config: str
    factor: int
    seed: int

    @property
    def name(self) -> str:
        """The name of the run's folder and log."""
        return f"{self.config}_{self.factor}_seed{self.seed}"

    @property
    def shape(self) -> Shape:
        """The network's sizes."""
        return Shape() if self.config == "base" else grow(self.config, self.factor)


@dataclass(frozen=True)
class Sized(Run):
    """A network's own sizes.

    depth, width: the factors before rounding. resolution: in pixels; interpolated: more than CIFAR-10's images have.
    """

    resolution: int
    interpolated: bool
    depth: float
    width: float


@dataclass(frozen=True)
class Row(Trained, Sized):
    """One trained network, a line of scaling.csv."""

    @property
    def run(self) -> Run:
        """What was trained."""
        return Run(self.config, self.factor, self.seed)


def all_runs(factors: tuple[int, ...], seeds: tuple[int, ...]) -> list[Run]:
    """What is trained, in this order."""
    grown = [(way, factor) for factor in factors for way in SHAPES]
    return [Run(config, factor, seed) for seed in seeds for config, factor in [("base", 1), *grown]]


def place(run: Run) -> tuple[int, int, int]:
    """Where a run stands in the table."""
    ways = list(SHAPES)
    return run.seed, run.factor, ways.index(run.config) if run.config in ways else 0


def train(run: Run, cifar: data.Cifar10, epochs: int, places: Places, code: str) -> Row:
    """Train one network, or go on with it; write its log and return its row. code: the commit that it is trained by."""
    shape = run.shape
    trained = training_runs.train(
        run, lambda: small_efficientnet(shape), cifar, epochs, places, code, RECIPE, PRECISION, {"shape": asdict(shape)}
    )
    return Row(
        **asdict(run),
        resolution=shape.resolution,
        interpolated=shape.interpolated,
        depth=round(shape.depth, 4),
        width=round(shape.width, 4),
        **asdict(trained),
    )


SCALING = Experiment("make scaling", Row, place, train)


def main() -> None:
    """Train what has no row yet."""
    parser = SCALING.parser(__doc__, SEEDS, f"passes over the images ({EPOCHS}; on the sample {PASSES})")
    parser.add_argument(
        "--sample", action="store_true", help="train on the sample, 3,000 images, and test on its 1,000"
    )
    parser.add_argument("--factors", type=int, nargs="+", default=FACTORS, metavar="FACTOR")
    chosen = parser.parse_args()
    runs = all_runs(tuple(chosen.factors), tuple(chosen.seeds))
    if chosen.sample:
        SCALING.run(chosen, runs, chosen.epochs or PASSES, ON_THE_SAMPLE, "sample")
    else:
        SCALING.run(chosen, runs, chosen.epochs or EPOCHS, PLACES)


if __name__ == "__main__":
    main()
