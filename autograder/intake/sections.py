"""Whether the folders of a class are students': in an unknown layout they may be sections, weeks or groups."""

import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.course.settings import PACKED
from autograder.errors import NothingHandedIn
from autograder.intake.attachment_names import COPY
from autograder.intake.causes import ENDINGS, ending_of
from autograder.intake.files import COPY_OF, is_leftover, names_no_student, student_in, without_ending
from autograder.intake.folder_names import is_class, is_general, is_version, is_workplace
from autograder.intake.gather import ALONE
from autograder.intake.names import composed
from autograder.intake.read import shown

MAX_NAMED = 3
"""So many folders, or names, are given as examples."""

WHEN_OR_WHERE = re.compile(r"20\d\d([-_.])\d\d\1\d\d|(?:laptop|desktop)-\w+", re.IGNORECASE)
"""What Dropbox and OneDrive put behind the names of copies: the day, or the usual name of a computer."""


@dataclass(frozen=True)
class _Folder:
    """A folder of a class. own, behind: the students' parts of its files' names, before and behind the notebook's.

    notebooks: for each of these folders, the names of notebooks and zips in it and below.
    """

    path: Path
    own: frozenset[str]
    behind: frozenset[str]
    notebooks: dict[str, frozenset[str]]

    @property
    def names(self) -> frozenset[str]:
        """All that may be a student's name in it."""
        return self.own.union(self.behind, self.notebooks)


def need_name(students: Collection[str], place: Path, is_known: Callable[[str], bool]) -> None:
    """See to it that a single student is not called as a class, or a place to work in, is.

    Args:
        students: the ids of all who handed in.
        place: what was asked for, as the error names it.
        is_known: whether a name is a student's of the roster.

    Raises:
        NothingHandedIn: in one line, with what to do.
    """
    one = next(iter(students), "")
    if len(students) == 1 and (is_class(one) or is_workplace(one)) and not is_known(one):
        raise NothingHandedIn(
            f"{place}: cannot tell who handed in: {shown(one)} seems to be no student; put the files into <student>/, "
            "and name the folder above"
        )


def need_students(folder: Path, place: Path, course: Course, is_known: Callable[[str], bool]) -> None:
    """See to it that what lies in a class's folder can be students'.

    Files cannot be one student's that have different names behind the notebook's. Folders cannot be students' if none
    holds work of its own, or is laid out as nbgrader does it, and one looks like several students: by its name, or as
    folders in it hold the same notebook, or as its files have different names before the notebook's or behind.

    Args:
        folder: holds the students.
        place: what was asked for, as the error names it.
        course: whose notebooks are looked for.
        is_known: whether a name is a student's of the roster.

    Raises:
        NothingHandedIn: in one line, with what to do.
    """
    known = (*course.notebooks, course.name)
    tops = []
    folders = files = False  # whether there are students' folders, and files
    loose = []  # files that begin with a notebook's name
    for path in sorted(folder.iterdir()):
        if is_leftover(path.name) or path.is_symlink():
            continue
        if not path.is_dir():
            if is_work(path.name):
                if names_no_student(path.name, known):
                    loose.append(path.name)
                else:
                    files = True
            continue
        read = _read(path, course)
        if read is None or is_known(path.name):
            folders = True
        elif read.names:
            tops.append(read)
    if loose:  # one student's own folder, or nobody's beside students'
        if not (files or folders or tops or any(map(is_known, (folder.name, without_ending(place.name))))):
            _need_one_name(loose, place, known)
        return
    times = Counter(name for top in tops for name in top.names)
    repeat = any(count > 1 for count in times.values())
    certain = [top for top in tops if is_general(top.path.name)] if folders else tops
    several = next((top for top in certain if _holds_several(top, files or len(tops) > 1, repeat, known)), None)
    if several is not None:
        inside = sorted((several.own | several.behind) or several.notebooks)
        more = f" and {len(inside) - MAX_NAMED} more" if len(inside) > MAX_NAMED else ""
        raise NothingHandedIn(
            f"{place}: cannot tell who handed in: {shown(several.path.name)} seems to be no student, as it holds only "
            f"what is named {', '.join(map(shown, inside[:MAX_NAMED]))}{more}; name a folder that holds a folder, "
            "notebook or zip for each student, or put each student's files into <student>/ yourself"
        )


def _need_one_name(files: list[str], place: Path, known: tuple[str, ...]) -> None:
    """Raises NothingHandedIn if files that would be one student's have different names behind the notebook's."""
    behind = _different(_name_behind(name, known) for name in files)
    if len(behind) > 1:
        more = f" and {len(behind) - MAX_NAMED} more" if len(behind) > MAX_NAMED else ""
        raise NothingHandedIn(
            f"{place}: cannot tell who handed in: behind the notebooks' names stand "
            f"{', '.join(map(shown, sorted(behind)[:MAX_NAMED]))}{more}; put a student's name before the "
            "notebook's, as in ada_…, or put each student's files into <student>/"
        )


def _name_behind(name: str, known: tuple[str, ...]) -> str:
    """The part of a file's name behind the notebook's, such as ada in 1_averages_ada; "" if it tells of a version."""
    stem = WHEN_OR_WHERE.sub("", COPY_OF.sub("", without_ending(name)))
    patterns = (rf"{re.escape(one)}{COPY}[-_ .(]+(.+)" for one in sorted(known, key=len, reverse=True))
    match = next((found for one in patterns if (found := re.match(one, stem, re.IGNORECASE | re.DOTALL))), None)
    parts = re.split(r"[-_ .()]+", match[1]) if match else []
    return "_".join(composed(part).casefold() for part in parts if part and not is_version(part))


def _different(names: Iterable[str]) -> set[str]:
    """Names of which none continues another, as bob_done does bob."""
    found = set(names) - {""}
    return {one for one in found if not any(one.startswith(f"{other}_") for other in found)}


def _holds_several(top: _Folder, of_class: bool, repeat: bool, known: tuple[str, ...]) -> bool:
    """Whether a folder looks like several students'; the assignment's own does if one folder in it may be a student's.

    Args:
        top: the folder.
        of_class: whether others lie beside it, or students' files.
        repeat: whether a name in it is in another folder, too.
        known: the names of the course's notebooks and, at the end, of the assignment.
    """
    if len(top.behind) > 1:
        return not repeat
    if top.path.name == known[-1] and not top.own:
        return any(not (is_workplace(one) or is_general(one) or names_no_student(one, known)) for one in top.notebooks)
    if top.own:
        return not repeat and len(top.own) > (1 if of_class or is_general(top.path.name) else 2)
    if is_general(top.path.name):
        return True
    same = Counter(name for inside, names in top.notebooks.items() if not is_workplace(inside) for name in names)
    return not repeat and any(count > 1 for count in same.values())


def _read(folder: Path, course: Course) -> _Folder | None:
    """What is in a folder of a class, or None if it is a student's."""
    known = (*course.notebooks, course.name)
    own, behind, notebooks = set(), set(), {}
    for path in folder.iterdir():
        if is_leftover(path.name) or path.is_symlink():
            continue
        if path.is_dir():
            if path.name == course.name:
                return None
            if names := _work_below(path):
                notebooks[path.name] = names
        elif is_work(path.name):
            before, after = student_in(path.name, known), _name_behind(path.name, known)
            if not before and not after:
                return None
            own.add(before)
            behind.add("" if before else after)
    if folder.name.casefold() in {name.casefold() for name in (*own, *behind)}:
        return None
    return _Folder(folder, frozenset(own - {""}), frozenset(_different(behind)), notebooks)


def _work_below(folder: Path) -> frozenset[str]:
    """The names of all that may be work in a folder and below it."""
    found: set[str] = set()
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not is_leftover(name) and not name.startswith(".")]
        found.update(name for name in files if not is_leftover(name) and is_work(name))
    return frozenset(found)


def is_work(name: str) -> bool:
    """Whether a file's name says that it may be a student's work: a notebook, an archive, or what stands for these."""
    return bool(PACKED.search(name)) or ENDINGS.get(ending_of(name), "") in ALONE
