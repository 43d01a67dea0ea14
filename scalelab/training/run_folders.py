"""Every run has a folder of its own below runs/, named after it: no run ever writes over another one's files."""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scalelab.training.checkpoint import NAME as CHECKPOINT
from scalelab.training.weights import WEIGHTS

RUNS = "runs"
"""The folder of the runs' folders."""

CALL = "run.json"
"""Lies in a run's folder: the call that began it."""

PLAN = "plan.json"
"""Lies in the folder of a run of a plan: the plan."""

UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""File names that Windows does not take."""

LONGEST = 80
"""Letters of a folder's name."""


@dataclass(frozen=True)
class RunFolder:
    """Where one run keeps its files.

    Args:
        path: the folder.
        name: the run's name: the one that was asked for, with a number behind it if that was taken.
        id: what no other run has.
        call: what the run was asked for, by which it is known again.
    """

    path: Path
    name: str
    id: str
    call: dict[str, Any]

    @property
    def was_stopped(self) -> bool:
        """Whether the run can go on: it has ended an epoch, and not the last one."""
        return (self.path / CHECKPOINT).is_file()

    @property
    def is_empty(self) -> bool:
        """Whether the run has not ended an epoch."""
        return not self.was_stopped and not (self.path / WEIGHTS).exists()


def begin(out: Path, name: str, call: dict[str, Any]) -> RunFolder:
    """The folder for a run: that of the same call if it was stopped, else a new one.

    Args:
        out: the folder that holds runs/.
        name: the name that was asked for.
        call: what the run was asked for, as plain data.
    """
    call = json.loads(json.dumps(call, default=str))
    known = [one for one in _known(out) if one.call == call]
    for one in known:
        if one.was_stopped or one.is_empty:
            return one
    return begin_new(out, name, call)


def begin_new(out: Path, name: str, call: dict[str, Any]) -> RunFolder:
    """A new folder for a run, even if there is one of the same call.

    Args:
        out: the folder that holds runs/.
        name: that was asked for; if it is taken, a number is put behind it.
        call: what the run was asked for, as plain data.
    """
    path, label = free_folder(out, name)
    one = RunFolder(path, label, uuid.uuid4().hex, json.loads(json.dumps(call, default=str)))
    (path / CALL).write_text(json.dumps(asdict(one) | {"path": path.name}, indent=1) + "\n", encoding="utf-8")
    return one


def free_folder(out: Path, name: str) -> tuple[Path, str]:
    """A new folder for a run, and the name that goes with it.

    Args:
        out: the folder that holds runs/.
        name: that was asked for; if it is taken, the name is "name (2)" and so on.
    """
    (out / RUNS).mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        label = name if number == 1 else f"{name} ({number})"
        path = out / RUNS / folder_name(label)
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
        else:
            return path, label


def folder_name(name: str) -> str:
    """A run's name as a folder's name, on any system."""
    safe = UNSAFE.sub("_", name)
    if len(safe) > LONGEST:
        safe = f"{safe[: LONGEST - 20]}…{safe[-15:]}"
    safe = safe.strip(" .") or "model"
    return f"_{safe}" if RESERVED.match(safe) else safe


def _known(out: Path) -> Iterator[RunFolder]:
    """The runs that `fit` began, in the order of their folders' names. Whatever else is there is left alone."""
    for file in sorted((out / RUNS).glob(f"*/{CALL}")):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            yield RunFolder(file.parent, str(content["name"]), str(content["id"]), dict(content["call"]))
        except (OSError, ValueError, LookupError, TypeError):
            continue
