"""What a room may see of the machine, read-only: Python, an allowlist of packages, the course's library and data."""

import os
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from autograder.course import BARE, CHECKS, RoomNeeds

PACKAGES = ("notebook-course-checks", "ipykernel", "pyseccomp")
"""The distributions that every room has, with what they need."""

LEFT_OUT = {"debugpy"}
"""Required by a kernel's metadata, but a kernel works without them."""

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/localtime",
)

DEVICES = (
    *("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"),
    *(f"/proc/{name}" for name in ("self", "cpuinfo", "filesystems", "meminfo", "stat", "uptime")),
    *(f"/proc/sys/{name}" for name in ("kernel/osrelease", "kernel/pid_max", "kernel/random", "vm/overcommit_memory")),
)
"""For rooms by uid. Of /proc: the room's first process, and what honest code asks of the machine."""

LIBRARY = "/course/lib"
"""Where a room of the kind bwrap has the checks and the course's library, and data/ beside them."""

CODE = "/course/warm"
"""Where the template has its own code."""


@dataclass(frozen=True)
class View:
    """What is seen.

    Attributes:
        binds: (on the machine, in the room).
        links: symbolic links in the room, (target, path).
        empty: folders of the binds that nothing is seen of but what further binds put there.
        allowed: files and folders that are seen where they lie on the machine.
    """

    binds: tuple[tuple[Path, str], ...]
    links: tuple[tuple[str, str], ...]
    empty: tuple[Path, ...]
    allowed: tuple[Path, ...]

    def as_bwrap(self) -> list[str]:
        """As arguments of bwrap, in an order that works."""
        arguments = []
        for target, place in self.links:
            arguments += ["--symlink", target, place]
        for above in self._above():
            arguments += ["--perms", "0755", "--dir", above]
        for source, place in self.binds:
            arguments += ["--ro-bind", str(source), place]
        for folder in self.empty:
            arguments += ["--tmpfs", str(folder)]
        for source in self.allowed:
            arguments += ["--ro-bind", str(source), str(source)]
        return arguments

    def _above(self) -> list[str]:
        """The folders that the places of the binds are in: bwrap itself would make them for root alone."""
        above = {str(folder) for _, place in self.binds for folder in Path(place).parents}
        return sorted(above - {"/"} - {place for _, place in self.binds})

    def is_in(self, folder: str) -> bool:
        """Whether something that is seen lies in a folder."""
        return any(Path(place).is_relative_to(folder) for _, place in self.binds)

    def shows(self, secret: Path) -> bool:
        """Whether a file or folder of the machine lies in something that is seen."""
        if any(secret.is_relative_to(folder) for folder in self.empty):
            return any(secret.is_relative_to(one) for one in self.allowed)
        return any(secret.is_relative_to(source) for source, _ in self.binds)

    def as_paths(self) -> tuple[str, ...]:
        """As files and folders that may be read, for Landlock, which can only add to what may be read.

        All packages but our own are among them: what is there and may not be read, Python does not take for missing.
        """
        ours = [folder / "autograder" for folder in self.empty if (folder / "autograder").exists()]
        shown: list[Path] = []
        for source in (*(source for source, _ in self.binds), *self.empty):
            shown += _around(source, ours) if any(one.is_relative_to(source) for one in ours) else [source]
        return tuple(str(path) for path in (*shown, *map(Path, DEVICES)) if path.exists())


def _around(folder: Path, hidden: list[Path]) -> list[Path]:
    """All that is in `folder` but what is hidden."""
    found: list[Path] = []
    for path in folder.iterdir():
        if any(one.is_relative_to(path) for one in hidden):
            found += [] if path in hidden else _around(path, hidden)
        else:
            found.append(path)
    return found


@lru_cache
def view(needs: RoomNeeds = BARE) -> View:
    """What the rooms of a course see on this machine."""
    prefixes = list(dict.fromkeys(Path(prefix).resolve() for prefix in (sys.base_prefix, sys.prefix)))
    prefixes = [prefix for prefix in prefixes if not prefix.is_relative_to("/usr")]
    packages = package_folders()
    system = [Path(path) for path in SYSTEM]
    links = tuple((os.readlink(path), str(path)) for path in system if path.is_symlink())
    binds = [(path, str(path)) for path in system if path.is_dir() and not path.is_symlink()]
    binds += [(Path(path), path) for path in SETTINGS if Path(path).exists()]
    binds += [(prefix, str(prefix)) for prefix in prefixes]
    binds += [(folder, f"{LIBRARY}/{place}") for folder, place in ((CHECKS, "notebook_checks"), *needs.folders)]
    binds.append((Path(__file__).parent / "inside", f"{CODE}/inside"))
    return View(tuple(binds), links, tuple(packages), tuple(sorted(_files_of(PACKAGES + needs.packages, packages))))


def package_folders() -> list[Path]:
    """The folders that installed packages lie in."""
    folders = dict.fromkeys(Path(path).resolve() for path in sys.path)  # a .venv may be a link, or a folder in it
    return [path for path in folders if path.name in ("site-packages", "dist-packages") and path.is_dir()]


def _files_of(names: tuple[str, ...], folders: list[Path]) -> set[Path]:
    """The files and folders, in the folders of packages, that belong to some packages and to what these need."""
    files: set[Path] = set()
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in seen | LEFT_OUT:
            continue
        seen.add(name)
        parts, needs = _package(name)
        waiting += needs
        files |= {path for path in parts if path.parent in folders}
    return files


@lru_cache
def _package(name: str) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """A package's files and folders that lie side by side with other packages', and the packages that it needs."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return (), ()  # needed on other machines only
    paths = (Path(str(found.locate_file(top))) for top in _tops(found))
    paths = (path.parent.resolve() / path.name for path in paths)
    files = tuple(path for path in paths if path.name not in ("__pycache__", "..") and path.exists())
    return files, tuple(_needs(found))


def _tops(package: Distribution) -> set[str]:
    """The first parts of the paths of a package's files. Read as text where it can be: torch alone has ten thousand."""
    record = package.read_text("RECORD")
    if record is None:
        return {str(file).partition("/")[0] for file in package.files or ()}
    return set(re.findall(r'^"?([^/,"\n]+)', record, re.MULTILINE))


def _needs(package: Distribution) -> list[str]:
    requirements = [Requirement(text) for text in package.requires or ()]
    return [one.name for one in requirements if one.marker is None or one.marker.evaluate({"extra": ""})]
