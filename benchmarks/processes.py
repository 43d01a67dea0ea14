"""Runs a command and measures it: seconds, and the most memory that it and all processes under it had at once.

Memory is the proportional set size (a page that n processes share counts 1/n in each), summed over the tree.
"""

import ctypes
import os
import re
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.5
PR_SET_CHILD_SUBREAPER = 36
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Measured:
    """seconds: wall clock. peak: bytes. status: the command's exit status. said: its last lines."""

    seconds: float
    peak: int
    status: int
    said: str


def measure(command: list[str], folder: Path, environment: dict[str, str]) -> Measured:
    """Run `command` in `folder` to its end."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)  # what a command leaves behind is ours, and is counted
    peak, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(PAUSE):
            peak[0] = max(peak[0], memory_below(os.getpid()))

    watcher = threading.Thread(target=watch)
    started = time.monotonic()
    watcher.start()
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    finally:
        seconds = time.monotonic() - started
        ended.set()
        watcher.join()
    return Measured(seconds, peak[0], done.returncode, "\n".join(done.stdout.strip().splitlines()[-5:]))


def memory_below(ancestor: int) -> int:
    """Bytes of all processes below one, that one not among them."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int(
                    (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
                )
            except OSError:  # it has ended
                continue
            children.setdefault(parent, []).append(int(entry.name))
    total, waiting = 0, list(children.get(ancestor, []))
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, [])
        total += _pss(process)
    return total


def _pss(process: int) -> int:
    try:
        found = PSS.search(Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
