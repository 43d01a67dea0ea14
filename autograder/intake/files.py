"""Which of a hand-in's files is what: a notebook, an archive, an attachment, what programs leave behind, or another."""

import os
import re
from functools import lru_cache
from pathlib import Path

from autograder.course import Course
from autograder.course.settings import PACKED
from autograder.intake.attachment_names import ends_as, is_named
from autograder.intake.causes import (
    EMPTY,
    ENDINGS,
    HEAD,
    OPENED,
    WHAT,
    ending_of,
    kind_of,
    kind_of_bytes,
)

LEFTOVERS = frozenset(
    {
        *("__MACOSX", "__pycache__", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini", ".OTTER_LOG"),
        "timestamp.txt",
        *(".git", ".gitignore", ".idea", ".vscode", ".venv", ".cache", ".config", ".local", ".jupyter", ".ipython"),
        *(".Trash", ".Trashes", ".Spotlight-V100", ".fseventsd", ".pytest_cache", ".ruff_cache", ".virtual_documents"),
        *(".gitattributes", ".gitkeep", ".python-version", ".conda", ".npm", ".keras", ".nv", ".ssh", ".mypy_cache"),
        *(".bashrc", ".bash_history", ".profile", ".python_history", ".Rhistory", ".RData", ".localized", ".vs"),
    }
)
"""What programs leave behind: nobody hands these in knowingly."""

README = "README.md"
FILLED_IN = frozenset({"environment.yml", "constraints.txt"})
"""Files of the release whose text depends on the versions that it was made with."""

NOTEBOOK, ARCHIVE, ATTACHMENT, RELEASED, OTHER = "notebook", "archive", "attachment", "released", "other"

UNSURE = frozenset({"", "json", "txt", "text", "download", "crdownload", "part", "tmp", "bak", "old", "orig"})
"""Endings behind which a notebook may be, which what is in the file then shows."""

CELLS = re.compile(
    rb'"\0?(?:c\0?e\0?l\0?l\0?s|n\0?b\0?f\0?o\0?r\0?m\0?a\0?t|w\0?o\0?r\0?k\0?s\0?h\0?e\0?e\0?t\0?s)\0?"'
)
"""A word that stands in each notebook, in UTF-8 or in UTF-16."""

OBJECT = re.compile(rb"(?:(?:\xef\xbb\xbf)+|\xff\xfe|\xfe\xff)?[\0\s]*\{")
"""How a JSON object begins, in the same encodings."""

COPY_OF = re.compile(r"^(?:copy of|copia d[ei]|copie de|kopie von|kopia|kopi av)[-_ ]+", re.IGNORECASE)
"""What drives put before the name of a copy."""


def is_leftover(name: str) -> bool:
    """Whether a file or folder of this name is left behind by a program."""
    return name in LEFTOVERS or name.startswith(("._", "~$", ".nfs", ".~lock", ".Trash-"))


def sort_of(path: Path, course: Course, flat: bool = False) -> tuple[str, str]:
    """What a regular file of a hand-in is.

    Args:
        path: the file.
        course: whose attachments and release are known.
        flat: whether the name of an attachment may have more before it.

    Returns:
        NOTEBOOK, ARCHIVE, ATTACHMENT, RELEASED or OTHER, and for OTHER the kind that `causes` has for it, or "".
    """
    name = path.name
    if any((ends_as if flat else is_named)(name, one.name) for one in course.attachments):
        return ATTACHMENT, ""
    if ".ipynb" not in name.lower() and _is_released(path, course):
        return RELEASED, ""
    ending = ending_of(name)
    head = head_of(path)
    if OBJECT.match(head) and CELLS.search(head + tail_of(path)):
        return NOTEBOOK, ""  # whatever its name says
    told, named = kind_of_bytes(head), ENDINGS.get(ending, "")
    if not head and named not in OPENED and kind_of(name, head) == EMPTY and path.stat().st_size == 0:
        return OTHER, EMPTY
    if told in OPENED and (ending in UNSURE or PACKED.search(name)):
        return ARCHIVE, ""
    if ".ipynb" in name.lower():
        kind = told or (named if ending != "ipynb" else "")
        if kind in OPENED:
            return ARCHIVE, ""
        return (OTHER, kind) if kind in WHAT and ending != "ipynb" else (NOTEBOOK, "")
    if named in OPENED:
        return (NOTEBOOK if not told and CELLS.search(head) else ARCHIVE), ""
    if ending in UNSURE:
        if CELLS.search(head + tail_of(path)):
            return NOTEBOOK, ""
        return OTHER, kind_of(name, head)
    return OTHER, named


def without_ending(name: str) -> str:
    """A hand-in's name without all that says of which type it is."""
    if packed := PACKED.search(name):
        return name[: packed.start()] or name
    return os.path.splitext(name)[0]


def student_in(name: str, known: tuple[str, ...]) -> str:
    """The student's part of a flat file name such as ada_1_averages.ipynb, or "".

    Args:
        name: the file's name.
        known: what follows the student's part: the names of notebooks, attachments and the assignment.
    """
    bare = COPY_OF.sub("", name)
    found = (re.match(rf"(.+?)[-_ ]+{re.escape(one)}", bare, re.IGNORECASE | re.DOTALL) for one in known)
    return min((match[1] for match in found if match), key=len, default="")


def names_no_student(name: str, known: tuple[str, ...]) -> bool:
    """Whether a flat file's name begins with a notebook's or the assignment's, where a student's would stand.

    Args:
        name: the file's, in any case of letters, without a folder.
        known: the names of the course's notebooks and of the assignment.
    """
    bare = COPY_OF.sub("", name).lower()
    return any(bare.startswith(one.lower()) for one in known)


def head_of(path: Path) -> bytes:
    """The first bytes of a file, or none where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def tail_of(path: Path) -> bytes:
    """The last bytes of a file, or none where it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(-min(HEAD, path.stat().st_size), os.SEEK_END)
            return file.read(HEAD)
    except OSError:
        return b""


def _is_released(path: Path, course: Course) -> bool:
    """Whether a file is one of those that students were given, unchanged as far as its size tells."""
    if path.suffix == ".whl" or path.name in FILLED_IN:
        return True
    if path.name == README:
        return head_of(path).removeprefix(b"\xef\xbb\xbf").startswith(_title_of_readme(course))
    try:
        return (path.name, path.stat().st_size) in _released(course)
    except OSError:
        return False


@lru_cache
def _title_of_readme(course: Course) -> bytes:
    """The first line of the README that students were given."""
    own = course.settings.students.readme
    line = head_of(course.folder / own).split(b"\n", 1)[0].strip() if own else b""
    return (line or b"# {title}").replace(b"{title}", course.title.encode())


@lru_cache
def _released(course: Course) -> frozenset[tuple[str, int]]:
    """The names and sizes of all files that students were given, but for notebooks."""
    folders = [course.release, *course.data]
    files = [Path(where, name) for folder in folders for where, _, names in os.walk(folder) for name in names]
    return frozenset((path.name, path.stat().st_size) for path in files if path.suffix != ".ipynb")
