"""Which kinds of room this machine allows, and which one is taken if nobody names one."""

import os
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from autograder.course import BARE, RoomNeeds
from autograder.errors import NoSuchRoom
from autograder.room.inside import linux, seccomp
from autograder.room.inside.plan import BWRAP, BY_UID, HOLDER, KINDS, NONE
from autograder.room.place import in_base_view
from autograder.room.visible_files import view

WAY_OUT = "'--room none' grades without a wall, and trusts student code with this machine"


def pick_kind(wanted: str = "auto", needs: RoomNeeds = BARE, secrets: tuple[Path, ...] = ()) -> str:
    """The kind of room to grade in: the one that is wanted, or the best one that has walls.

    Args:
        wanted: a kind, or "auto".
        needs: of the course that is graded. Its secrets must stay hidden.
        secrets: further files and folders that no room may see.

    Raises:
        NoSuchRoom: if the machine has no such room, or one would see a secret. Nothing is graded without walls unless
            somebody says so.
    """

    def hindrance_of(kind: str) -> str:
        return hindrance(kind) or exposure(kind, needs, secrets)

    if wanted == "auto":
        hindrances = {kind: hindrance_of(kind) for kind in (BWRAP, BY_UID)}
        for kind, problem in hindrances.items():
            if not problem:
                return kind
        told = "; ".join(f"{kind}: {problem}" for kind, problem in hindrances.items())
        raise NoSuchRoom(f"there is no sandbox here for student code ({told}); {WAY_OUT}")
    if wanted not in KINDS:
        raise NoSuchRoom(f"--room {wanted}: there is no such room; it is auto, {', '.join(KINDS)}")
    if problem := hindrance_of(wanted):
        raise NoSuchRoom(f"--room {wanted}: {problem}")
    return wanted


def exposure(kind: str, needs: RoomNeeds, secrets: tuple[Path, ...] = ()) -> str:
    """Which secret rooms of a kind would see on this machine, as a reason to refuse; "" if none.

    Args:
        kind: one of KINDS. Rooms of the kind NONE see everything, which whoever asks for them knows.
        needs: of the course: what its rooms see, and its own secrets.
        secrets: further files and folders that no room may see; they need not exist yet.
    """
    if kind == NONE:
        return ""
    unguarded = kind == BY_UID and not linux.landlock_version()
    for secret in (one.resolve() for one in (*needs.secrets, *secrets)):
        if view(needs).shows(secret):
            return f"{secret} would be visible to student code, as it lies in what rooms see; move it elsewhere"
        if unguarded and not _closed_to_others(secret / "any"):
            return f"this kernel has no Landlock, and every user can read {secret}; as root: chmod 700 {secret}"
    return ""


@lru_cache
def hindrance(kind: str) -> str:
    """Why rooms of a kind are not available on this machine, or ""."""
    if kind == NONE:
        return ""
    if os.uname().sysname != "Linux":
        return "needs Linux"
    try:
        seccomp.prepare(without_network=True)
    except OSError as problem:
        return problem.strerror or str(problem)
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
    return ""


def _closed_to_others(path: Path) -> Path | None:
    """The folder above `path` that users without any rights do not get into, or None."""
    existing = (folder for folder in path.parents if folder.exists())  # what is not made yet is not readable either
    return next((folder for folder in existing if not folder.stat().st_mode & 0o001), None)
