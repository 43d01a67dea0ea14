"""Names that Windows, macOS and Linux all take, for entries of zips, and disks that cannot hold every student's."""

import os
import shutil
import tempfile
import unicodedata
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from autograder.errors import MachineTrouble, WrongCall

FORBIDDEN = frozenset('<>:"/\\|?*')
"""What no name may hold on Windows, beside control characters."""

DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³"}
)
"""Names that are devices on Windows, whatever ending follows."""

MAX_CHARACTERS = 100
"""Of a name. Windows takes 260 for a whole path."""


def portable(name: str) -> str:
    """A name of one file or folder that every system takes. Different names may become the same."""
    safe = "".join("_" if char in FORBIDDEN or not char.isprintable() else char for char in name)
    stem, dot, ending = safe.rpartition(".")
    if dot and len(ending) < MAX_CHARACTERS // 2:
        safe = f"{stem[: MAX_CHARACTERS - len(ending) - 1]}.{ending}"
    safe = safe[:MAX_CHARACTERS].rstrip(". ") or "_"
    return f"_{safe}" if safe.partition(".")[0].rstrip().upper() in DEVICES else safe


def from_here(path: Path) -> str:
    """A path as short as it can be named from the current folder."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


class NamesInZip:
    """Gives the entries of one zip names that every system takes, and that stay different where case does not count."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, path: str) -> str:
        """The name of an entry.

        Args:
            path: with / between folders; folders above the zip's own are left out.
        """
        parts = [portable(part) for part in PurePosixPath(path).parts if part not in ("..", "/")] or ["_"]
        stem, dot, ending = parts[-1].rpartition(".")
        name, number = "/".join(parts), 1
        while _alike(name) in self._taken:
            number += 1
            numbered = f"{stem} ({number}).{ending}" if stem and dot else f"{parts[-1]} ({number})"
            name = "/".join([*parts[:-1], numbered])
        self._taken.add(_alike(name))
        return name


def _alike(name: str) -> str:
    """The same for names that some disk takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def need_folders(place: Path, names: Collection[str]) -> None:
    """See to it that a disk can hold a folder of each name, and keeps them apart.

    Args:
        place: a folder on the disk. It is made if it is missing.
        names: of students.

    Raises:
        WrongCall: if it cannot: it would give one student the results of another.
        MachineTrouble: if nothing can be written there.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        tried = Path(tempfile.mkdtemp(prefix=".names-", dir=place))
    except OSError as problem:
        raise MachineTrouble(f"{place}: cannot be written to ({problem.strerror})") from None
    try:
        _need_each(place, tried, names)
    finally:
        shutil.rmtree(tried, ignore_errors=True)


def _need_each(place: Path, tried: Path, names: Collection[str]) -> None:
    for name in sorted(names):
        before = set(os.listdir(tried))
        try:
            (tried / name).mkdir()
        except FileExistsError:
            other = next((one for one in sorted(before) if _alike(one) == _alike(name)), "another student")
            raise WrongCall(
                f"{place}: this disk takes {name!r} and {other!r} for one name; put --out on another disk, or give "
                "them other ids in a roster"
            ) from None
        except OSError as problem:
            raise WrongCall(
                f"{place}: this disk cannot hold a folder {name!r} ({problem.strerror}); put --out on another disk, or "
                "give that student another id in a roster"
            ) from None
