"""Workers die, and what they were at is done all the same: by nobody but a task that kills its own worker."""

import os
import signal
import time
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import psutil
import pytest

from autograder.errors import CourseError, NoWorker
from autograder.room import NONE
from autograder.run.workers.attempts import TRIES_ALONE, WorkerDied, each_done
from autograder.run.workers.pool import Pool
from autograder.verify.workers import each_in_a_worker
from tests.compound import COURSE

pytestmark = pytest.mark.room

KILLER = "killer"
WATCHED = 1.0
"""Seconds in which a task that is tried again looks for others beside it."""


def prepare() -> None:
    """A worker of these tests needs nothing."""


def others(folder: Path, task: str) -> list[str]:
    """The tasks that run beside this one, by the files that they leave: a dead worker's does not count."""
    running = (path.name.split(".") for path in folder.glob("*.*"))
    return [name for name, pid in running if name != task and psutil.pid_exists(int(pid))]


def kill_or_watch(folder: Path, task: str) -> list[str]:
    """Begin; the killer ends its worker as soon as another task has begun. Later, say who runs beside it."""
    begun = folder / f"{task}.{os.getpid()}"
    first = not list(folder.glob(f"{task}.*"))
    begun.touch()
    deadline = time.monotonic() + (60 if first else WATCHED)
    seen: list[str] = []
    while time.monotonic() < deadline and not seen:
        seen = others(folder, task)
    if task == KILLER:
        os._exit(1)
    while first and time.monotonic() < deadline:
        pass  # until the killer has ended this, too
    begun.rename(folder / f"{task}.0")  # no process has this number
    return seen


def test_what_was_beside_a_task_that_kills_its_worker_is_tried_alone_and_never_given_up(tmp_path):
    with Pool(2, prepare) as pool:
        done = dict(each_done(pool, partial(kill_or_watch, tmp_path), [KILLER, "ada"]))
    assert done["ada"].result() == [], "nothing ran beside it when it was tried again"
    with pytest.raises(WorkerDied, match=f"{TRIES_ALONE + 1} times"):
        done[KILLER].result()
    assert len(list(tmp_path.glob(f"{KILLER}.*"))) == TRIES_ALONE + 1


def kill_once(folder: Path, task: str) -> str:
    """The task in capitals; the first try ends the worker."""
    try:
        (folder / task).touch(exist_ok=False)
    except FileExistsError:
        return task.upper()
    os._exit(1)


def kill_always(task: str) -> str:
    """For "bad", end the worker."""
    return task.upper() if task != "bad" else os._exit(1)


def fail() -> None:
    """What a worker cannot get ready for."""
    raise RuntimeError("no kernel\nhere")


def test_a_worker_that_cannot_get_ready_is_one_line_and_prints_nothing(capfd):
    with Pool(2, fail) as pool, pytest.raises(NoWorker) as raised:
        list(each_done(pool, str.upper, ["ada", "bob"]))
    assert str(raised.value) == "a worker process could not get ready: RuntimeError: no kernel"
    assert "in fail" in raised.value.details, "the log has the traceback"
    assert capfd.readouterr().err == ""


def test_a_worker_that_dies_does_not_end_a_verification(tmp_path):
    told = []
    given = each_in_a_worker(
        partial(kill_once, tmp_path), ["a", "b", "c"], COURSE, NONE, 2, lambda *done: told.append(done)
    )
    assert given == {"a": "A", "b": "B", "c": "C"}
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_ends_every_worker_of_a_verification_is_named():
    with pytest.raises(CourseError, match="bad: its worker died 3 times"):
        each_in_a_worker(kill_always, ["a", "bad"], COURSE, NONE, 2, lambda *_: None)


# ---- the end of a pool, which a fault or Ctrl-C may bring at any moment


def give(size: int) -> bytes:
    """A result that fits into no pipe."""
    return bytes(size)


def miss_a_signal() -> None:
    """From now on this worker ends at the second SIGTERM, as one that was about to wait when the first one came."""
    end = signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda *_: signal.signal(signal.SIGTERM, end))


def leave_among_results() -> None:
    for _ in range(5):
        with Pool(2, prepare) as pool:
            results = [pool.submit(give, 30_000_000) for _ in range(4)]
            results[0].result()


def leave_after_a_missed_signal() -> None:
    with Pool(1, prepare) as pool:
        pool.submit(miss_a_signal).result()
        pool.submit(time.sleep, 600)


@pytest.mark.parametrize("leave", [leave_among_results, leave_after_a_missed_signal])
def test_a_pool_ends_whatever_its_workers_are_at(leave):
    process = get_context("spawn").Process(target=leave)
    process.start()
    process.join(60)
    ended = process.exitcode
    process.kill()
    assert ended == 0
