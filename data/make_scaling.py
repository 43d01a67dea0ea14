"""Trains a small EfficientNet, grown in four ways to equal cost, and writes data/results/scaling.csv (`make scaling`).

The base, and the base grown to 2 and to 4 times its multiply-adds by depth alone, by width alone, by resolution alone
and by the compound rule: on all of CIFAR-10, with one recipe and the same number of passes for all, and with several
seeds. Every network with the first seed comes first, so that the table can be read before it is complete.

Each processor core trains one network at a time, on one thread: for networks so small this is faster than one network
on all cores. A row and its log are written when their run has ended. A run that was stopped, at any moment, goes on
from its last whole epoch when the same command is given again, and what has a row is not trained again.
"""

import argparse
import csv
import fcntl
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch

from scalelab import counting, data, training
from scalelab.equal_cost import SHAPES, grow
from scalelab.small import Shape, small_efficientnet
from scalelab.training.device import pick_device

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
RUNS = HERE.parent / "dist" / "scaling"

EPOCHS, SEEDS, FACTORS = 6, (0, 1), (2, 4)

RECIPE = {"batch_size": 128, "learning_rate": 0.3, "weight_decay": 5e-4, "label_smoothing": 0.1, "warmup": 0.2}
"""For all. A short trial took 0.05, 0.1, 0.2 and 0.4 for the base and for 4 times its cost by depth, by width and by
resolution; 0.4 was best or nearly so. 0.3 is a step below it, where a longer run is safe."""

PRECISION = "float32"
"""On a CPU with bfloat16 arithmetic, bfloat16 took 1.2 to 1.9 times as long for every one of these networks."""


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
class Row:
    """One trained network, a line of scaling.csv.

    depth, width: the factors before rounding. resolution: in pixels; interpolated: more than CIFAR-10's images have.
    accuracy: percent of the test images after the last epoch. seconds: wall clock of training and testing, on a machine
    that may have other work; cpu_seconds: of the process. images_per_second: images trained on, by wall clock.
    """

    config: str
    factor: int
    seed: int
    resolution: int
    interpolated: bool
    depth: float
    width: float
    parameters: int
    macs: int
    activations: int
    accuracy: float
    epochs: int
    cpu_seconds: float
    seconds: float
    images_per_second: float
    device: str
    precision: str
    commit: str

    @property
    def run(self) -> Run:
        """What was trained."""
        return Run(self.config, self.factor, self.seed)


@dataclass(frozen=True)
class Places:
    """Where results are written, and where runs keep what they need to go on. Nothing else is written."""

    results: Path = RESULTS
    runs: Path = RUNS

    @property
    def table(self) -> Path:
        """The rows."""
        return self.results / "scaling.csv"

    def log(self, run: Run) -> Path:
        """The epochs of a run that has ended."""
        return self.results / "scaling_logs" / f"{run.name}.json"


PLACES = Places()


def all_runs(factors: tuple[int, ...], seeds: tuple[int, ...]) -> list[Run]:
    """What is trained, in this order."""
    grown = [(way, factor) for factor in factors for way in SHAPES]
    return [Run(config, factor, seed) for seed in seeds for config, factor in [("base", 1), *grown]]


# ---- one run


def train(run: Run, cifar: data.Cifar10, epochs: int, places: Places, code: str) -> Row:
    """Train one network, or go on with it; write its log and return its row. code: the commit that it is trained by."""
    folder = places.runs / run.name
    clock = CpuClock(folder / "cpu_seconds.json")
    torch.manual_seed(run.seed)
    model = small_efficientnet(run.shape)
    record = training.fit(
        model, cifar.train, cifar.test, epochs=epochs, seed=run.seed, precision=PRECISION, name=run.name,
        out=folder, show=False, after_epoch=clock.note, **RECIPE,
    )  # fmt: skip
    history = [asdict(epoch) | {"cpu_seconds": clock.seconds[epoch.epoch]} for epoch in record.history]
    settings = {"passes": epochs, "images": len(cifar.train), "precision": PRECISION} | RECIPE
    log = {"run": asdict(run), "shape": asdict(run.shape), "recipe": settings, "commit": code, "epochs": history}
    write(places.log(run), json.dumps(log, indent=1) + "\n")
    return Row(
        **asdict(run),
        resolution=run.shape.resolution,
        interpolated=run.shape.interpolated,
        depth=round(run.shape.depth, 4),
        width=round(run.shape.width, 4),
        parameters=record.parameters,
        macs=record.macs,
        activations=counting.activations(model, (1, *cifar.train.images.shape[1:])),
        accuracy=round(record.last.accuracy, 2),
        epochs=record.epochs,
        cpu_seconds=round(history[-1]["cpu_seconds"], 1),
        seconds=round(record.seconds, 1),
        images_per_second=round(epochs * len(cifar.train) / record.seconds, 1),
        device=describe(record.device),
        precision=record.precision,
        commit=code,
    )


class CpuClock:
    """Processor seconds of a run by the end of each epoch, kept in a file: a run may be spread over many processes."""

    def __init__(self, path: Path):
        self.path = path
        self.seconds: dict[int, float] = {}
        if path.is_file():
            known = json.loads(path.read_text(encoding="utf-8"))
            self.seconds = {int(epoch): seconds for epoch, seconds in known.items()}
        self.started = time.process_time()

    def note(self, epoch: training.Epoch) -> None:
        """Note the end of an epoch. One that comes again, after a kill, is counted once."""
        now = time.process_time()
        before = self.seconds.get(epoch.epoch - 1, 0.0)
        self.seconds[epoch.epoch] = before + now - self.started
        self.started = now
        write(self.path, json.dumps(self.seconds) + "\n")


def describe(device: str) -> str:
    """The device and how much of it: "cpu, 1 thread", or the name of the GPU."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return f"{device}, {threads} thread{'s' * (threads > 1)}" if device == "cpu" else device


def commit() -> str:
    """The commit of the code, followed by a + if files other than the results have been changed since."""
    results = f":(exclude){RESULTS.relative_to(HERE.parent)}"
    head = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=HERE.parent, capture_output=True, text=True)
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", ".", results], cwd=HERE.parent)
    return head.stdout.strip() + "+" * (changed.returncode == 1) if head.returncode == 0 else "unknown"


# ---- the table


def read_rows(table: Path) -> dict[Run, Row]:
    """The rows of the table; none if there is no table yet."""
    if not table.is_file():
        return {}
    read = {field.name: read_truth if field.type is bool else field.type for field in fields(Row)}
    with table.open(newline="", encoding="utf-8") as file:
        rows = [Row(**{name: read[name](value) for name, value in row.items()}) for row in csv.DictReader(file)]
    return {row.run: row for row in rows}


def read_truth(value: str) -> bool:
    """What str(bool) has written. Raises KeyError for anything else."""
    return {"True": True, "False": False}[value]


def add_row(places: Places, row: Row) -> None:
    """Add a row, or replace the one of the same run; the table is always whole, whoever writes at the same time."""
    with hold(places.runs / "table.lock"):
        rows = read_rows(places.table) | {row.run: row}
        order = list(SHAPES)
        known = sorted(rows, key=lambda run: (run.seed, run.factor, run.config in order and order.index(run.config)))
        write_table(places.table, [asdict(rows[run]) for run in known])


def write_table(table: Path, rows: list[dict]) -> None:
    """Write a CSV file with the keys of the rows as its header, all of it or nothing."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write(table, text.getvalue())


def write(path: Path, text: str) -> None:
    """Write a file, all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(text)
    partial.replace(path)


@contextmanager
def hold(lock: Path, wait: bool = True) -> Iterator[bool]:
    """Hold a lock, which ends with the process however that ends. Without `wait`, gives whether it is held."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


# ---- the command


def work(runs: list[Run], cifar: data.Cifar10, epochs: int, places: Places) -> None:
    """Train, one after the other, what has no row and is not being trained by another process."""
    code = commit()
    for run in runs:
        with hold(places.runs / run.name / "lock", wait=False) as held:
            known = read_rows(places.table).get(run)
            if not held or (known and known.epochs == epochs):
                continue
            print(f"{run.name}: {time.strftime('%H:%M:%S')} training", flush=True)
            try:
                row = train(run, cifar, epochs, places, code)
            except training.TrainingStopped as problem:
                print(f"{run.name}: no row, {problem}", flush=True)
                continue
            add_row(places, row)
            print(f"{run.name}: {row.accuracy}%, {row.macs:,} multiply-adds, {row.seconds:.0f} s", flush=True)


def main() -> None:
    """Train what has no row yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="passes over the 50,000 images, for every network")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, metavar="SEED")
    parser.add_argument("--factors", type=int, nargs="+", default=FACTORS, metavar="FACTOR")
    parser.add_argument("--processes", type=int, help="networks trained at the same time (one for each core)")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    gpu = pick_device().type != "cpu"
    processes = chosen.processes or (1 if gpu else len(os.sched_getaffinity(0)))
    places, runs = PLACES, all_runs(tuple(chosen.factors), tuple(chosen.seeds))
    done = sum(row.epochs == chosen.epochs for run, row in read_rows(places.table).items() if run in runs)
    if not chosen.worker:
        print(f"{done} of {len(runs)} networks are trained; stop at any time, `make scaling` goes on", flush=True)
    try:
        cifar = data.cifar10(size="full")
    except data.DataError as problem:
        sys.exit(f"make scaling: {problem}")
    if processes > 1 and not chosen.worker:
        del cifar
        workers = [subprocess.Popen([sys.executable, *sys.argv, "--worker"]) for _ in range(processes)]
        sys.exit(max(worker.wait() for worker in workers))
    if not gpu:
        torch.set_num_threads(1)
    work(runs, cifar, chosen.epochs, places)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nmake scaling: stopped; type it again to go on where it was")
