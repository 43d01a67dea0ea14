"""Where on this machine rooms can have control groups of their own, so that the kernel holds what they use up."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autograder.room.inside.groups import PREFIX, SETTLED, V2, own_folder

NEEDED = ("memory", "pids", "cpu")

SCOPE = ("systemd-run", "--scope", "--quiet", "--collect", "--property=Delegate=yes")
"""Starts a program in a group of its own, below which that program may make others."""

SETTLE = "import sys; sys.path.insert(0, {code!r}); from inside.groups import start_settled; start_settled()"

STALE_SECONDS = 120.0
"""After which an empty group is one that a killed template has left."""


@dataclass(frozen=True)
class Groups:
    """A way to groups.

    Attributes:
        told: what results say of it.
        folders: by controller, where groups of rooms are made; none of version 2, as a template's is made when it
            starts.
        before: the command that starts a template in that group.
    """

    told: str
    folders: tuple[tuple[str, Path], ...] = ()
    before: tuple[str, ...] = ()


POLLING = Groups("polling")
"""No groups: the template looks at what processes use up, again and again."""


@lru_cache
def groups_here() -> Groups:
    """The best way to groups on this machine: version 1 as root, else a scope of systemd's, else none."""
    folders = tuple(sorted(_folders_of_version_1().items()))
    if folders and all(_can_be_made_in(folder) for _, folder in folders):
        return Groups("cgroup v1", folders)
    before = SCOPE if os.geteuid() == 0 else (*SCOPE[:1], "--user", *SCOPE[1:])
    if _is_version_2() and shutil.which(before[0]) and _works(before):
        return Groups("cgroup v2", before=before)
    return POLLING


def remove_stale(groups: Groups) -> None:
    """Remove the empty groups that killed templates have left."""
    for _, folder in groups.folders:
        for left in folder.glob(f"{PREFIX}*"):
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > STALE_SECONDS:
                    left.rmdir()


def around(command: list[str], groups: Groups) -> list[str]:
    """The command that starts a template, in a group of its own if rooms have their groups there.

    Args:
        command: starts the template; it inherits this process's descriptors.
        groups: of `groups_here`, or POLLING.
    """
    if not groups.before:
        return command
    return [*groups.before, sys.executable, "-c", SETTLE.format(code=str(Path(__file__).parent)), *command]


@contextmanager
def groups_open(groups: Groups) -> Iterator[dict[str, int]]:
    """Descriptors of the folders for groups, by controller, which a template inherits."""
    with ExitStack() as opened:
        given = {name: opened.enter_context(folder_open(path)) for name, path in groups.folders}
        yield {V2: SETTLED} if groups.before else given


@contextmanager
def folder_open(folder: Path) -> Iterator[int]:
    """A descriptor of a folder, which processes that are started may inherit."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _folders_of_version_1() -> dict[str, Path]:
    """The groups that this process is in, by controller; empty unless all that is needed is there."""
    found = {}
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in set(controllers.split(",")) & set(NEEDED):
            for kind, place, root, options in _mounts():
                if kind == "cgroup" and controller in options and path.startswith(root):
                    found[controller] = Path(place + "/" + path.removeprefix(root))
    return found if set(found) == set(NEEDED) else {}


def _mounts() -> list[tuple[str, str, str, list[str]]]:
    """Of each mount: its kind, where it is, what of the file system is seen there, and the file system's options."""
    mounts = []
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        first, _, second = line.partition(" - ")
        kind, _, options = second.split(" ", 2)
        mounts.append((kind, first.split()[4], first.split()[3], options.split(",")))
    return mounts


def _can_be_made_in(folder: Path) -> bool:
    """By trying: a container may show folders in which nothing can be made, or that count nothing."""
    tried = folder / f"{PREFIX}try-{os.getpid()}"
    try:
        tried.mkdir()
        tried.rmdir()
    except OSError:
        return False
    return True


def _is_version_2() -> bool:
    try:
        return "memory" in Path(own_folder(), "cgroup.controllers").read_text(encoding="ascii").split()
    except (OSError, StopIteration):
        return False


def _works(before: tuple[str, ...]) -> bool:
    try:
        tried = subprocess.run([*before, "true"], capture_output=True, stdin=subprocess.DEVNULL, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0
