"""Sorts what one student handed in: every file is read, or is named in a remark that says what to do."""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.course import Course
from autograder.intake.attachment_names import is_named
from autograder.intake.causes import OTHER_ARCHIVE, PICTURE, POINTER, RAR, SCRIPT, SEVEN_ZIP, SHORTCUT, WHAT
from autograder.intake.files import ARCHIVE, ATTACHMENT, NOTEBOOK, RELEASED, is_leftover, sort_of
from autograder.intake.owners import Origin
from autograder.intake.read import MAX_BYTES as MAX_READ
from autograder.intake.read import shown
from autograder.intake.sketches import Sketch, Sketches, whole
from autograder.intake.unpack import MAX_DEPTH, Budget, look_through
from autograder.intake.unreadable import Unreadable

MAX_BYTES = 500_000_000
MAX_FILES = 20_000
"""All that one student's archives hold, of all attempts together: so many bytes, and so many files."""

MAX_NOTEBOOKS = 60
MAX_NOTEBOOK_BYTES = 500_000_000
"""So many notebooks of one student are read, and so many bytes of them."""

MAX_LEVELS = 2
"""An archive in an archive is opened, and one that lies in that is named."""

MAX_BESIDE = 200
"""So many files are looked for in the sources of answers."""

MAX_NAMED = 20
MAX_NAMES = 700
"""So many remarks are made, and so many characters of names stand in one that names several files."""

ALONE = frozenset({RAR, SEVEN_ZIP, OTHER_ARCHIVE, SHORTCUT, POINTER})
"""Kinds of files that may stand for a student's whole work: each is named with what to do, whatever else is there."""


@dataclass(frozen=True)
class Handin:
    """What one student handed in.

    student: who. notebooks and attachments: the files that are read. remarks: what was left out, why, and what to do, a
    line each. beside: the files among these that code could have read: modules and data of the student's own.
    origin: whose it is, and when it was handed in. earlier: other attempts, the newest first. sketches: those of these
    files whose content is still in an archive; see `unpacked`. replaced: notebooks that the student handed in once more
    under the same name.
    """

    student: str
    notebooks: tuple[Path, ...]
    remarks: tuple[str, ...] = ()
    attachments: tuple[Path, ...] = ()
    beside: tuple[Path, ...] = ()
    origin: Origin = field(default_factory=Origin)
    earlier: tuple["Handin", ...] = ()
    sketches: tuple[Sketch, ...] = ()
    replaced: frozenset[Path] = frozenset()


@contextmanager
def unpacked(handin: Handin) -> Iterator[Handin]:
    """A context in which a hand-in's files have their contents: its student's turn has come.

    Yields:
        The hand-in, without files that turn out to be damaged, which a remark names.
    """
    with whole(handin.sketches) as lost:
        yield replace(
            handin,
            notebooks=tuple(path for path in handin.notebooks if path not in lost),
            attachments=tuple(path for path in handin.attachments if path not in lost),
            remarks=handin.remarks + tuple(list(lost.values())[:MAX_NAMED]),
            sketches=(),
        )


class Gatherer:
    """Takes the files and folders of one student one by one, opens their archives, and gives the hand-in.

    Args:
        student: whose they are.
        course: whose attachments are known.
        scratch: a folder of this student's own, which need not exist yet, to look through archives in.
        sketches: those of the class.
        budget: what the student's archives may hold: MAX_BYTES and MAX_FILES.
    """

    def __init__(
        self,
        student: str,
        course: Course,
        scratch: Path,
        sketches: Sketches | None = None,
        budget: Budget | None = None,
    ):
        self.student = student
        self._course = course
        self._scratch = scratch
        self._sketches = Sketches(scratch / "packed-anew") if sketches is None else sketches
        self._budget = Budget(MAX_BYTES, MAX_FILES) if budget is None else budget
        self._unpacked = 0
        self._notebooks: list[Path] = []
        self._bytes = 0
        self._attachments: list[Path] = []
        self._others: list[tuple[Path, str]] = []
        self._dotted: list[str] = []
        self._programs: list[str] = []
        self._unread: list[str] = []
        self._remarks: list[str] = []

    def add_folder(self, folder: Path, level: int = 0) -> None:
        """Take everything in a folder and below it. No link is followed.

        Args:
            folder: where.
            level: in how many archives it lies.
        """
        for where, folders, files in os.walk(folder, onerror=self._remark_unread):
            deep = len(Path(where).relative_to(folder).parts) >= MAX_DEPTH
            folders[:] = [name for name in sorted(folders) if self._enters(Path(where, name), deep)]
            for name in sorted(files):
                if not is_leftover(name):
                    self.add_file(Path(where, name), level)

    def add_file(self, path: Path, level: int = 0, flat: bool = False) -> None:
        """Take one file.

        Args:
            path: which.
            level: in how many archives it lies.
            flat: whether its name begins with the student's.
        """
        if not _is_regular(path):
            self._add_odd(path)
            return
        self._remarks += self._sketches.said_of(path)
        if self._sketches.is_lost(path):
            return
        sort, kind = sort_of(path, self._course, flat)
        if sort == NOTEBOOK:
            if self._may_be_unpacked(path, level):
                self._add_notebook(path)
        elif sort == ATTACHMENT:
            if self._may_be_unpacked(path, level):
                self._attachments.append(path)
        elif sort == ARCHIVE:
            if self._may_be_unpacked(path, level):
                self._open(path, level)
        elif sort != RELEASED:
            self._others.append((path, kind))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found that is read, or that may stand for a student's work."""
        work = [kind for _, kind in self._others if kind in WHAT and kind not in {SCRIPT, PICTURE}]
        return not (self._notebooks or self._attachments or self._remarks or self._unread or work)

    def handin(self) -> Handin:
        """What came of it."""
        remarks = self._remarks + self._told_of_others()
        if closed := self._dotted + (self._programs if not self._notebooks else []):
            remarks.append(
                f"{listed(closed)}: folders that are a program's own, or begin with a dot, are not looked into; "
                "hand in the notebooks themselves"
            )
        if self._unread:
            remarks.append(
                f"not read, as there are more than {MAX_NOTEBOOKS} notebooks, or more than "
                f"{MAX_NOTEBOOK_BYTES / 1e6:.0f} MB of them: {listed(self._unread)}; hand in fewer"
            )
        if len(remarks) > MAX_NAMED:
            remarks[MAX_NAMED:] = [f"{len(remarks) - MAX_NAMED} more were left out"]
        return Handin(
            self.student,
            tuple(self._notebooks),
            tuple(remarks),
            tuple(self._attachments),
            tuple(path for path, _ in self._others[:MAX_BESIDE]),
            sketches=tuple(self._sketches_to_fill()),
        )

    def _sketches_to_fill(self) -> Iterator[Sketch]:
        """Those of files that are read. A notebook that is too large is refused by its size."""
        for path in (*self._notebooks, *self._attachments):
            sketch = self._sketches.of(path)
            if sketch is not None and (path in self._attachments or path.lstat().st_size <= MAX_READ):
                yield sketch

    def _may_be_unpacked(self, path: Path, level: int) -> bool:
        """Whether a file of a class's archive is within what the student's archives may hold; a remark says if not.

        What lies in the student's own archives was counted when these were looked through.
        """
        if level == 0 and self._sketches.of(path) is not None:
            try:
                self._budget.take(path.lstat().st_size)
            except Unreadable as problem:
                self._remarks.append(f"{shown(path.name)} {problem}")
                return False
        return True

    def _enters(self, folder: Path, deep: bool) -> bool:
        """Whether a folder is looked into. One that is not, and is no program's own, is named."""
        name = folder.name
        if is_leftover(name) or name.startswith("."):
            (self._programs if is_leftover(name) else self._dotted).append(name)
            return False
        if folder.is_symlink():
            self._remarks.append(f"{shown(name)} is a symbolic link; hand in the folder itself")
        elif deep:
            self._remarks.append(f"{shown(name)} lies too deep in other folders, and was left out")
        return not deep and not folder.is_symlink()

    def _remark_unread(self, problem: OSError) -> None:
        name = shown(Path(str(problem.filename)).name)
        self._remarks.append(f"{name} cannot be read by the grader ({problem.strerror}); tell your instructor")

    def _add_odd(self, path: Path) -> None:
        """A link or pipe: what reads notebooks and attachments says of these why they are not read."""
        if any(is_named(path.name, one.name) for one in self._course.attachments):
            self._attachments.append(path)
        elif ".ipynb" in path.name.lower():
            self._notebooks.append(path)
        else:
            what = "a symbolic link; hand in the file itself" if path.is_symlink() else "no file"
            self._remarks.append(f"{shown(path.name)} is {what}")

    def _add_notebook(self, path: Path) -> None:
        size = path.stat().st_size
        if len(self._notebooks) >= MAX_NOTEBOOKS or self._bytes + size > MAX_NOTEBOOK_BYTES:
            self._unread.append(path.name)
            return
        self._bytes += size
        self._notebooks.append(path)

    def _open(self, archive: Path, level: int) -> None:
        if level >= MAX_LEVELS:
            self._remarks.append(f"{shown(archive.name)} lies in an archive in an archive; hand in one zip")
            return
        self._unpacked += 1
        target = self._scratch / str(self._unpacked) / archive.name
        try:
            self._remarks += look_through(archive, target, self._sketches, self._budget)
        except Unreadable as problem:
            self._remarks.append(f"{shown(archive.name)} {problem}")
            return
        if target.is_dir():
            before = len(self._notebooks) + len(self._attachments) + len(self._remarks) + len(self._others)
            self.add_folder(target, level + 1)
            after = len(self._notebooks) + len(self._attachments) + len(self._remarks) + len(self._others)
        if not target.is_dir() or before == after:
            self._remarks.append(
                f"{shown(archive.name)} holds no notebook that can be read; hand in the notebooks themselves"
            )

    def _told_of_others(self) -> list[str]:
        """What is said of files that nobody reads."""
        told, plain = [], []
        for path, kind in self._others:
            if kind in ALONE or (kind in WHAT and not self._notebooks):
                told.append(f"{shown(path.name)} {WHAT[kind]}")
            else:
                plain.append(path.name)
        if plain:
            read = "".join(f", {one.name}" for one in self._course.attachments)
            were = "was" if len(set(plain)) == 1 else "were"
            told.append(f"{listed(plain)} {were} left out: only notebooks{read} and archives of them are read")
        return told


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def listed(names: Iterable[str]) -> str:
    """Names of files, in one line that is not too long."""
    told: list[str] = []
    rest = list(dict.fromkeys(names))
    while rest and (not told or sum(map(len, told)) + len(rest[0]) <= MAX_NAMES):
        told.append(shown(rest.pop(0)))
    return ", ".join(told) + (f" and {len(rest)} more" if rest else "")
