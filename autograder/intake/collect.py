"""Finds the hand-ins of a class: in nbgrader's tree, in a flat folder, or in a zip from an LMS."""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Attachment, Course
from autograder.course.skeleton import Skeleton, load_skeletons
from autograder.errors import NothingHandedIn
from autograder.intake.attachments import find_attachments, with_attachments
from autograder.intake.read import RawCell, Unreadable, read_notebook, shown
from autograder.intake.rebuild import Rebuilt, likeness, rebuild, untouched
from autograder.intake.unpack import MAX_DEPTH, unpack

ENOUGH = 0.25
"""A notebook that shares less than this with every notebook of the release matches none of them."""

MAX_BYTES = 500_000_000
"""One student's zip may unpack to so many bytes."""

MAX_NAMED = 5
"""How many other files a remark or a reason names."""

IGNORED = {"__MACOSX", "__pycache__"}


@dataclass(frozen=True)
class Handin:
    """What one student handed in. remarks: what was left out on the way here."""

    student: str
    notebooks: tuple[Path, ...]
    remarks: tuple[str, ...] = ()
    attachments: tuple[Path, ...] = ()


def collect(place: Path, scratch: Path, course: Course) -> list[Handin]:
    """Every student's hand-in found at `place`, sorted by student. Nothing there is ever changed.

    scratch: an empty folder for unpacking. Raises NothingHandedIn.
    """
    if not place.exists():
        raise NothingHandedIn(f"{place}: there is no such file or folder; name the one that holds the hand-ins")
    if not place.is_file() and not place.is_dir():
        raise NothingHandedIn(f"{place}: is no folder and no zip; name the one that holds the hand-ins")
    folder = _unpack_class(place, scratch / "class") if place.is_file() else place
    handins = _merge(_handins_in(folder, scratch / "students", course))
    if not any(one.notebooks or one.remarks for one in handins):
        raise NothingHandedIn(f"{place}: no notebooks here; expected <student>/{course.name}/*.ipynb, or a zip")
    return handins


def clean(handin: Handin, course: Course, scratch: Path | None = None) -> dict[str, Rebuilt]:
    """Every notebook of the assignment for one student: rebuilt, or the release's with the reason why.

    scratch: a folder to keep attachments in; without one they are left out.
    """
    skeletons = load_skeletons(course)
    claims: dict[str | None, list[_Read]] = {}
    for path in handin.notebooks:
        one = _read(path)
        claims.setdefault(_recognise(one, skeletons), []).append(one)
    strangers = claims.get(None, [])
    cleaned = {name: _clean_one(handin, one, claims.get(name, []), strangers) for name, one in skeletons.items()}
    if scratch is not None:
        for name in cleaned.keys() & claims.keys():
            attachments = course.attachments_of(name)
            if handin.attachments and attachments:
                chosen = _in_order(claims[name], skeletons[name])[-1]
                folder = Path(tempfile.mkdtemp(prefix="attached-", dir=scratch))
                files = handin.attachments
                cleaned[name] = with_attachments(cleaned[name], attachments, files, chosen.path.parent, folder)
    return cleaned


@dataclass(frozen=True)
class _Read:
    path: Path
    cells: tuple[RawCell, ...] = ()
    problem: str = ""

    @property
    def name(self) -> str:
        """The file's name, as messages show it."""
        return shown(self.path.name)


def _unpack_class(archive: Path, folder: Path) -> Path:
    try:
        unpack(archive, folder)
    except Unreadable as problem:
        raise NothingHandedIn(f"{archive} {problem}") from None
    folder.mkdir(parents=True, exist_ok=True)
    inside = [path for path in folder.iterdir() if not _is_ignored(path.name)]
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def _handins_in(place: Path, scratch: Path, course: Course) -> Iterator[Handin]:
    """What lies in a class's folder, entry by entry: a student may own several."""
    entries = sorted(path for path in place.iterdir() if not _is_ignored(path.name))
    flat = any(entry.suffix == ".ipynb" for entry in entries)
    attached = tuple(one.name for one in course.attachments)
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            found = _handin_below(entry, scratch / entry.name, course.attachments)
            if found.notebooks or found.remarks or not flat:  # beside notebooks lie folders like tests/
                yield found
        elif entry.suffix.lower() == ".zip":
            yield _unpack_student(_written(entry.stem), entry, scratch / entry.name, course.attachments)
        elif entry.suffix == ".ipynb":
            yield Handin(_written(_student_in(entry.stem, course.notebooks) or place.resolve().name), (entry,))
        elif flat and attached and entry.name.endswith(attached):
            yield Handin(_written(_student_in(entry.name, attached) or place.resolve().name), (), (), (entry,))


def _merge(handins: Iterable[Handin]) -> list[Handin]:
    """One hand-in a student, sorted by student."""
    students: dict[str, Handin] = {}
    for one in handins:
        known = students.get(one.student, Handin(one.student, ()))
        students[one.student] = Handin(
            one.student,
            known.notebooks + one.notebooks,
            known.remarks + one.remarks,
            known.attachments + one.attachments,
        )
    return [students[name] for name in sorted(students)]


def _is_ignored(name: str) -> bool:
    """Whether it is what programs leave behind: nobody hands in a hidden file knowingly."""
    return name in IGNORED or name.startswith(".")


def _written(name: str) -> str:
    """A student's name of characters that can be written to a file; different names stay different."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _handin_below(folder: Path, scratch: Path, attachments: tuple[Attachment, ...]) -> Handin:
    """What one student's folder holds: notebooks, or else zips that may hold them."""
    student = _written(folder.name)
    notebooks, attached = _files_below(folder, ".ipynb"), find_attachments(folder, attachments)
    if notebooks:
        return Handin(student, notebooks, (), attached)
    zips = _files_below(folder, ".zip")
    unpacked = [_unpack_student(student, path, scratch / str(i), attachments) for i, path in enumerate(zips)]
    return _merge([Handin(student, (), (), attached), *unpacked])[0]


def _files_below(folder: Path, ending: str) -> tuple[Path, ...]:
    """All files of a kind in a folder and below it, symbolic links to files among them; none is followed."""
    found = []
    for where, folders, files in os.walk(folder):
        deep = len(Path(where).relative_to(folder).parts) >= MAX_DEPTH
        folders[:] = [name for name in folders if not deep and not _is_ignored(name)]
        found += [Path(where, name) for name in files if name.endswith(ending) and not _is_ignored(name)]
    return tuple(sorted(found))


def _unpack_student(student: str, archive: Path, folder: Path, attachments: tuple[Attachment, ...]) -> Handin:
    try:
        if archive.is_symlink():
            raise Unreadable("is a symbolic link; hand in the file itself")
        remarks = unpack(archive, folder, MAX_BYTES)
    except Unreadable as problem:
        return Handin(student, (), (f"{shown(archive.name)} {problem}",))
    return Handin(student, _files_below(folder, ".ipynb"), tuple(remarks), find_attachments(folder, attachments))


def _student_in(stem: str, names: tuple[str, ...]) -> str:
    """The student's part of a flat file name such as ada_1_averages."""
    for name in names:
        match = re.match(rf"(.+?)[-_ ]+{re.escape(name)}", stem)
        if match:
            return match[1]
    return ""


def _read(path: Path) -> _Read:
    try:
        return _Read(path, tuple(read_notebook(path)))
    except (Unreadable, OSError) as problem:
        said = problem if isinstance(problem, Unreadable) else f"cannot be read ({problem.strerror})"
        return _Read(path, problem=f"{shown(path.name)} {said}.")


def _recognise(one: _Read, skeletons: dict[str, Skeleton]) -> str | None:
    """Which notebook of the release a file is: by what is in it; by its name where that says nothing."""
    if not one.problem:
        shares = {name: likeness(list(one.cells), skeleton) for name, skeleton in skeletons.items()}
        best = max(shares, key=shares.__getitem__)
        if shares[best] >= ENOUGH:
            return best
    return next((name for name in skeletons if name in one.path.stem), None)


def _clean_one(handin: Handin, skeleton: Skeleton, files: list[_Read], strangers: list[_Read]) -> Rebuilt:
    if not files:
        unknown = [one.problem or f"{one.name} is not like any notebook of the release." for one in strangers]
        reason = " ".join(["Not handed in.", *unknown[:MAX_NAMED], *handin.remarks])
        return untouched(skeleton, handin.student, reason, missing=True)
    files = _in_order(files, skeleton)
    chosen, others = files[-1], files[-1 - MAX_NAMED : -1]
    if chosen.problem:
        return untouched(skeleton, handin.student, chosen.problem)
    if not likeness(list(chosen.cells), skeleton):
        return untouched(skeleton, handin.student, f"{chosen.name} holds no cell of the release's {skeleton.name}.")
    remarks = list(handin.remarks)
    remarks += [f"{one.problem[:-1]}; {chosen.name} is graded" for one in others if one.problem]
    older = ", ".join(one.name for one in others if not one.problem)
    if older:
        remarks.append(f"{chosen.name} and {older} both are {skeleton.name}: the newer, {chosen.name}, is graded")
    if chosen.path.stem != skeleton.name:
        remarks.append(f"{chosen.name} was taken for {skeleton.name}.ipynb")
    return rebuild(list(chosen.cells), skeleton, handin.student, tuple(remarks))


def _in_order(files: list[_Read], skeleton: Skeleton) -> list[_Read]:
    """Files that claim to be the same notebook, the one to grade last: readable, the newest, with the right name."""
    return sorted(files, key=lambda one: (one.problem == "", one.path.lstat().st_mtime, one.path.stem == skeleton.name))
