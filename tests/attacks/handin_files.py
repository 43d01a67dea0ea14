"""What the make.py of attacks share: how the files of a hand-in are changed, and what an attacker knows."""

import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

NOTEBOOK = "2_compound_scaling.ipynb"


def known(folder: Path) -> dict[str, str]:
    """The marks of the run that a hand-in's folder belongs to: see planted.Marks."""
    path = next(parent / "marks.json" for parent in folder.parents if (parent / "marks.json").exists())
    return json.loads(path.read_text())


def pickled(folder: Path, name: str) -> bytes:
    """What runs code where it is unpickled: it touches a file outside, in the name of the attack called `name`."""
    marks = known(folder)
    return pickle.dumps(_Runs(f"touch {marks['outside']}/public/{marks['token']}-{name}"))


class _Runs:
    def __init__(self, command: str):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


def edit(folder: Path, change: Callable[[dict], None], name: str = NOTEBOOK) -> None:
    """Change a notebook's JSON by a function that works on it in place."""
    content = json.loads((folder / name).read_text())
    change(content)
    (folder / name).write_text(json.dumps(content))


def cell(content: dict, wanted: str) -> dict:
    """The cell with an id."""
    return next(one for one in content["cells"] if one["id"] == wanted)


def into_zip(folder: Path, *more: tuple[str | zipfile.ZipInfo, bytes], with_notebook: bool = True) -> None:
    """Put the notebook, and more entries, into a zip, which then is all that is handed in."""
    with zipfile.ZipFile(folder / "handin.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        if with_notebook:
            archive.write(folder / NOTEBOOK, NOTEBOOK)
        for entry, data in more:
            archive.writestr(entry, data)
    (folder / NOTEBOOK).unlink()
