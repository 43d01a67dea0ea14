"""Who handed in what, and when: a class as a learning-management system, or a person, hands it over."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course
from autograder.course.skeleton import load_skeletons
from autograder.errors import NothingHandedIn, WrongCall
from autograder.intake.choose import read_all
from autograder.intake.collect import Gathered, gather_folder, opened
from autograder.intake.files import is_leftover
from autograder.intake.gather import MAX_BYTES, MAX_FILES, Gatherer, Handin, listed, unpacked
from autograder.intake.layouts import read_layout
from autograder.intake.names import student_id
from autograder.intake.owners import FOLDERS, Found, Origin, Person
from autograder.intake.people import Attempt, attempts_of, short
from autograder.intake.read import shown
from autograder.intake.roster import Line, Roster
from autograder.intake.sections import need_name, need_students
from autograder.intake.sketches import Sketches
from autograder.intake.timestamps import timestamp_in
from autograder.intake.unpack import Budget

MAX_WRAPPED = 4
"""An export may be wrapped in so many folders."""

OnTime = Callable[[str, Origin], bool]
"""Whether a student's attempt is known to be on time."""


@dataclass(frozen=True)
class ClassHandins:
    """A class. system: which recognised it. remarks: a line for each entry that belongs to no student.

    absent: the roster's lines of students who handed in nothing.
    """

    handins: tuple[Handin, ...]
    system: str
    remarks: tuple[str, ...] = ()
    absent: tuple[Line, ...] = ()


def read_class(
    place: Path,
    scratch: Path,
    course: Course,
    system: str = "",
    roster: Roster | None = None,
    on_time: OnTime | None = None,
) -> ClassHandins:
    """Find every student's hand-in. Nothing at `place` is ever changed.

    Args:
        place: an export of an LMS, packed or unpacked; or a folder or archive of students' folders and files.
        scratch: an empty folder for unpacking.
        course: the course.
        system: the one that wrote it; by default it is recognised.
        roster: maps the system's ids to the course's own.
        on_time: if the newest attempt that was on time counts; the newest of all where it is None, or none was.

    Returns:
        One hand-in for each student, sorted by student, each with what the system tells of it.

    Raises:
        NothingHandedIn: if there is no hand-in there, or only those of another assignment, or it is not certain whose
            they are.
        WrongCall: if `system` is unknown or does not fit, or the roster cannot tell who is who.
    """
    sketches = Sketches(scratch / "packed-anew")
    folder, remarks = opened(place, scratch, sketches)

    def is_known(name: str) -> bool:
        return roster is not None and roster.find(FOLDERS, Person(name)) is not None

    layouts = (read_layout(level, course, system, is_known) for level in _levels(folder))
    found = next((found for found in layouts if found), None)
    if found is None:
        if system not in ("", FOLDERS):
            raise WrongCall(f"--from {system}: nothing in {place} is named as {system} names what is handed in")
        gathered = gather_folder(folder, place, scratch, course, remarks, sketches, is_known)
        need_students(gathered.folder, place, course, is_known)
        need_name({one.student for one in gathered.handins}, place, is_known)
        named = _by_student(gathered.folder)
        handins = tuple(_with_time(one, gathered, named.get(one.student, []), course) for one in gathered.handins)
        read = ClassHandins(handins, FOLDERS, gathered.remarks)
    else:
        if found.doubt and not system:
            raise NothingHandedIn(f"{place}: {found.doubt}")
        remarks += [f"{shown(path.name)} belongs to no student, and was left out" for path in found.strangers]
        read = ClassHandins(tuple(_of_lms(found, scratch, course, sketches)), found.system, tuple(remarks))
        _need_notebook_of(course, read.handins, place)
    read = _by_roster(read, roster)
    chosen = (_chosen(one, on_time) for one in read.handins)
    return replace(read, handins=tuple(sorted(chosen, key=lambda one: one.student)))


def _levels(folder: Path) -> Iterator[Path]:
    """A folder, and the one in it as long as nothing else is beside it: exports are often wrapped in a folder."""
    yield folder
    for _ in range(MAX_WRAPPED):
        inside = [path for path in folder.iterdir() if not is_leftover(path.name)]
        if len(inside) != 1 or not inside[0].is_dir() or inside[0].is_symlink():
            return
        folder = inside[0]
        yield folder


def _by_student(folder: Path) -> dict[str, list[Path]]:
    """What lies in a class's folder, by the student's id that its name gives."""
    named: dict[str, list[Path]] = {}
    for path in folder.iterdir():
        named.setdefault(student_id(path.name), []).append(path)
    return named


def _with_time(handin: Handin, gathered: Gathered, own: list[Path], course: Course) -> Handin:
    """A hand-in from plain folders, with the time that nbgrader has written into <student>/<assignment>/.

    A timestamp.txt elsewhere is the student's own.
    """
    places = [path / course.name for path in own]
    if len(gathered.handins) == 1:
        places += [gathered.folder / course.name, gathered.folder.parent / course.name]
    times = [when for place in places if place.is_dir() and (when := timestamp_in(place)) is not None]
    return replace(handin, origin=replace(handin.origin, handed_in=times[0])) if times else handin


def _need_notebook_of(course: Course, handins: Iterable[Handin], place: Path) -> None:
    """Raises NothingHandedIn if no notebook is one of the course's: the export is of another assignment.

    Where nothing can be read at all, each student is told why.
    """
    skeletons = load_skeletons(course)
    count = 0
    attempts = [each for handin in handins for each in (handin, *handin.earlier)]
    for one in attempts:
        with unpacked(one) as whole:
            if any(name is not None for name in read_all(whole, skeletons)):
                return
        count += len(one.notebooks)
    if not count and any(one.remarks for one in attempts):
        return
    raise NothingHandedIn(
        f"{place}: none of its {count} notebooks is one of {course.name}; is it another assignment's?"
    )


def _of_lms(found: Found, scratch: Path, course: Course, sketches: Sketches) -> Iterator[Handin]:
    """The hand-in of each person that an LMS names."""
    for number, (person, attempts) in enumerate(attempts_of(found, scratch / "named", sketches).items()):
        student, shared = student_id(person.id), (sketches, Budget(MAX_BYTES, MAX_FILES))
        read = [
            _of_attempt(attempt, Gatherer(student, course, scratch / "students" / str(number) / attempt.label, *shared))
            for attempt in attempts
        ]
        yield _by_file(read) if found.by_file else replace(read[0], earlier=tuple(read[1:]))


def _of_attempt(attempt: Attempt, gatherer: Gatherer) -> Handin:
    for folder in attempt.folders:
        gatherer.add_folder(folder)
    return replace(gatherer.handin(), origin=replace(attempt.origin, remarks=attempt.remarks))


def _chosen(handin: Handin, on_time: OnTime | None) -> Handin:
    """The attempt that counts, of those that hold a file to grade; the others are named in it."""
    attempts = [replace(handin, earlier=()), *handin.earlier]
    full = [one for one in attempts if one.notebooks or one.attachments] or attempts
    chosen = full[0]
    if on_time is not None:
        chosen = next((one for one in full if on_time(handin.student, one.origin)), chosen)
    return _with_others(chosen, handin, [one for one in attempts if one is not chosen])


def _with_others(chosen: Handin, newest: Handin, others: list[Handin]) -> Handin:
    """An attempt with what is known of the student, and with the other attempts, the newest first, named in it."""
    remarks = list(chosen.origin.remarks)
    for one in others:
        remarks += one.origin.remarks
        if one.notebooks or one.attachments or one.remarks:
            remarks.append(not_graded(one))
        if one.origin.group and chosen.origin.group and set(one.origin.group) != set(chosen.origin.group):
            remarks.append(f"was in another group before, with {', '.join(one.origin.group)}")
    who = newest.origin
    origin = replace(
        chosen.origin,
        name=who.name,
        email=who.email,
        section=who.section,
        ids=who.ids,
        listed=who.listed,
        remarks=tuple(dict.fromkeys(remarks)),
    )
    unread = [not_graded(one) for one in others if one.remarks and not (one.notebooks or one.attachments)]
    told = (*chosen.remarks, *unread)  # by these the student knows that what was sent could not be read
    return replace(chosen, student=newest.student, remarks=told, origin=origin, earlier=tuple(others))


def not_graded(attempt: Handin) -> str:
    """What is said of an attempt that does not count: what is in it, and what was left out of it and why."""
    when = f" of {attempt.origin.handed_in:%Y-%m-%d %H:%M %Z}".rstrip() if attempt.origin.handed_in else ""
    names = listed(path.name for path in (*attempt.notebooks, *attempt.attachments))
    said = short([names or "without a notebook", *(remark.rstrip(".") for remark in attempt.remarks)])
    return f"the attempt{when} is not graded ({'. '.join(said)})"


def _by_file(attempts: list[Handin]) -> Handin:
    """All attempts as one: each file as the newest attempt has it that has a file of its name.

    Of a notebook all are kept, as the newest may be blank or damaged.
    """
    newest, *older = attempts
    remarks = list(newest.origin.remarks)
    notebooks, attachments, refused = list(newest.notebooks), list(newest.attachments), list(newest.remarks)
    replaced: list[Path] = []
    for one in older:
        there = {path.name for path in (*notebooks, *attachments)}
        again = [path for path in (*one.notebooks, *one.attachments) if path.name in there]
        kept = [path for path in (*one.notebooks, *one.attachments) if path.name not in there]
        remarks += [
            f"{shown(path.name)} is of an older attempt, and is graded, as no newer one has it" for path in kept
        ]
        remarks += [f"an older {shown(path.name)} is not graded" for path in again if path in one.attachments]
        replaced += [path for path in again if path in one.notebooks]
        notebooks += one.notebooks
        attachments += [path for path in one.attachments if path in kept]
        remarks += one.origin.remarks
        refused += one.remarks
    # The newest attempt whose mark is known is the one that counts.
    late = next((one.origin.late for one in attempts if one.origin.late is not None), None)
    origin = replace(newest.origin, remarks=tuple(dict.fromkeys(remarks)), late=late)
    beside = tuple(path for one in attempts for path in one.beside)
    return Handin(
        newest.student,
        tuple(notebooks),
        tuple(dict.fromkeys(refused)),
        tuple(attachments),
        beside,
        origin,
        sketches=tuple(one for each in attempts for one in each.sketches),
        replaced=frozenset(replaced),
    )


def _by_roster(read: ClassHandins, roster: Roster | None) -> ClassHandins:
    """The same, with the course's own ids instead of the system's."""
    if roster is None:
        return read
    lines = [(one, roster.find(read.system, _person(one))) for one in read.handins]
    if not any(line for _, line in lines):
        roster.need_system(read.system)
    taken: dict[str, list[Handin]] = {}
    listed_ids = {line.student.casefold() for line in roster.lines}
    all_ids = listed_ids | {one.student.casefold() for one in read.handins}
    for handin, line in lines:
        student = line.student if line else handin.student
        if line is None and student.casefold() in listed_ids:
            student = _unlike(student, read.system, all_ids)
        taken.setdefault(student, []).append(_listed(handin, line, roster))
    absent = tuple(line for line in roster.lines if line.student not in taken)
    return replace(read, handins=tuple(_one_of(student, parts) for student, parts in taken.items()), absent=absent)


def _person(handin: Handin) -> Person:
    origin = handin.origin
    return Person(origin.lms_id or handin.student, origin.name, origin.email)


def _unlike(student: str, system: str, taken: set[str]) -> str:
    """An id for someone whose id in a system is that of somebody else in the roster."""
    while student.casefold() in taken:
        student = f"{system}-{student}"
    return student


def _listed(handin: Handin, line: Line | None, roster: Roster) -> Handin:
    if line is None:
        remarks = (*handin.origin.remarks, f"is not in {roster.path.name}")
        return replace(handin, origin=replace(handin.origin, listed=False, remarks=remarks))
    origin = replace(
        handin.origin,
        name=line.name or handin.origin.name,
        email=line.email or handin.origin.email,
        section=line.section,
        listed=True,
        ids=tuple(line.ids.items()),
    )
    return replace(handin, origin=origin)


def _one_of(student: str, parts: list[Handin]) -> Handin:
    """One hand-in of a student, of the parts that the roster gives one student: two ids, or two ways to write one."""
    first, *others = (replace(part, student=student) for part in parts)
    remarks = [remark for part in parts for remark in part.origin.remarks]
    return replace(
        first,
        notebooks=first.notebooks + tuple(path for one in others for path in one.notebooks),
        remarks=first.remarks + tuple(remark for one in others for remark in one.remarks),
        attachments=first.attachments + tuple(path for one in others for path in one.attachments),
        beside=first.beside + tuple(path for one in others for path in one.beside),
        sketches=first.sketches + tuple(sketch for one in others for sketch in one.sketches),
        replaced=first.replaced.union(*(one.replaced for one in others)),
        origin=replace(first.origin, remarks=tuple(dict.fromkeys(remarks))),
        earlier=tuple(earlier for part in parts for earlier in part.earlier),
    )
