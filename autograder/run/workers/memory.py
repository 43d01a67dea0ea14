"""A worker's own limit of memory: where a submission makes the judge need more, its worker ends, and nothing else."""

import os
import resource
from collections.abc import Callable
from typing import Any

MORE_BYTES = 2_000_000_000
"""What a worker may take on top of what it has when it begins. Judging takes some 500 MB, with torch imported."""

OUT_OF_MEMORY = 137
"""The exit status of a worker that has used up its memory, as if the machine had ended it."""


def limit_memory() -> None:
    """Let this process have MORE_BYTES more of data. What it starts may raise its own limit again."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = _data_bytes() + MORE_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def ended_by_memory(function: Callable, *arguments: Any) -> Any:
    """What `function` gives. A MemoryError ends the process: what it has left half done must judge nobody else."""
    try:
        return function(*arguments)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _data_bytes() -> int:
    """What counts for the limit now: the heap, and all else that is private and can be written to."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData:"))
