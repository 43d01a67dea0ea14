"""Seconds a submission, and peak memory, of grading by this package and by stock nbgrader and otter.

A submission is two notebooks, 2_compound_scaling and 3_efficientnet, with the model solution and a comment that no
other submission has. All run on the same two cores, one after the other, from nothing to written scores.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from processes import Measured, measure
from stock import autograde_command, environment, otter_command, stock_course, stock_zips

from autograder.course import find_course
from autograder.course.answered import fill, model_answers
from autograder.course.skeleton import load_skeletons
from autograder.release.build import build, write_nbgrader_course

COURSE = find_course(Path(__file__).parent)
ROOT = Path(__file__).resolve().parents[1]

NOTEBOOKS = ("2_compound_scaling", "3_efficientnet")
CORES = 2


def write_submissions(folder: Path, number: int) -> None:
    """nbgrader's tree of so many submissions in `folder`."""
    model, skeletons = model_answers(COURSE), load_skeletons(COURSE)
    for index in range(number):
        student = f"student{index:03}"
        place = folder / student / COURSE.name
        place.mkdir(parents=True)
        own = {cell: f"# written by {student}\n{text}" for cell, text in model.items()}
        for name in NOTEBOOKS:
            nbformat.write(fill(skeletons[name], own), place / f"{name}.ipynb")


class Bench:
    """Makes courses and submissions in `folder`, and runs each way to grade."""

    def __init__(self, folder: Path, threads: int):
        self.folder = folder
        self.environment = environment() | ({"OMP_NUM_THREADS": str(threads)} if threads else {})
        self._made = 0

    def ours(self, number: int, engine: str = "nbgrader", workers: int = CORES) -> Measured:
        """`autograder grade`, nbgrader's gradebook or otter's results included."""
        place = self._new(number)
        options = ["--out", str(place / "out"), "--workers", str(workers), "--engine", engine]
        if engine == "nbgrader":
            write_nbgrader_course(build(COURSE), place / "course")
            options += ["--nbgrader-course", str(place / "course")]
        command = [sys.executable, "-m", "autograder", "grade", str(place / "submitted"), *options]
        return self._run(command, ROOT)

    def nbgrader(self, number: int, ours: bool) -> Measured:
        """`nbgrader autograde`, in a course of ours or in a stock one."""
        place = self._new(number)
        if ours:
            write_nbgrader_course(build(COURSE), place)
        else:
            stock_course(place, NOTEBOOKS)
        return self._run(autograde_command(), place)

    def otter(self, number: int, ours: bool) -> Measured:
        """`otter run` on each notebook of each submission, with our zip or with a stock one."""
        place = self._new(number)
        if ours:
            zips = {name: COURSE.dist / "otter" / name / "autograder.zip" for name in NOTEBOOKS}
        else:
            zips = stock_zips(place / "zips", NOTEBOOKS)
        runs = [
            self._run(otter_command(zips[path.stem], path, path.parent), path.parent)
            for path in sorted((place / "submitted").rglob("*.ipynb"))
        ]
        return Measured(sum(one.seconds for one in runs), max(one.peak for one in runs), 0, runs[-1].said)

    def _new(self, number: int) -> Path:
        self._made += 1
        place = self.folder / str(self._made)
        write_submissions(place / "submitted", number)
        return place

    def _run(self, command: list[str], folder: Path) -> Measured:
        measured = measure(command, folder, self.environment)
        if measured.status:
            sys.exit(f"{' '.join(command)} ended with {measured.status}:\n{measured.said}")
        return measured


def compare(bench: Bench, many: int, few: int, ways: list[str]) -> None:
    """Print one line per way to grade, and how many times faster ours are."""
    all_ways: dict[str, tuple[str, int, Callable[[int], Measured]]] = {
        "a": ("autograder grade, gradebook included", many, bench.ours),
        "b": ("nbgrader autograde, stock", few, lambda n: bench.nbgrader(n, ours=False)),
        "c": ("autograder grade --engine otter", many, lambda n: bench.ours(n, "otter")),
        "d": ("otter run, stock, a call a notebook", few, lambda n: bench.otter(n, ours=False)),
        "e": ("nbgrader autograde, our configuration", few, lambda n: bench.nbgrader(n, ours=True)),
        "f": ("otter run, our zip, a call a notebook", few, lambda n: bench.otter(n, ours=True)),
    }
    seconds = {}
    for key in ways:
        label, number, run = all_ways[key]
        measured = run(number)
        seconds[key] = measured.seconds / number
        told = f"{seconds[key]:6.2f} s a submission ({number}), peak {measured.peak / 2**20:5.0f} MiB"
        print(f"{key}  {label:38} {told}", flush=True)
    for ours, stock in (("a", "b"), ("c", "d"), ("e", "b"), ("f", "d")):
        if ours in seconds and stock in seconds:
            print(f"{stock}/{ours}: {all_ways[ours][0]} is {seconds[stock] / seconds[ours]:.1f} times as fast")


def linear(bench: Bench, numbers: list[int]) -> None:
    """Print seconds and memory by the size of the class, and what one more worker adds."""
    for number in numbers:
        told = bench.ours(number)
        print(
            f"{number:4} submissions: {told.seconds / number:.2f} s each, peak {told.peak / 2**20:.0f} MiB", flush=True
        )
    one, two = (bench.ours(min(numbers), workers=workers).peak for workers in (1, 2))
    print(f"a second worker and its room: {(two - one) / 2**20:.0f} MiB more (proportional set size)")


def main() -> None:
    """Print what is compared, then the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=24)
    parser.add_argument(
        "--stock", type=int, default=4, help="submissions of b, d, e and f, whose time is a submission's"
    )
    parser.add_argument("--ways", default="abcdef", help="which of a to f")
    parser.add_argument("--threads", type=int, default=0, help="OMP_NUM_THREADS for all; by default as each comes")
    parser.add_argument(
        "--linear", type=int, nargs="*", metavar="N", help="classes of 24, 96 and 384, or of these sizes"
    )
    chosen = parser.parse_args()
    if not (COURSE.dist / "otter").exists():
        sys.exit(f"{COURSE.dist / 'otter'}: is missing; run 'autograder release' first")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    print(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), chosen.threads)
        if chosen.linear is not None:
            linear(bench, chosen.linear or [24, 96, 384])
        else:
            compare(bench, chosen.submissions, chosen.stock, list(chosen.ways))


if __name__ == "__main__":
    main()
