"""What Dask costs: a class judged by this machine's pool and by a cluster of as many workers on it, in pairs.

CPU seconds are those of the command, and of the cluster's processes while it runs. Scheduler and workers are started
before, as a cluster is.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from grading import COURSE, ROOT, write_submissions

from autograder.release.build import build, write_nbgrader_course

WORKERS = 2
PORT = 28786


@contextmanager
def cluster(folder: Path) -> Iterator[list[psutil.Process]]:
    """A scheduler and workers of one thread, on loopback."""
    address = f"tcp://127.0.0.1:{PORT}"
    started = [_start(folder, "scheduler", "--host", "127.0.0.1", "--port", str(PORT))]
    started += [_start(folder, "worker", address, "--nthreads", "1", "--no-nanny") for _ in range(WORKERS)]
    try:
        yield [psutil.Process(one.pid) for one in started]
    finally:
        for one in reversed(started):
            one.terminate()
            one.wait()


def _start(folder: Path, program: str, *options: str) -> subprocess.Popen:
    command = [sys.executable, "-m", f"distributed.cli.dask_{program}", *options, "--no-dashboard"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def cpu_of(processes: list[psutil.Process]) -> float:
    """CPU seconds of processes and of all below them, ended ones included."""
    total = 0.0
    for one in [*processes, *(child for process in processes for child in process.children(recursive=True))]:
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def grade(place: Path, submitted: Path, course: Path, *options: str) -> tuple[float, float]:
    """Seconds by the clock, and CPU seconds of the command and all that it starts."""
    shutil.copytree(course, place / "course")
    where = ["--out", str(place / "out"), "--nbgrader-course", str(place / "course"), "--workers", str(WORKERS)]
    command = [sys.executable, "-m", "autograder", "grade", str(submitted), *where, "--seed", "5", *options]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
            clock, cpu = grade(here, folder / "submitted", folder / "course")
            with cluster(folder) as processes:
                before = cpu_of(processes)
                options = "--scheduler", f"tcp://127.0.0.1:{PORT}"
                dask_clock, dask_cpu = grade(there, folder / "submitted", folder / "course", *options)
                dask_cpu += cpu_of(processes) - before
            same = (here / "out" / "scores.csv").read_bytes() == (there / "out" / "scores.csv").read_bytes()
            ratios.append((dask_clock / clock, dask_cpu / cpu))
            print(
                f"{told.students} submissions: pool {clock:.1f} s, {cpu:.1f} CPU s; "
                f"Dask {dask_clock:.1f} s, {dask_cpu:.1f} CPU s; {'equal' if same else 'OTHER'} scores",
                flush=True,
            )
    for what, column in (("by the clock", 0), ("in CPU time", 1)):
        print(f"Dask adds {100 * (statistics.median(one[column] for one in ratios) - 1):+.1f}% {what}")


if __name__ == "__main__":
    main()
