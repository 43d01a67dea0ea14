"""Attachments: the only files of a student's, besides notebooks, that go any further. course.toml names them.

They are copied into a folder in which nothing else lies. The judge reads them there, and a room gets copies.
"""

import os
import shutil
import stat
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.course import Attachment
from autograder.intake.attachment_names import ends_as, is_named
from autograder.intake.read import shown
from autograder.intake.rebuild import Rebuilt
from autograder.intake.unpack import MAX_DEPTH

MAX_NAMED = 5
"""How many of the files that are left out are named."""


def find_attachments(folder: Path, attachments: Iterable[Attachment]) -> tuple[Path, ...]:
    """All files with the names of attachments in a folder and below it, links among them; no link is followed.

    Args:
        folder: a student's own. Folders in it that are hidden, or lie more than MAX_DEPTH deep, are skipped.
        attachments: those of the course.
    """
    names = [one.name for one in attachments]
    found = []
    for where, folders, files in os.walk(folder):
        deep = len(Path(where).relative_to(folder).parts) >= MAX_DEPTH
        folders[:] = [] if deep else [name for name in folders if not name.startswith((".", "__"))]
        found += [Path(where, name) for name in files if any(is_named(name, one) for one in names)]
    return tuple(sorted(found))


def with_attachments(
    rebuilt: Rebuilt, attachments: Iterable[Attachment], files: Sequence[Path], beside: Path | None, folder: Path
) -> Rebuilt:
    """The same hand-in with its attachments, copied into `folder`, which is empty or does not exist yet.

    Args:
        rebuilt: the notebook that was handed in.
        attachments: those that belong to this notebook.
        files: the candidates.
        beside: the folder of the notebook that is graded. A file there is preferred to others, then the newest.
        folder: where the copies go.

    Returns:
        The hand-in with a note for each file that was left out: what is no regular file, or too large.
    """
    if rebuilt.submission.problem:
        return rebuilt
    notes: list[str] = []
    for one in attachments:
        usable, refused = _sift(one, files)
        notes += refused[:MAX_NAMED]
        if not usable:
            continue
        chosen = max(
            usable, key=lambda path: (path.parent == beside, path.stat().st_mtime, path.name == one.name, path)
        )
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(chosen, folder / one.name, follow_symlinks=False)
        if len(usable) > 1:
            which = "beside the notebook" if chosen.parent == beside else "that is the newest"
            notes.append(f"{one.name} for {one.question} was handed in {len(usable)} times: the one {which} is judged")
    kept = folder if folder.is_dir() else None
    submission = rebuilt.submission
    return Rebuilt(rebuilt.notebook, replace(submission, folder=kept, notes=(*submission.notes, *notes)))


def _sift(attachment: Attachment, files: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """The files that can be taken for an attachment, and a note for each of its name that cannot."""
    usable, notes = [], []
    for path in (path for path in files if ends_as(path.name, attachment.name)):
        reason = _refusal(path, attachment.max_bytes)
        if reason:
            notes.append(f"{shown(path.name)} for {attachment.question} {reason} and was left out")
        else:
            usable.append(path)
    return usable, notes


def _refusal(path: Path, max_bytes: int) -> str:
    """Why a file is left out, or ""."""
    try:
        found = path.lstat()
    except OSError:
        return "cannot be read"
    if not stat.S_ISREG(found.st_mode):
        return "is a symbolic link, or some other thing that is no file,"
    if found.st_size > max_bytes:
        return f"has {found.st_size / 1e6:.1f} MB, where {max_bytes / 1e6:.1f} MB are the limit,"
    return ""
