"""Finds the hand-ins of a class: in nbgrader's tree, in a flat folder, or in a zip from an LMS."""

import re
from dataclasses import dataclass
from pathlib import Path

from autograder.course import ASSIGNMENT
from autograder.intake.read import RawCell, Unreadable, read_notebook
from autograder.intake.rebuild import Rebuilt, likeness, rebuild, untouched
from autograder.intake.skeleton import Skeleton
from autograder.intake.unpack import unpack

ENOUGH = 0.25
"""A notebook that shares less than this with a notebook of the release is taken for none of them."""

IGNORED = {".ipynb_checkpoints", "__MACOSX", "__pycache__"}


class NothingHandedIn(Exception):
    """There is no hand-in where one was looked for. Its text is one line for whoever called."""


@dataclass(frozen=True)
class Handin:
    """What one student handed in. remarks: what was left out on the way here."""

    student: str
    notebooks: tuple[Path, ...]
    remarks: tuple[str, ...] = ()


def collect(place: Path, scratch: Path, names: tuple[str, ...]) -> list[Handin]:
    """Every student's hand-in found at `place`, sorted by student. Nothing there is ever changed.

    scratch: an empty folder for unpacking. names: the notebooks' names. Raises NothingHandedIn.
    """
    if not place.exists():
        raise NothingHandedIn(
            f"{place}: there is no such file or folder; name the one that holds the hand-ins"
        )
    if place.is_file():
        place = _unpack_class(place, scratch / "class")
    students = _students_of(place, scratch, names)
    if not students:
        raise NothingHandedIn(
            f"{place}: no notebooks here; expected <student>/{ASSIGNMENT}/*.ipynb, or a zip"
        )
    return [students[name] for name in sorted(students)]


def clean(handin: Handin, skeletons: dict[str, Skeleton]) -> dict[str, Rebuilt]:
    """Every notebook of the assignment for one student: rebuilt, or the release's with the reason why."""
    read = [_read(path) for path in handin.notebooks]
    claims: dict[str, list[_Read]] = {}
    strangers = []
    for one in read:
        name = _recognise(one, skeletons)
        (claims.setdefault(name, []) if name else strangers).append(one)
    made = {}
    for name, skeleton in skeletons.items():
        files = sorted(claims.get(name, []), key=lambda one: (one.problem == "", one.path.lstat().st_mtime))
        made[name] = _clean_one(handin, skeleton, files, strangers)
    return made


@dataclass(frozen=True)
class _Read:
    path: Path
    cells: tuple[RawCell, ...] = ()
    problem: str = ""


def _unpack_class(archive: Path, folder: Path) -> Path:
    try:
        unpack(archive, folder)
    except Unreadable as problem:
        raise NothingHandedIn(f"{archive} {problem}") from None
    inside = [path for path in folder.iterdir() if path.name not in IGNORED] if folder.exists() else []
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def _students_of(place: Path, scratch: Path, names: tuple[str, ...]) -> dict[str, Handin]:
    students = {}
    for entry in sorted(place.iterdir()):
        if entry.name in IGNORED or entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            found = _notebooks_below(entry)
            if found:
                students[entry.name] = Handin(entry.name, found)
        elif entry.suffix.lower() == ".zip":
            students[entry.stem] = _unpack_student(entry, scratch / "students" / entry.stem)
        elif entry.suffix == ".ipynb":
            student = _student_in(entry.stem, names) or place.resolve().name
            known = students.get(student, Handin(student, ()))
            students[student] = Handin(student, (*known.notebooks, entry), known.remarks)
    return students


def _notebooks_below(folder: Path) -> tuple[Path, ...]:
    found = (path for path in folder.rglob("*.ipynb") if not IGNORED & set(path.parts))
    return tuple(sorted(found))


def _unpack_student(archive: Path, folder: Path) -> Handin:
    try:
        remarks = unpack(archive, folder)
    except Unreadable as problem:
        return Handin(archive.stem, (), (f"{archive.name} {problem}",))
    return Handin(archive.stem, _notebooks_below(folder), tuple(remarks))


def _student_in(stem: str, names: tuple[str, ...]) -> str:
    """The student's part of a flat file name such as ada_1_intuition."""
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
        return _Read(path, problem=f"{path.name} {said}.")


def _recognise(one: _Read, skeletons: dict[str, Skeleton]) -> str | None:
    """Which notebook of the release a file is: by what is in it; by its name where that says nothing."""
    if not one.problem:
        shares = {name: likeness(list(one.cells), skeleton) for name, skeleton in skeletons.items()}
        best = max(shares, key=shares.get)
        if shares[best] >= ENOUGH:
            return best
    return next((name for name in skeletons if name in one.path.stem), None)


def _clean_one(handin: Handin, skeleton: Skeleton, files: list[_Read], strangers: list[_Read]) -> Rebuilt:
    if not files:
        unknown = [
            one.problem or f"{one.path.name} is not like any notebook of the release." for one in strangers
        ]
        reason = " ".join(["Not handed in.", *unknown, *handin.remarks])
        return untouched(skeleton, handin.student, reason, missing=True)
    chosen = files[-1]
    if chosen.problem:
        return untouched(skeleton, handin.student, chosen.problem)
    remarks = list(handin.remarks)
    if len(files) > 1:
        others = ", ".join(one.path.name for one in files[:-1])
        remarks.append(
            f"{chosen.path.name} and {others} both are {skeleton.name}: the newer, {chosen.path.name}, is graded"
        )
    if chosen.path.stem != skeleton.name:
        remarks.append(f"{chosen.path.name} was taken for {skeleton.name}.ipynb")
    return rebuild(list(chosen.cells), skeleton, handin.student, tuple(remarks))
