"""How many threads to compute with: those that the machine lets us have, and of those as many as pay.

On a busy machine more threads can be slower by far: each layer waits for the thread that another program has put off.
"""

import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
import torch.nn.functional as F

BUDGET = 1.5
"""Seconds to measure for, as far as one step with each number of threads allows."""

ROUNDS = 7
"""At most so many steps with each number of threads."""

WORTH = 0.95
"""More threads are taken if they need at most this share of the time."""

TRUSTED = 30.0
"""Seconds for which what `usual` measured is trusted: what else a machine does changes."""

CGROUP = Path("/sys/fs/cgroup")

_measured: dict[int, tuple[float, int]] = {}


def allowed(cgroup: Path = CGROUP, own: Path = Path("/proc/self/cgroup")) -> int:
    """How many processors this process may keep busy: its quota counts, which containers and JupyterHub set.

    Args:
        cgroup: where the kernel shows its control groups.
        own: the file that says in which of them this process is.
    """
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([here, *(math.ceil(share) for share in _quotas(cgroup, own))]))


def most() -> int:
    """How many threads may pay: no more than processors, and no more than torch was told to use."""
    return max(1, min(torch.get_num_threads(), allowed()))


def fastest(step: Callable[[], object], at_most: int, budget: float = BUDGET) -> int:
    """The number of threads with which a step takes the least time.

    The candidates take turns, so that whatever else the machine does meets each of them alike. Their mean counts: what
    is put off now and then is slow. torch is left with the number of threads that it had.

    Args:
        step: is called several times with each number of threads.
        at_most: so many threads are tried, half as many, and so on down to 1.
        budget: seconds after which no further round is begun.
    """
    candidates = [at_most]
    while candidates[-1] > 1:
        candidates.append(candidates[-1] // 2)
    if len(candidates) == 1:
        return at_most
    spent = dict.fromkeys(candidates, 0.0)
    with using(at_most):
        step()  # the first one sets things up
        for _ in range(ROUNDS):
            for count in candidates:
                torch.set_num_threads(count)
                started = time.perf_counter()
                step()
                spent[count] += time.perf_counter() - started
            if sum(spent.values()) > budget:
                break
    best = 1
    for count in sorted(candidates):
        if spent[count] <= WORTH * spent[best]:
            best = count
    return best


def usual(at_most: int | None = None, trusted: float = TRUSTED) -> int:
    """The number of threads that pays for convolutions as such, now. Measured in a fraction of a second.

    Args:
        at_most: so many threads may be used; by default what `most` says.
        trusted: seconds for which an earlier measurement is good enough.
    """
    at_most = at_most or most()
    when, count = _measured.get(at_most, (-math.inf, 0))
    if time.monotonic() - when > trusted:
        images, weights = torch.ones(1, 32, 56, 56), torch.ones(64, 32, 3, 3)

        def step() -> None:
            with torch.inference_mode():
                for _ in range(4):
                    F.conv2d(images, weights, padding=1)

        count = fastest(step, at_most, budget=0.3)
        _measured[at_most] = time.monotonic(), count
    return count


@contextmanager
def using(count: int) -> Iterator[None]:
    """Let torch compute with so many threads for a while."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def described(count: int, at_most: int) -> str:
    """The choice in words: "1 thread of 2, as more are slower now".

    Args:
        count: how many threads are used.
        at_most: how many could be, as `most` says.
    """
    processors = os.cpu_count() or 1
    threads = f"{count} thread{'' if count == 1 else 's'}"
    if count < at_most:
        return f"{threads} of {at_most}, as more are slower now"
    return f"{threads}, as many as this process may use of {processors} processors" if at_most < processors else threads


def _quotas(cgroup: Path, own: Path) -> Iterator[float]:
    """The processors that each control group around this process may use, as far as they have a limit."""
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    folders = {cgroup, cgroup / "cpu"}
    for line in lines:
        controllers, _, path = line.partition(":")[2].partition(":")
        root = cgroup / controllers if controllers else cgroup
        for part in (Path(path), *Path(path).parents):
            folders.add(root / str(part).lstrip("/"))
    for folder in folders:
        try:  # version 2: "200000 100000", or "max 100000"
            quota, period = map(float, (folder / "cpu.max").read_text(encoding="utf-8").split())
            yield quota / period
        except (OSError, ValueError):
            pass
        try:  # version 1: -1 for no limit
            quota = float((folder / "cpu.cfs_quota_us").read_text(encoding="utf-8"))
            period = float((folder / "cpu.cfs_period_us").read_text(encoding="utf-8"))
            if quota > 0:
                yield quota / period
        except (OSError, ValueError):
            pass
