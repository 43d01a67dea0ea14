"""Whether the folders of a class are students': in an unknown layout they may be sections, weeks or groups."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.errors import NothingHandedIn
from autograder.intake.files import is_leftover, names_no_student, student_in
from autograder.intake.folder_names import is_general, is_workplace
from autograder.intake.read import shown

MAX_NAMED = 3
"""So many folders are named as examples."""


@dataclass(frozen=True)
class _Folder:
    """A folder of a class. own: the students' parts of the names of files in it. folders: those in it that hold work.

    notebooks: for each of these folders, the names of notebooks and zips in it and below.
    """

    path: Path
    own: frozenset[str]
    notebooks: dict[str, frozenset[str]]


def need_students(folder: Path, place: Path, course: Course, is_known: Callable[[str], bool]) -> None:
    """See to it that the folders in a class's folder can be students'.

    They cannot if none holds work of its own, or is laid out as nbgrader does it, and one looks like several students:
    by its name, or as folders in it hold the same notebook, or as its files have different names before the notebook's.

    Args:
        folder: holds the students.
        place: what was asked for, as the error names it.
        course: whose notebooks are looked for.
        is_known: whether a name is a student's of the roster.

    Raises:
        NothingHandedIn: in one line, with what to do.
    """
    tops = []
    folders = files = False  # whether there are students' folders, and files
    for path in sorted(folder.iterdir()):
        if is_leftover(path.name) or path.is_symlink():
            continue
        if not path.is_dir():
            if _is_work(path.name):
                if names_no_student(path.name, (*course.notebooks, course.name)):
                    return  # one student's own folder
                files = True
            continue
        read = _read(path, course)
        if read is None or is_known(path.name):
            folders = True
        elif read.own or read.notebooks:
            tops.append(read)
    times = Counter(name for top in tops for name in {*top.own, *top.notebooks})
    repeat = any(count > 1 for count in times.values())
    certain = [top for top in tops if is_general(top.path.name)] if folders else tops
    several = next((top for top in certain if _holds_several(top, files or len(tops) > 1, repeat)), None)
    if several is not None:
        inside = sorted(several.own or several.notebooks)
        more = f" and {len(inside) - MAX_NAMED} more" if len(inside) > MAX_NAMED else ""
        raise NothingHandedIn(
            f"{place}: cannot tell who handed in: {shown(several.path.name)} seems to be no student, as it holds only "
            f"what is named {', '.join(map(shown, inside[:MAX_NAMED]))}{more}; name a folder that holds a folder, "
            "notebook or zip for each student, or put each student's files into <student>/ yourself"
        )


def _holds_several(top: _Folder, of_class: bool, repeat: bool) -> bool:
    """Whether a folder looks like several students'.

    Args:
        top: the folder.
        of_class: whether others lie beside it, or students' files.
        repeat: whether a name in it is in another folder, too.
    """
    if top.own:
        return not repeat and len(top.own) > (1 if of_class or is_general(top.path.name) else 2)
    if is_general(top.path.name):
        return True
    same = Counter(name for inside, names in top.notebooks.items() if not is_workplace(inside) for name in names)
    return not repeat and any(count > 1 for count in same.values())


def _read(folder: Path, course: Course) -> _Folder | None:
    """What is in a folder of a class, or None if it is a student's."""
    own, notebooks = set(), {}
    for path in folder.iterdir():
        if is_leftover(path.name) or path.is_symlink():
            continue
        if path.is_dir():
            if path.name == course.name:
                return None
            if names := _work_below(path):
                notebooks[path.name] = names
        elif _is_work(path.name):
            student = student_in(path.name, (*course.notebooks, course.name))
            if not student:
                return None
            own.add(student)
    return None if folder.name in own else _Folder(folder, frozenset(own), notebooks)


def _work_below(folder: Path) -> frozenset[str]:
    """The names of all that may be work in a folder and below it."""
    found: set[str] = set()
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not is_leftover(name) and not name.startswith(".")]
        found.update(name for name in files if not is_leftover(name) and _is_work(name))
    return frozenset(found)


def _is_work(name: str) -> bool:
    return name.lower().endswith((".ipynb", ".zip"))
