"""What Dask costs: a class judged by this machine's pool and by a cluster of as many workers on it, in pairs.

Seconds are by the clock, so nothing else must run meanwhile. Scheduler and workers are started before, as a cluster is.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grading import COURSE, ROOT, write_submissions

from autograder.release.build import build, write_nbgrader_course

WORKERS = 2
PORT = 28786


@contextmanager
def cluster(folder: Path) -> Iterator[None]:
    """A scheduler and workers of one thread, on loopback."""
    address = f"tcp://127.0.0.1:{PORT}"
    started = [_start(folder, "scheduler", "--host", "127.0.0.1", "--port", str(PORT))]
    started += [_start(folder, "worker", address, "--nthreads", "1", "--no-nanny") for _ in range(WORKERS)]
    try:
        yield
    finally:
        for one in reversed(started):
            one.terminate()
            one.wait()


def _start(folder: Path, program: str, *options: str) -> subprocess.Popen:
    command = [sys.executable, "-m", f"distributed.cli.dask_{program}", *options, "--no-dashboard"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def grade(place: Path, submitted: Path, course: Path, *options: str) -> float:
    """Seconds by the clock."""
    shutil.copytree(course, place / "course")
    where = ["--out", str(place / "out"), "--nbgrader-course", str(place / "course"), "--workers", str(WORKERS)]
    command = [sys.executable, "-m", "autograder", "grade", str(submitted), *where, "--seed", "5", *options]
    started = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - started


def main() -> None:
    """Print a line for each pair, and what Dask adds."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--students", type=int, default=24)
    arguments.add_argument("--pairs", type=int, default=3)
    told = arguments.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    ratios = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_submissions(folder / "submitted", told.students)
        write_nbgrader_course(build(COURSE), folder / "course")
        for pair in range(told.pairs):
            here, there = folder / f"pool-{pair}", folder / f"dask-{pair}"
            clock = grade(here, folder / "submitted", folder / "course")
            with cluster(folder):
                options = "--scheduler", f"tcp://127.0.0.1:{PORT}"
                dask_clock = grade(there, folder / "submitted", folder / "course", *options)
            same = (here / "out" / "scores.csv").read_bytes() == (there / "out" / "scores.csv").read_bytes()
            ratios.append(dask_clock / clock)
            told_of = "equal" if same else "OTHER"
            print(
                f"{told.students} submissions: pool {clock:.1f} s, Dask {dask_clock:.1f} s, {told_of} scores",
                flush=True,
            )
    print(f"Dask adds {100 * (statistics.median(ratios) - 1):+.1f}%")


if __name__ == "__main__":
    main()
