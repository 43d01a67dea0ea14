"""Looks at the machine and the folder as a helper would who sits down beside the student, and says what to do."""

import importlib
import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

TRIED = {
    "torch": "2.13.0",
    "torchvision": "0.28.0",
    "otter-grader": "7.0.0",
    "jupyterlab": "4.6.6",
    "ipywidgets": "8.1.9",
    "anywidget": "0.11.0",
    "matplotlib": "3.11.2",
}
"""The versions that the course was tried with."""

PYTHON = os.path.abspath(sys.executable)
IS_PYTHON = re.compile(r"python(\d(\.\d+)?)?")

MUST_MATCH = ("torch", "torchvision")
"""Of these no other version will do: the one is built for the other."""

FEWEST_BYTES = 2e9
"""Of memory and of disk: with less, training may end in an error."""


@dataclass(frozen=True)
class Finding:
    """One line. what: what was found; do: what to do about it, or "" where nothing is wrong."""

    what: str
    do: str = ""

    def __str__(self) -> str:
        return f"  ok  {self.what}" if not self.do else f"  !!  {self.what}\n      → {self.do}"


def main() -> int:
    """Print what was found.

    Returns:
        The exit status: 1 if there is something to do.
    """
    findings = []
    for look in LOOKS:
        for finding in _found_by(look):
            findings.append(finding)
            print(finding, flush=True)
    to_do = sum(bool(finding.do) for finding in findings)
    print(f"\nTo do: {to_do} thing{'' if to_do == 1 else 's'}, marked !!." if to_do else "\nAll is well.")
    return 1 if to_do else 0


def _found_by(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What a look finds. One that fails is a finding as well."""
    try:
        yield from look()
    except Exception as problem:
        reason = str(problem).splitlines()[0] if str(problem) else ""
        what = look.__name__.strip("_").replace("_", " ")
        yield Finding(
            f"{what}: {type(problem).__name__}: {reason}", "Mend what is marked above first; then ask for help."
        )


def _python() -> Iterator[Finding]:
    here = f"Python {platform.python_version()} on {platform.system()} ({PYTHON})"
    old = sys.version_info < (3, 11)
    yield Finding(
        here, "Python 3.11 or later is needed: make a new environment with it, as the README says." if old else ""
    )


def _packages() -> Iterator[Finding]:
    installed = {name: _version(name) for name in ("scalelab", "notebook_checks")}
    yield Finding(", ".join(f"{name} {found}" for name, found in installed.items()))
    for name, tried in TRIED.items():
        found = _installed(name)
        install = f'"{PYTHON}" -m pip install {name}=={tried}'
        if found is None:
            yield Finding(f"{name} is missing", install)
        elif name in MUST_MATCH and found.split("+")[0] != tried:
            yield Finding(f"{name} {found}, and not {tried}", install)
        else:
            other = "" if found.split("+")[0] == tried else f" (tried with {tried})"
            yield Finding(f"{name} {found}{other}")
    if _installed("torch") is not None:
        importlib.import_module("torchvision")  # fails where it is built for another torch
        yield Finding("torch and torchvision can be imported together")


def _kernel() -> Iterator[Finding]:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        yield Finding("Jupyter has no kernel python3", f'"{PYTHON}" -m pip install ipykernel')
        return
    found = Path(shutil.which(command) or command)
    is_own = IS_PYTHON.fullmatch(command) is not None  # Jupyter takes its own Python then
    # A virtual environment's Python is a link to another one: the folder says which it is.
    if not is_own and found.is_file() and found.parent.resolve() != Path(PYTHON).parent.resolve():
        make = f'"{PYTHON}" -m ipykernel install --sys-prefix'
        yield Finding(f"notebooks run with another Python: {found}", make)
    else:
        yield Finding("notebooks run with this Python")


def _device() -> Iterator[Finding]:
    import torch

    from scalelab.training.device import pick_device

    device = pick_device()
    name = f", {torch.cuda.get_device_name(device)}" if device.type == "cuda" else ""
    yield Finding(f"trains on: {device}{name}{'' if device.type != 'cpu' else ' (torch finds no GPU; none is needed)'}")


def _threads() -> Iterator[Finding]:
    from scalelab.training import threads

    count, at_most = threads.usual(), threads.most()
    busy = "Other programs keep this machine busy; training is slower until they end." if count < at_most else ""
    yield Finding(f"computes with {threads.described(count, at_most)}", busy)


def _memory() -> Iterator[Finding]:
    memory = importlib.import_module("psutil").virtual_memory()
    limit, used = (_number_in(Path("/sys/fs/cgroup") / name) for name in ("memory.max", "memory.current"))
    total = min(memory.total, limit or memory.total)
    free = min(memory.available, total - (used or 0)) if limit else memory.available
    close = "Shut down kernels that you do not need (in JupyterLab: Kernel → Shut Down All Kernels)."
    yield Finding(f"memory: {free / 1e9:.1f} GB free of {total / 1e9:.1f} GB", close if free < FEWEST_BYTES else "")


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(Path.cwd()).free
    runs = sum(file.stat().st_size for file in Path("runs").rglob("*") if file.is_file())
    kept = f"; runs/ holds {runs / 1e6:.0f} MB" if runs else ""
    delete = "Make room; of runs/ you may delete the folders of runs that you will not hand in."
    yield Finding(f"disk: {free / 1e9:.1f} GB free here{kept}", delete if free < FEWEST_BYTES else "")


def _data() -> Iterator[Finding]:
    from scalelab import data
    from scalelab.data.images import DataError

    try:
        cifar = data.cifar10()
    except DataError as problem:
        yield Finding("the sample of CIFAR-10 is not here", str(problem))
    else:
        yield Finding(f"data: {len(cifar.train):,} images to train on and {len(cifar.test):,} to test on")


def _folder() -> Iterator[Finding]:
    from scalelab import ASSIGNMENT

    missing = [name for name in ASSIGNMENT.notebooks if not Path(name).is_file()]
    there = len(ASSIGNMENT.notebooks) - len(missing)
    if there == 0:
        go = "Go to the folder with the notebooks (cd …), and type this again."
        yield Finding(f"no notebook of the assignment in {Path.cwd()}", go)
        return
    again = f"Missing: {', '.join(missing)}. Unpack student.zip once more, elsewhere, and copy them."
    yield Finding(f"notebooks here: {there} of {len(ASSIGNMENT.notebooks)}", again if missing else "")
    for name in ASSIGNMENT.notebooks:
        if name not in missing and not _is_json(Path(name)):
            yield Finding(f"{name} cannot be read", "Restore it from a copy, or take the given one again.")
    if not Path("tests").is_dir():
        yield Finding("the folder tests is missing", "Unpack student.zip once more, elsewhere, and copy it.")


def _handed_in() -> Iterator[Finding]:
    from scalelab.training.chosen import PAIRS, best_of, read
    from scalelab.training.looks import look_at_weights

    for pair in PAIRS:
        path = Path(pair.weights)
        if path.exists() or best_of(Path(), pair) is not None:
            seen, is_good = look_at_weights(path), read(Path(), pair) is not None
            yield Finding(
                f"{path}: {seen.says if is_good else 'no weights'}", "" if is_good else seen.refused or seen.says
            )


LOOKS = (_python, _packages, _kernel, _device, _threads, _memory, _disk, _data, _folder, _handed_in)


def _version(module: str) -> str:
    return str(getattr(importlib.import_module(module), "__version__", "?"))


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _number_in(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _is_json(file: Path) -> bool:
    try:
        return isinstance(json.loads(file.read_text(encoding="utf-8")), dict)
    except (OSError, ValueError, RecursionError):
        return False
