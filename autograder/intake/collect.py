"""Finds the hand-ins of a class: in nbgrader's tree, in a flat folder, or in an archive of either.

Whose an entry is, is told by its name alone; `autograder.intake.gather` sorts what is in it.
"""

import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import is_zipfile

from autograder.course import Course
from autograder.course.settings import FILE
from autograder.course.skeleton import load_skeletons
from autograder.errors import NothingHandedIn
from autograder.intake.attachments import with_attachments
from autograder.intake.causes import ENDINGS, OPENED, PICTURE, SCRIPT, WHAT, ending_of, kind_of
from autograder.intake.choose import clean_one, read_all
from autograder.intake.files import (
    ARCHIVE,
    ATTACHMENT,
    NOTEBOOK,
    RELEASED,
    head_of,
    is_leftover,
    names_no_student,
    sort_of,
    student_in,
    without_ending,
)
from autograder.intake.folder_names import is_part, is_workplace
from autograder.intake.gather import Gatherer, Handin, unpacked
from autograder.intake.names import student_id
from autograder.intake.other_notebooks import told_of_other_notebooks
from autograder.intake.place import need_place
from autograder.intake.read import shown
from autograder.intake.rebuild import Rebuilt
from autograder.intake.sections import is_work
from autograder.intake.sketches import Sketches
from autograder.intake.unpack import look_through
from autograder.intake.unreadable import Unreadable

WRAPPERS = re.compile(r"submi|hand.?ins?\b|class|export|download|abgabe|assignment|homework", re.IGNORECASE)
"""What a folder is called that holds a class and is no student's."""

INDEX_PAGES = frozenset({"index", "readme"})


@dataclass(frozen=True)
class Gathered:
    """A class's hand-ins, sorted by student, and a line for each entry that belongs to no student.

    folder: the one that holds the students, or is the only student's own.
    """

    handins: list[Handin]
    remarks: tuple[str, ...] = ()
    folder: Path = Path()


@dataclass(frozen=True)
class Entry:
    """One entry of a class's folder. student: whose it is, or "" if it is nobody's."""

    student: str
    path: Path
    is_folder: bool = False


def collect(place: Path, scratch: Path, course: Course) -> list[Handin]:
    """The hand-ins of `gather_class` alone.

    Args:
        place: a folder or an archive. Nothing in it is changed.
        scratch: an empty folder for unpacking.
        course: the course.

    Raises:
        NothingHandedIn: if there is no hand-in.
    """
    return gather_class(place, scratch, course).handins


def gather_class(place: Path, scratch: Path, course: Course) -> Gathered:
    """Every student's hand-in found at a place. Nothing there is ever changed.

    Args:
        place: a folder or an archive.
        scratch: an empty folder for unpacking.
        course: the course.

    Returns:
        The hand-ins, and what belongs to nobody.

    Raises:
        NothingHandedIn: if there is none.
    """
    sketches = Sketches(scratch / "packed-anew")
    folder, remarks = opened(place, scratch, sketches)
    return gather_folder(folder, place, scratch, course, remarks, sketches)


def opened(place: Path, scratch: Path, sketches: Sketches) -> tuple[Path, list[str]]:
    """A folder as it is, or sketches of an archive's files.

    Args:
        place: a folder or an archive of a class. Nothing in it is changed.
        scratch: an empty folder; sketches go into its folder `class`.
        sketches: those of the class, which these are added to.

    Returns:
        The folder, and a line for each of the archive's entries that was left out.

    Raises:
        NothingHandedIn: if nothing is at `place`, or it is neither a folder nor an archive that can be opened, or it is
            a course's own folder.
    """
    need_place(place)
    if (place / FILE).is_file():
        raise NothingHandedIn(
            f"{place}: is a course, with its {FILE}, and no hand-ins; name the folder that holds these"
        )
    if place.is_dir():
        return place, []
    return scratch / "class", _look_through_class(place, scratch / "class", sketches)


def gather_folder(
    folder: Path,
    place: Path,
    scratch: Path,
    course: Course,
    remarks: list[str],
    sketches: Sketches,
    is_known: Callable[[str], bool] = lambda _: False,
) -> Gathered:
    """The same as `gather_class` for a place that `opened` has opened.

    Args:
        folder: what `opened` gave: where the files are, or their sketches.
        place: the folder or the archive itself.
        scratch: an empty folder for unpacking.
        course: the course.
        remarks: what `opened` gave: a line for each entry that was left out.
        sketches: of the archives' files.
        is_known: whether a name is a student's of the roster.

    Returns:
        The hand-ins, and what belongs to nobody.

    Raises:
        NothingHandedIn: if there is none.
    """
    resolved = place.resolve()
    owner = without_ending(place.name) if place.is_file() else resolved.name
    if place.is_dir() and owner == course.name:  # <student>/<assignment>
        owner = resolved.parent.name
    folder, owner = _without_wrappers(folder, owner, course, place.is_file())
    entries = _of_one_student(list(_entries(folder, owner, course)), owner, course)
    entries = _without_workplaces(entries, owner, place, is_known)
    if {one.student for one in entries} - {"", student_id(owner)}:  # a class's folder is nobody's
        entries = [
            replace(one, student="") if one.student == student_id(owner) and not one.is_folder else one
            for one in entries
        ]
    elif place.is_file() and any(one.student == course.name for one in entries):
        raise NothingHandedIn(
            f"{place}: has no student's name on it; put it into a folder that has, and name the folder above"
        )
    gatherers: dict[str, Gatherer] = {}
    archives: Counter[str] = Counter()
    for entry in entries:
        if not entry.student:
            remarks.append(f"{shown(entry.path.name)} belongs to no student, and was left out")
            continue
        own = scratch / "students" / str(len(gatherers))
        gatherer = gatherers.setdefault(entry.student, Gatherer(entry.student, course, own, sketches))
        if entry.is_folder:
            _add_folder(gatherer, entry.path, course)
        else:
            gatherer.add_file(entry.path, flat=True)
            archives[entry.student] += not _is_notebook_by_name(entry.path.name)
    handins = [_counted(gatherers[name].handin(), archives[name]) for name in sorted(gatherers)]
    if all(one.is_empty for one in gatherers.values()):
        raise NothingHandedIn(f"{place}: no notebooks here; expected <student>/{course.name}/*.ipynb, or a zip")
    return Gathered(handins, tuple(remarks), folder)


def _of_one_student(entries: list[Entry], owner: str, course: Course) -> list[Entry]:
    """The same, where a folder of the assignment's name is no student called so.

    Beside students' folders it is nobody's. Otherwise all is one student's, and the folders beside it are of other
    assignments.
    """
    inner = [one for one in entries if one.is_folder and one.path.name == course.name]
    if not inner:
        return entries
    others = [one.path for one in entries if one.is_folder and one not in inner]
    if any(_is_a_students(path, course) for path in others):
        return [replace(one, student="") if one in inner else one for one in entries]
    return [replace(one, student=student_id(owner)) for one in entries if one in inner or not one.is_folder]


def _without_workplaces(entries: list[Entry], owner: str, place: Path, is_known: Callable[[str], bool]) -> list[Entry]:
    """The same, where folders such as work/ or old/ are no students: they are the owner's, or nobody's beside others.

    So are folders of parts, such as "week 1" and "week 2", if each holds another notebook.

    Raises:
        NothingHandedIn: if they are all that there is, and the place has no student's name.
    """
    own = [one for one in entries if one.is_folder and is_workplace(one.path.name) and not is_known(one.path.name)]
    own = own or _parts(entries)
    if not own:
        return entries
    others = {one.student for one in entries if one not in own} - {"", student_id(owner)}
    if not others and (is_workplace(owner) or WRAPPERS.search(owner)):
        raise NothingHandedIn(
            f"{place}: cannot tell who handed in: {shown(own[0].path.name)} and {shown(owner)} seem to be no students; "
            "put the files into <student>/, and name the folder above"
        )
    return [replace(one, student="" if others else student_id(owner)) if one in own else one for one in entries]


def _parts(entries: list[Entry]) -> list[Entry]:
    """Folders of parts of one student's work: nothing else is there, and no notebook is in two of them."""
    if len(entries) < 2 or not all(one.is_folder and is_part(one.path.name) for one in entries):
        return []
    held = [{path.name for path in one.path.rglob("*.ipynb")} for one in entries]
    times = Counter(name for names in held for name in names)
    return entries if all(held) and set(times.values()) == {1} else []


def _is_a_students(folder: Path, course: Course) -> bool:
    return (folder / course.name).is_dir() or any((folder / f"{name}.ipynb").exists() for name in course.notebooks)


def _add_folder(gatherer: Gatherer, folder: Path, course: Course) -> None:
    """Take a student's folder. In nbgrader's tree, the folders beside the assignment's are of other assignments."""
    inner = folder / course.name
    if not _is_folder(inner):
        gatherer.add_folder(folder)
        return
    gatherer.add_folder(inner)
    for path in _visible(folder):
        if not _is_folder(path):
            gatherer.add_file(path)


def _counted(handin: Handin, archives: int) -> Handin:
    """The same, where each archive that has the student's name is an attempt."""
    return replace(handin, origin=replace(handin.origin, attempts=max(archives, 1)))


def clean(handin: Handin, course: Course, scratch: Path | None = None) -> dict[str, Rebuilt]:
    """Every notebook of the assignment for one student: rebuilt, or the release's with the reason why.

    Args:
        handin: the student's. Nothing of it is changed.
        course: the course.
        scratch: a folder to keep attachments in; without one they are left out.
    """
    with unpacked(handin) as whole:
        return _clean(whole, course, scratch)


def _clean(handin: Handin, course: Course, scratch: Path | None) -> dict[str, Rebuilt]:
    skeletons = load_skeletons(course)
    claims = read_all(handin, skeletons)
    strangers = claims.get(None, [])
    remarks = handin.remarks
    cleaned = {}
    for name, skeleton in skeletons.items():
        rebuilt, chosen = clean_one(handin, skeleton, claims.get(name, []), strangers, remarks)
        if not rebuilt.submission.missing:
            remarks, strangers = (), []  # said once, and beside that of every notebook that is missing
        attachments = course.attachments_of(name)
        if scratch is not None and chosen is not None and handin.attachments and attachments:
            folder = Path(tempfile.mkdtemp(prefix="attached-", dir=scratch))
            rebuilt = with_attachments(rebuilt, attachments, handin.attachments, chosen.parent, folder)
        cleaned[name] = rebuilt
    return told_of_other_notebooks(cleaned, skeletons)


def _look_through_class(archive: Path, folder: Path, sketches: Sketches) -> list[str]:
    if not kind_of(archive.name, head_of(archive)) and not is_zipfile(archive):
        raise NothingHandedIn(f"{archive}: is one file and no archive; name the folder that holds the hand-ins")
    try:
        remarks = look_through(archive, folder, sketches, of_class=True)
    except Unreadable as problem:
        raise NothingHandedIn(f"{archive} {problem}") from None
    folder.mkdir(parents=True, exist_ok=True)
    return remarks


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not is_leftover(path.name))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _without_wrappers(folder: Path, owner: str, course: Course, unpacked: bool) -> tuple[Path, str]:
    """The folder that holds the students, and whose it is if it is one student's own.

    An archive, and sometimes a folder, holds one folder that holds all students.
    """
    while len(inside := _visible(folder)) == 1 and _is_folder(inside[0]) and _wraps(inside[0], owner, course, unpacked):
        folder = inside[0]
        if folder.name != course.name:
            owner = folder.name
    known = (*course.notebooks, course.name)
    return folder, student_in(f"{owner}_", known) or owner


def _wraps(folder: Path, owner: str, course: Course, unpacked: bool) -> bool:
    """Whether a folder holds students, and is not the only student's own."""
    if folder.name == course.name and unpacked:  # a student's own zip
        return True
    inside = _visible(folder)
    folders = [path for path in inside if _is_folder(path)]
    if any(path.name == course.name for path in folders):
        return False
    if any((path / course.name).is_dir() for path in folders):
        return True
    names = [path.name for path in inside if not _is_folder(path) and _may_be_handed_in(path, course)]
    if names:
        known = (*course.notebooks, course.name)
        if any(names_no_student(name, known) for name in names):
            return False
        return any(student_in(name, known) for name in names) or (unpacked and _is_called_wrapper(folder, owner))
    return unpacked and (len(folders) > 1 or _is_called_wrapper(folder, owner))


def _is_called_wrapper(folder: Path, owner: str) -> bool:
    """Whether a folder's name says that it holds a class: it is the archive's own, or a general one."""
    return folder.name == owner or bool(WRAPPERS.search(folder.name))


def _may_be_handed_in(path: Path, course: Course) -> bool:
    if not path.is_file() or path.is_symlink():
        return False
    sort, kind = sort_of(path, course, flat=True)
    return sort in {NOTEBOOK, ARCHIVE} or (kind in WHAT and kind not in {SCRIPT, PICTURE})


def _entries(folder: Path, owner: str, course: Course) -> Iterator[Entry]:
    """What lies in a class's folder, entry by entry: a student may own several."""
    paths = _visible(folder)
    flat = any(_is_notebook_by_name(path.name) for path in paths if not _is_folder(path))
    students = {path: student_id(_student_of(path, owner, course, flat)) for path in paths if not _is_folder(path)}
    only_owners = set(students.values()) - {""} == {student_id(owner)}
    for path in paths:
        if not _is_folder(path):
            if students[path] or not path.is_file() or sort_of(path, course)[0] != RELEASED:
                yield Entry(students[path], path)
        elif _holds_work(path):
            yield Entry(student_id(path.name), path, True)
        elif only_owners:  # one student's own folder is graded, and has folders of its own
            yield Entry(student_id(owner), path, True)
        else:  # beside flat files lie folders like tests/
            yield Entry("" if flat or path.name.startswith(".") else student_id(path.name), path, True)


def _is_notebook_by_name(name: str) -> bool:
    return ".ipynb" in name.lower()


def _holds_work(folder: Path) -> bool:
    """Whether a folder or one below it has a file whose name says that it may be a student's work."""
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not is_leftover(name) and not name.startswith(".")]
        for name in files:
            if not is_leftover(name) and is_work(name):
                return True
    return False


def _student_of(path: Path, owner: str, course: Course, flat: bool) -> str:
    """Whose a file of a class's folder is, or ""."""
    known = (*course.notebooks, course.name)
    if path.is_symlink() or not path.is_file():
        named = ENDINGS.get(ending_of(path.name), "")
        sort, kind = (NOTEBOOK if _is_notebook_by_name(path.name) or named in OPENED else ""), ""
    else:
        sort, kind = sort_of(path, course, flat=True)
    if sort == ATTACHMENT:
        attached = tuple(one.name for one in course.attachments)
        return (student_in(path.name, attached) or owner) if flat else ""
    named = student_in(path.name, known)
    if sort not in {NOTEBOOK, ARCHIVE} and not (kind in WHAT and kind not in {SCRIPT, PICTURE}):
        return "" if sort == RELEASED else named
    stem = without_ending(path.name)
    if named or (kind in WHAT and stem.lower() in INDEX_PAGES):
        return named
    return owner if names_no_student(path.name, known) else stem or owner
