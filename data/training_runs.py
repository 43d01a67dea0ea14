"""Runs that take hours, for a table of results: several at a time, each stopped at any moment and gone on with.

On CPUs each core trains one network, on one thread: for networks this small it is faster than one network on all cores.
A row and a log are written when their run has ended, and only then. What has a row of the same budget is left alone.
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
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn

from scalelab import counting, data, training
from scalelab.data.loading import MOVED_BY
from scalelab.training.device import pick_device

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"


class Run(Protocol, Hashable):
    """One network to train with one seed."""

    @property
    def name(self) -> str:
        """The name of the run's folder and log."""

    @property
    def seed(self) -> int:
        """Of the weights, and of the order of the images and of their augmentation."""


class Row(Protocol):
    """A line of a table: a dataclass."""

    epochs: int
    accuracy: float
    macs: int
    seconds: float

    @property
    def run(self) -> Any:
        """What was trained."""


@dataclass(frozen=True)
class Places:
    """Where a table's results are written, and where its runs keep what they need to go on. Nothing else is written."""

    name: str
    results: Path = RESULTS
    kept: Path | None = None

    @property
    def runs(self) -> Path:
        """A folder for each run."""
        return self.kept or HERE.parent / "dist" / self.name

    @property
    def table(self) -> Path:
        """The rows."""
        return self.results / f"{self.name}.csv"

    def log(self, run: Run) -> Path:
        """The epochs of a run that has ended."""
        return self.results / f"{self.name}_logs" / f"{run.name}.json"


# ---- one run


@dataclass(frozen=True)
class Trained:
    """What one run came to: the last columns of each table, behind those that say what was trained.

    accuracy: percent of the 10,000 test images after the last epoch. seconds: wall clock of training and testing, on a
    machine that may have other work; cpu_seconds: of the process. images_per_second: images trained on, by wall clock.
    """

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


def train(
    run: Run, network: Callable[[], nn.Module], cifar: data.Cifar10, epochs: int, places: Places, code: str,
    recipe: dict, precision: str | None = None, told: dict | None = None, moved_by: int = MOVED_BY,
) -> Trained:  # fmt: skip
    """Train one network, or go on with it, and write its log.

    Args:
        run: What is trained.
        network: Makes the network, with weights drawn from the run's seed.
        cifar: The images.
        epochs: Passes over the training images.
        places: Where the run and its log are kept.
        code: The commit that it is trained by.
        recipe: The arguments of scalelab.training.fit that all runs of the table share.
        precision: "float32", "bfloat16", or None for what is faster here.
        told: What the log says of the network beside its run.
        moved_by: Pixels that a training image is moved by at most.
    """
    folder = places.runs / run.name
    clock = CpuClock(folder / "cpu_seconds.json")
    torch.manual_seed(run.seed)
    model = network()
    record = training.fit(
        model, cifar.train, cifar.test, epochs=epochs, seed=run.seed, precision=precision, name=run.name,
        out=folder, show=False, after_epoch=clock.note, moved_by=moved_by, **recipe,
    )  # fmt: skip
    history = [asdict(epoch) | {"cpu_seconds": clock.seconds[epoch.epoch]} for epoch in record.history]
    settings = {"passes": epochs, "images": len(cifar.train), "precision": record.precision} | recipe
    log = {"run": asdict(run), **(told or {}), "recipe": settings, "commit": code, "epochs": history}  # type: ignore[call-overload]
    write(places.log(run), json.dumps(log, indent=1) + "\n")
    return Trained(
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


# ---- a table


def read_rows(table: Path, kind: type) -> dict[Any, Any]:
    """The rows of a table by their runs; none if there is no table yet. kind: the dataclass of a row."""
    if not table.is_file():
        return {}
    read = {field.name: read_truth if field.type is bool else field.type for field in fields(kind)}
    with table.open(newline="", encoding="utf-8") as file:
        rows = [kind(**{name: read[name](value) for name, value in row.items()}) for row in csv.DictReader(file)]
    return {row.run: row for row in rows}


def read_truth(value: str) -> bool:
    """What str(bool) has written. Raises KeyError for anything else."""
    return {"True": True, "False": False}[value]


def add_row(places: Places, row: Row, order: Callable[[Any], Any]) -> None:
    """Add a row, or replace the one of the same run; the table is always whole, whoever writes at the same time.

    order: a key to sort runs by.
    """
    with hold(places.runs / "table.lock"):
        rows = read_rows(places.table, type(row)) | {row.run: row}
        write_table(places.table, [asdict(rows[run]) for run in sorted(rows, key=order)])


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
    partial.write_text(text, encoding="utf-8")
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


# ---- many runs


@dataclass(frozen=True)
class Experiment:
    """The runs of one command, which all come to rows of one kind.

    command: What the user types. kind: The dataclass of a row. order: A key to sort a table's runs by. train: Trains a
    run, or goes on with it, and gives its row; of the images, for so many epochs, with its log in those places, by the
    commit that is given.
    """

    command: str
    kind: type
    order: Callable[[Any], Any]
    train: Callable[[Any, data.Cifar10, int, Places, str], Row]

    def parser(self, about: str | None, seeds: tuple[int, ...], epochs: str) -> argparse.ArgumentParser:
        """The options of all such commands. about: the module's docstring; epochs: help that names the usual ones."""
        parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("--epochs", type=int, help=epochs)
        parser.add_argument("--seeds", type=int, nargs="+", default=seeds, metavar="SEED")
        parser.add_argument("--processes", type=int, help="networks trained at the same time (one for each core)")
        parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
        return parser

    def run(
        self, chosen: argparse.Namespace, runs: Sequence[Run], epochs: int, places: Places, size: str = "full"
    ) -> None:
        """Train what has no row yet, in as many processes as were asked for.

        Args:
            chosen: The command line, read by `parser`.
            runs: What to train, in this order.
            epochs: The budget.
            places: Where all of it is kept.
            size: "full" for all of CIFAR-10, or "sample".

        Raises:
            SystemExit: If CIFAR-10 cannot be had, when the user stops it, and at the end of other processes.
        """
        done = sum(row.epochs == epochs for run, row in read_rows(places.table, self.kind).items() if run in runs)
        if not chosen.worker:
            told = f"{done} of {len(runs)} networks are trained; stop at any time, `{self.command}` goes on"
            print(told, flush=True)
        try:
            _in_processes(chosen, self.command, lambda cifar: self.work(runs, cifar, epochs, places), size)
        except KeyboardInterrupt:
            sys.exit(f"\n{self.command}: stopped; type it again to go on where it was")

    def work(self, runs: Sequence[Run], cifar: data.Cifar10, epochs: int, places: Places) -> None:
        """Train, one after the other, what has no row of this budget and is not being trained by another process."""
        code = commit()
        for run in runs:
            with hold(places.runs / run.name / "lock", wait=False) as held:
                known = read_rows(places.table, self.kind).get(run)
                if not held or (known and known.epochs == epochs):
                    continue
                print(f"{run.name}: {time.strftime('%H:%M:%S')} training", flush=True)
                try:
                    row = self.train(run, cifar, epochs, places, code)
                except training.TrainingStopped as problem:
                    print(f"{run.name}: no row, {problem}", flush=True)
                    continue
                add_row(places, row, self.order)
                print(f"{run.name}: {row.accuracy}%, {row.macs:,} multiply-adds, {row.seconds:.0f} s", flush=True)


def _in_processes(
    chosen: argparse.Namespace, command: str, work: Callable[[data.Cifar10], None], size: str = "full"
) -> None:
    """Do the work in this process, or in as many others as were asked for.

    Args:
        chosen: The command line, read by `Experiment.parser`.
        command: What the user has typed, for messages.
        work: Trains what is left; other processes may be at the same runs.
        size: "full" for all of CIFAR-10, or "sample".

    Raises:
        SystemExit: If CIFAR-10 cannot be had, and at the end of other processes.
    """
    gpu = pick_device().type != "cpu"
    processes = chosen.processes or (1 if gpu else len(os.sched_getaffinity(0)))
    try:
        cifar = data.cifar10(size=size)
    except data.DataError as problem:
        sys.exit(f"{command}: {problem}")
    if processes > 1 and not chosen.worker:
        del cifar
        workers = [subprocess.Popen([sys.executable, *sys.argv, "--worker"]) for _ in range(processes)]
        sys.exit(max(worker.wait() for worker in workers))
    if not gpu:
        torch.set_num_threads(1)
    work(cifar)
