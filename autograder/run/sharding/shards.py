"""One class graded in parts on several machines: which students are in which shard, and how a shard reads the class."""

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.course import Course
from autograder.errors import WrongCall
from autograder.intake.handed_over import ClassHandins
from autograder.run.hand_ins import Intake

MAX_SHARDS = 10_000


@dataclass(frozen=True)
class Shard:
    """The students of shard `number`, counted from 1, of `of` shards."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def has(self, student: str) -> bool:
        """Whether a student is in this shard."""
        return shard_of(student, self.of) == self


def shard_of(student: str, of: int) -> Shard:
    """The shard of a student. The id alone decides, so that no machine has to know who else is in the class.

    Args:
        student: the course's own id.
        of: how many shards there are.
    """
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).digest()
    return Shard(int.from_bytes(digest[:8]) % of + 1, of)


def read_shard(text: str, seed: int | None) -> Shard:
    """What `--shard` says.

    Args:
        text: such as 2/8.
        seed: what `--seed` says: all shards of a run have the same one.

    Raises:
        WrongCall: in one line.
    """
    parts = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if parts is None:
        raise WrongCall(f"--shard {text}: is no part of a class; the second of eight shards is --shard 2/8")
    number, of = int(parts[1]), int(parts[2])
    if not 1 <= of <= MAX_SHARDS:
        raise WrongCall(f"--shard {text}: there can be 1 to {MAX_SHARDS} shards")
    if not 1 <= number <= of:
        raise WrongCall(f"--shard {text}: there is no such shard; they are counted from 1/{of} to {of}/{of}")
    if seed is None:
        raise WrongCall(f"--shard {text}: needs --seed; name the same number for every shard")
    return Shard(number, of)


@dataclass(frozen=True)
class IntakeOfShard(Intake):
    """Reads a whole class, and gives the students of one shard.

    whole: gets the hash of who is in the class, and of what belongs to nobody.
    """

    shard: Shard = Shard(1, 1)
    whole: list[str] = field(default_factory=list)

    def gather(self, place: Path, scratch: Path, course: Course) -> ClassHandins:
        """Every student of the shard. What belongs to nobody is told by each shard.

        Args:
            place: the whole class, as it was handed over; every shard reads all of it.
            scratch: an empty folder for unpacking.
            course: the course.

        Raises:
            NothingHandedIn: if there is no hand-in in the whole class.
            WrongCall: if the class does not fit the system, the roster or the extensions.
        """
        found = super().gather(place, scratch, course)
        self.whole[:] = [digest_of_class(found)]
        return replace(
            found,
            handins=tuple(one for one in found.handins if self.shard.has(one.student)),
            absent=tuple(line for line in found.absent if self.shard.has(line.student)),
        )


def intake_of(shard: Shard, intake: Intake) -> IntakeOfShard:
    """The same intake, for one shard.

    Args:
        shard: the part of the class that is graded here.
        intake: how the whole class is read.
    """
    return IntakeOfShard(intake.system, intake.roster, intake.times, intake.due, shard)


def digest_of_class(found: ClassHandins) -> str:
    """The hash of who is in a class: shards that have read different ones would lose somebody."""
    content = [
        sorted(one.student for one in found.handins),
        sorted(line.student for line in found.absent),
        sorted(found.remarks),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
