"""What is known of a class's hand-ins beside their files, kept beside the results: whose, from where, and when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from autograder.atomic import FOR_US, write_bytes
from autograder.course import Course
from autograder.errors import WrongCall
from autograder.intake.gather import Handin
from autograder.intake.handed_over import ClassHandins, read_class
from autograder.intake.owners import FOLDERS, Origin
from autograder.intake.roster import Line, Roster
from autograder.intake.times_file import Times
from autograder.log import LOGGER
from autograder.run.deadlines import Due

FILE = "hand_ins.json"


@dataclass(frozen=True)
class Intake:
    """How a run reads a class. system: the LMS; "" to recognise it."""

    system: str = ""
    roster: Roster | None = None
    times: Times | None = None
    due: Due = field(default_factory=lambda: Due(None))

    @property
    def counts_best(self) -> bool:
        """Whether all attempts are judged, and the best one counts."""
        return self.due.deadline is not None and self.due.deadline.attempt == "best"

    def gather(self, place: Path, scratch: Path, course: Course) -> ClassHandins:
        """Every student's hand-in, with its time; see `autograder.intake.handed_over`.

        Args:
            place: the class, as it was handed over: a folder or an archive. Nothing in it is changed.
            scratch: an empty folder for unpacking, which has to stay until all hand-ins are read.
            course: the course.

        Returns:
            The class. Times without a zone have got the course's, if it has a deadline.

        Raises:
            NothingHandedIn: if there is no hand-in at `place`, or only those of another assignment.
            WrongCall: if the class does not fit the system, the roster or the extensions.
        """
        deadline = self.due.deadline
        on_time = self.due.is_on_time if deadline is not None and deadline.attempt == "newest_on_time" else None
        found = read_class(place, scratch, course, self.system, self.roster, on_time)
        self._need_somebody(found)
        put = self.times.put_into if self.times else lambda handin: handin
        handins = (put(handin) for handin in found.handins)
        return replace(found, handins=tuple(self._in_zone(handin) for handin in handins))

    def _in_zone(self, handin: Handin) -> Handin:
        when = handin.origin.handed_in
        return (
            handin if when is None else replace(handin, origin=replace(handin.origin, handed_in=self.due.in_zone(when)))
        )

    def _need_somebody(self, found: ClassHandins) -> None:
        """Raises WrongCall if an extension is for nobody in the class. Only a roster tells who is in it."""
        if self.roster is None:
            return
        here = {one.student for one in found.handins} | {line.student for line in self.roster.lines}
        for student in self.due.extensions:
            if student not in here:
                raise WrongCall(f"extensions: {student!r} is not in {self.roster.path}, and has handed in nothing")


AS_IT_IS = Intake()
"""Systems are recognised, students have the ids that they have there, and nothing is late."""


@dataclass(frozen=True)
class _IntakeThatBegins(Intake):
    """An intake that says when the class has been read."""

    reads: Intake = AS_IT_IS
    begin: Callable[[], None] = lambda: None

    def gather(self, place: Path, scratch: Path, course: Course) -> ClassHandins:
        """As `reads` does it."""
        found = self.reads.gather(place, scratch, course)
        self.begin()
        return found


def beginning(reads: Intake, begin: Callable[[], None]) -> Intake:
    """The same intake, which tells when the class has been read.

    Args:
        reads: how the class is read.
        begin: called once it has been read: until then, a run's folder stays as it was.
    """
    return _IntakeThatBegins(reads.system, reads.roster, reads.times, reads.due, reads, begin)


@dataclass(frozen=True)
class Known:
    """One student. here: whether anything was handed in; without it, only the roster has the student."""

    student: str
    origin: Origin
    here: bool = True


@dataclass(frozen=True)
class HandIns:
    """A class."""

    known: tuple[Known, ...] = ()

    def of(self, student: str) -> Known | None:
        """What is known of a student, or None."""
        return next((one for one in self.known if one.student == student), None)


def of_gathered(found: ClassHandins) -> HandIns:
    """What intake has found, to be kept."""
    here = [_known(one, found.system) for one in found.handins]
    return HandIns((*here, *(_absent(line) for line in found.absent)))


def _known(handin: Handin, system: str) -> Known:
    lms = handin.origin.lms or ("" if system == FOLDERS else system)
    return Known(handin.student, replace(handin.origin, lms=lms))


def _absent(line: Line) -> Known:
    origin = Origin(name=line.name, email=line.email, section=line.section, ids=tuple(line.ids.items()), attempts=0)
    return Known(line.student, origin, here=False)


def merged(earlier: HandIns, new: HandIns) -> HandIns:
    """What is known after a run on a whole class or on a part of it: whoever is not in it stays.

    An LMS's id is one person's: if a roster has given that person another name in the course since, the old one goes.

    Args:
        earlier: what earlier runs knew.
        new: what this run knows. Where it lacks a student's name, LMS or id, the earlier one stays.
    """
    renamed = {(one.origin.lms, one.origin.lms_id): one.student for one in new.known if one.origin.lms_id}
    kept = {
        one.student: one
        for one in earlier.known
        if renamed.get((one.origin.lms, one.origin.lms_id), one.student) == one.student
        and (one.here or not _absent_in(new))
    }
    before = {one.student: one.origin for one in earlier.known}
    for one in new.known:
        if one.here or one.student not in kept:
            kept[one.student] = replace(one, origin=_with_what_was_known(one.origin, before.get(one.student)))
    return HandIns(tuple(kept[name] for name in sorted(kept)))


def _with_what_was_known(new: Origin, before: Origin | None) -> Origin:
    """What is known of a student whose newer hand-in came without an LMS or a roster: who it is stays known."""
    if before is None:
        return new
    same = not new.lms or new.lms == before.lms
    return replace(
        new,
        lms=new.lms or before.lms,
        lms_id=new.lms_id or (before.lms_id if same else ""),
        name=new.name or before.name,
        email=new.email or before.email,
        section=new.section or before.section,
        ids=new.ids or before.ids,
        listed=before.listed if new.listed is None else new.listed,
    )


def _absent_in(new: HandIns) -> bool:
    """Whether a run had a roster that tells of absent students: it replaces what earlier ones told of them."""
    return any(not one.here for one in new.known)


def students_of(hand_ins: HandIns) -> set[str]:
    """The ids of all students."""
    return {one.student for one in hand_ins.known}


def groups_in(hand_ins: HandIns) -> set[frozenset[str]]:
    """Students who handed in together. Systems tell the others by their names, or by their ids there."""
    in_groups = [one for one in hand_ins.known if one.origin.group]
    together = {one.student: {other.student for other in in_groups if _names(one, other)} for one in in_groups}
    return {
        frozenset({student, other})
        for student, others in together.items()
        for other in others
        if student in together[other]
    }


def _names(one: Known, other: Known) -> bool:
    return not {other.origin.name, other.origin.lms_id}.isdisjoint(one.origin.group)


def read_hand_ins(out: Path) -> HandIns:
    """What earlier runs have kept in `out`; nothing if there is no such file, or it is damaged."""
    path = out / FILE
    try:
        return _adapter().validate_json(path.read_bytes())
    except FileNotFoundError:
        return HandIns()
    except (OSError, ValidationError):
        LOGGER.warning("%s", f"{path}: is damaged, so what earlier runs knew of students is lost; grade them again")
        return HandIns()


def parsed_hand_ins(content: bytes) -> HandIns | None:
    """What `write_hand_ins` wrote; None for anything else."""
    try:
        return _adapter().validate_json(content)
    except ValidationError:
        return None


def write_hand_ins(out: Path, hand_ins: HandIns) -> None:
    """Write hand_ins.json anew, or leave it as it was.

    Args:
        out: the run's folder.
        hand_ins: everyone, of this run and of earlier ones: see `merged`.
    """
    write_bytes(out / FILE, _adapter().dump_json(hand_ins, indent=1), FOR_US)


def without(hand_ins: HandIns, students: Iterable[str]) -> HandIns:
    """The same without some students.

    Args:
        hand_ins: the class.
        students: the ids of those who go. Ids that are not in the class do not matter.
    """
    gone = set(students)
    return replace(hand_ins, known=tuple(one for one in hand_ins.known if one.student not in gone))


@lru_cache
def _adapter() -> TypeAdapter[HandIns]:
    return TypeAdapter(HandIns)
