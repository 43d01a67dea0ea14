"""A virtual environment with what some wheels need, linked from the one that runs the tests: pip would take a minute.

It has what pip would install, and nothing else: the distributions that the wheels name, what those name, and so on.
What nobody names is missing there, even if it is installed here.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from email.parser import Parser
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def make_environment(folder: Path, wheels: list[Path]) -> None:
    """Make it in `folder`, and install the wheels into it.

    Raises:
        PackageNotFoundError: if the wheels need something that is not installed here.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = next((folder / "lib").glob("python*/site-packages"))
    for one in _needed_by(wheels):
        _link(one, packages)
    pip = [sys.executable, "-m", "pip", f"--python={folder}", "--quiet"]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", *wheels], check=True, timeout=120)
    subprocess.run([*pip, "check"], check=True, timeout=120)


def _needed_by(wheels: list[Path]) -> Iterable[Distribution]:
    metadata = [_metadata_of(wheel) for wheel in wheels]
    own = {canonicalize_name(one["Name"]) for one in metadata}
    found: dict[tuple[str, frozenset[str]], Distribution] = {}
    waiting = [(frozenset[str](), text) for one in metadata for text in one.get_all("Requires-Dist", [])]
    while waiting:
        extras, text = waiting.pop()
        needed = Requirement(text)
        key = (canonicalize_name(needed.name), frozenset(needed.extras))
        wanted = needed.marker is None or any(needed.marker.evaluate({"extra": one}) for one in ("", *extras))
        if wanted and key[0] not in own and key not in found:
            found[key] = distribution(needed.name)
            waiting += [(key[1], more) for more in found[key].requires or ()]
    return {name: one for (name, _), one in found.items()}.values()


def _metadata_of(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode())


def _link(one: Distribution, packages: Path) -> None:
    """Every file of a distribution but its commands, whose first line names the Python of this environment."""
    for file in one.files or ():
        there = Path(os.path.normpath(packages / file))
        if (packages.parents[2] / "bin") not in there.parents and not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            here = Path(one.locate_file(file))
            try:
                os.link(here, there)
            except FileNotFoundError:  # compiled files that were not written
                continue
            except OSError:  # another file system
                shutil.copyfile(here, there)
