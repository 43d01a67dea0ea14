"""What training made, handed in beside notebook 4: the only files of a student's, but for notebooks, that go further.

They are copied into a folder in which nothing else lies. The judge reads them there, and a room gets copies.
"""

import os
import shutil
import stat
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from autograder.intake.read import shown
from autograder.intake.rebuild import Rebuilt
from autograder.intake.unpack import MAX_DEPTH
from scalelab.handing_in import RECORD, TRAINED, WEIGHTS

NOTEBOOK, QUESTION = "4_cifar", "q3_3"
"""Where these files belong."""

MAX_PARAMETERS = 9_109_994
"""EfficientNet-B2's: what question q3_3 allows."""

MAX_BYTES = {WEIGHTS: 4 * MAX_PARAMETERS + 1_000_000, RECORD: 100_000}
"""Four bytes a parameter, and room for their names."""

MAX_NAMED = 5
"""So many files that are left out are named."""


def find_trained(folder: Path) -> tuple[Path, ...]:
    """All files of these names in a folder and below it, with what only claims to be one; no link is followed."""
    found = []
    for where, folders, files in os.walk(folder):
        deep = len(Path(where).relative_to(folder).parts) >= MAX_DEPTH
        folders[:] = [] if deep else [name for name in folders if not name.startswith((".", "__"))]
        found += [Path(where, name) for name in files if name in TRAINED]
    return tuple(sorted(found))


def with_trained(rebuilt: Rebuilt, files: Iterable[Path], beside: Path | None, folder: Path) -> Rebuilt:
    """The same hand-in with what training made, copied into `folder`, which is empty or not there yet.

    files: the candidates. beside: the folder of the notebook that is graded. Of several files, the one there is
    taken, else the newest. What is no regular file, or too large, is left out with a note.
    """
    submission = rebuilt.submission
    if submission.notebook != NOTEBOOK or submission.problem:
        return rebuilt
    notes: list[str] = []
    for name in TRAINED:
        usable, refused = _sift(name, files)
        notes += refused[:MAX_NAMED]
        if not usable:
            continue
        chosen = max(usable, key=lambda path: (path.parent == beside, path.stat().st_mtime, path))
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(chosen, folder / name, follow_symlinks=False)
        if len(usable) > 1:
            which = "beside the notebook" if chosen.parent == beside else "that is the newest"
            notes.append(f"{name} for {QUESTION} was handed in {len(usable)} times: the one {which} is judged")
    kept = folder if folder.is_dir() else None
    return Rebuilt(rebuilt.notebook, replace(submission, folder=kept, notes=(*submission.notes, *notes)))


def _sift(name: str, files: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """Those files of a name that can be taken, and a note for each other."""
    usable, notes = [], []
    for path in (path for path in files if path.name.endswith(name)):
        reason = _refusal(path, MAX_BYTES[name])
        if reason:
            notes.append(f"{shown(path.name)} for {QUESTION} {reason} and was left out")
        else:
            usable.append(path)
    return usable, notes


def _refusal(path: Path, most: int) -> str:
    """Why a file is left out, or ""."""
    try:
        found = path.lstat()
    except OSError:
        return "cannot be read"
    if not stat.S_ISREG(found.st_mode):
        return "is a symbolic link, or some other thing that is no file,"
    if found.st_size > most:
        return f"has {found.st_size / 1e6:.1f} MB, where {most / 1e6:.1f} MB are the limit,"
    return ""
