"""Which kinds of room this machine allows, and which one is taken where nobody says."""

import os
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from autograder.course import COURSE
from autograder.room.inside import linux, seccomp
from autograder.room.inside.plan import BWRAP, BY_UID, KINDS, NONE
from autograder.room.inside.room import HOLDER
from autograder.room.warm import in_base_view

WAY_OUT = "'--room none' grades without a wall, and trusts student code with this machine"


class NoSuchRoom(Exception):
    """The kind of room that was asked for is not to be had here. Its text is one line, and says what to do."""


def pick_kind(wanted: str = "auto") -> str:
    """The kind of room to grade in: the one that is wanted, or the best one there is but NONE.

    Raises NoSuchRoom: no grading without a wall unless somebody says so.
    """
    if wanted == "auto":
        hindrances = {kind: hindrance(kind) for kind in (BWRAP, BY_UID)}
        for kind, problem in hindrances.items():
            if not problem:
                return kind
        told = "; ".join(f"{kind}: {problem}" for kind, problem in hindrances.items())
        raise NoSuchRoom(f"there is no sandbox here for student code ({told}); {WAY_OUT}")
    if wanted not in KINDS:
        raise NoSuchRoom(f"--room {wanted}: there is no such room; it is auto, {', '.join(KINDS)}")
    if hindrance(wanted):
        raise NoSuchRoom(f"--room {wanted}: {hindrance(wanted)}")
    return wanted


@lru_cache
def hindrance(kind: str) -> str:
    """Why rooms of a kind are not to be had on this machine, or ""."""
    if kind == NONE:
        return ""
    if os.uname().sysname != "Linux":
        return "needs Linux"
    try:
        seccomp.prepare(without_network=True)
    except OSError as problem:
        return problem.strerror
    return _no_bwrap() if kind == BWRAP else _no_uid()


def _no_bwrap() -> str:
    """A wall within a wall is built, as grading builds them."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed; on Debian: apt-get install bubblewrap"
    inner = [*HOLDER, *([] if os.geteuid() == 0 else ["--unshare-user"]), "true"]
    tried = subprocess.run([*in_base_view(), *inner], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if tried.returncode:
        said = tried.stderr.strip().splitlines() or ["it says nothing"]
        return f"bubblewrap cannot make namespaces here: {said[-1]}"
    return ""


def _no_uid() -> str:
    if os.geteuid() != 0:
        return "needs to be run by root"
    closed = _closed_to_others(Path(sys.executable).resolve())
    if closed:
        return f"other users than root cannot reach this Python, which lies in {closed}"
    if not linux.landlock_version() and not _closed_to_others(COURSE.questions / "any"):
        tests = COURSE.questions
        return f"this kernel has no Landlock, and every user can read {tests}; as root: chmod 700 {tests}"
    return ""


def _closed_to_others(path: Path) -> Path | None:
    """The folder above `path` that users without any rights do not get into, or None."""
    return next((folder for folder in path.parents if not folder.stat().st_mode & 0o001), None)
