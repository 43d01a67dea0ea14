"""Puts the shards of a run together, as if one machine had graded the whole class."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course
from autograder.engines.grading import Grading
from autograder.errors import NotFinished, WrongCall
from autograder.judge.store import Store
from autograder.room import NONE, Limits
from autograder.run.course_content import differences, digest_of_course, pins_of
from autograder.run.deadlines import Due
from autograder.run.gradebook.patience import Patience
from autograder.run.graded import Graded, NotGraded
from autograder.run.hand_ins import FILE as HAND_INS
from autograder.run.hand_ins import HandIns, Known, parsed_hand_ins, write_hand_ins
from autograder.run.hints import FILE as TOLD
from autograder.run.hints import History, joined, parsed_history, read_history, write_history
from autograder.run.page import LEFT_OUT, write_left_out
from autograder.run.records import Records, finish, scores_by_tests
from autograder.run.run import Run
from autograder.run.run_record import FILE, MAX_BYTES, RunRecord, need_folder_for, parsed, write_run
from autograder.run.settle import Engine, Settled, earlier_graded, settle, write_engine
from autograder.run.sharding.files import ShardFiles, is_plain
from autograder.run.sharding.shards import read_shard, shard_of
from autograder.run.sharding.students import ShardStudent, read_student
from autograder.run.unchanged import results_as_written
from autograder.run.workers.judged import Judged, Written


@dataclass(frozen=True)
class ShardOut:
    """The --out of a shard, and what its run.json says."""

    files: ShardFiles
    record: RunRecord

    @property
    def told(self) -> str:
        """Which shard it is, and where, for a message."""
        return f"shard {self.record.shard} ({self.files.folder})"


def merge_shards(
    course: Course,
    shards: Sequence[ShardOut],
    out: Path,
    due: Due,
    tell: Callable[[int, int], None] = lambda done, total: None,
    course_folder: Path | None = None,
    gradebook: str = "",
    patience: Patience | None = None,
) -> Settled:
    """Put shards together: results, gradebook, scores.csv, students.csv and report.html of the whole class.

    Args:
        course: that was graded.
        shards: all of them, of `read_shards`.
        out: the folder of the whole run.
        due: the deadline.
        tell: called with how many students are done, and of how many.
        course_folder: nbgrader's own course folder; the course's by default.
        gradebook: the URL of another gradebook than that folder's, or "".
        patience: with a gradebook that does not answer.

    Returns:
        What came of the class.

    Raises:
        WrongCall: if the shards do not fit together, or something in one is not as a run writes it.
    """
    first = shards[0].record
    if any(out.resolve() == path.resolve() for path in (one.files.folder for one in shards)):
        raise WrongCall(f"--out {out}: is one of the shards; name a folder for the whole run")
    need_folder_for(out, course.name, first.seed, first.engine, merged=len(shards))
    hand_ins, left_out, told = _hand_ins(shards), _left_out(shards), _told(shards)
    folder = (course_folder or course.dist / "nbgrader").resolve()
    grading = Grading(out / "results", course, first.seed, NONE, Limits())  # no room is opened
    run = Run(out, grading, first.engine, folder, 1, gradebook)
    write_run(out, replace(first, shard="", merged=len(shards), students=(), failed=(), finished=False))
    before = earlier_graded(out)
    patience = patience or Patience()
    graded = _written_down(run, shards, tell, patience)
    engine = Engine(first.engine, folder, gradebook)
    write_engine(out, engine)
    write_hand_ins(out, hand_ins)
    write_left_out(out, left_out)
    write_history(out, joined(read_history(out), told))
    settled = patience(lambda: settle(course, out, graded, hand_ins, due, engine, before))
    everyone = tuple(sorted(name for one in shards for name in one.record.students))
    failed = tuple(failure for one in shards for failure in one.record.failed)
    done = replace(first, shard="", merged=len(shards), students=everyone, failed=failed)
    write_run(out, replace(done, finished=True))
    return settled


def read_shards(course: Course, outs: Sequence[Path]) -> list[ShardOut]:
    """All shards of a run, in their order, with every student in one of them.

    Args:
        course: that was graded.
        outs: the --out of each shard, in any order; at least one.

    Raises:
        WrongCall: if they are not of one run, or not of this course as it is here.
        NotFinished: if one is missing, or did not come to its end.
    """
    shards = [_read_shard(path) for path in outs]
    _need_one_run(course, shards)
    by_number: dict[str, ShardOut] = {}
    for one in shards:
        if one.record.shard in by_number:
            raise WrongCall(f"{one.told}: is there twice; the other is {by_number[one.record.shard].files.folder}")
        by_number[one.record.shard] = one
    of = read_shard(shards[0].record.shard, 0).of
    unfinished = [one.told for one in shards if not one.record.finished]
    missing = [f"{number}/{of}" for number in range(1, of + 1) if f"{number}/{of}" not in by_number]
    lines = [f"{told}: was not finished; run the same command again" for told in unfinished]
    if missing:
        what = "shard" if len(missing) == 1 else "shards"
        lines.append(f"{what} {', '.join(missing)}: missing; name the --out of every shard")
    if lines:
        raise NotFinished("\n".join(lines))
    ordered = [by_number[f"{number}/{of}"] for number in range(1, of + 1)]
    _need_each_student_once(ordered, of)
    return ordered


def _read_shard(path: Path) -> ShardOut:
    if not path.is_dir():
        raise WrongCall(f"{path}: there is no such folder; name the --out of every shard")
    files = ShardFiles(path)
    content = files.read(FILE, max_bytes=MAX_BYTES)
    record = None if content is None else parsed(content)
    if record is None:
        raise WrongCall(f"{path}: holds no {FILE} of a run; name the --out of every shard")
    if not record.shard:
        raise WrongCall(f"{path}: holds {record.told}, which is no shard; name the --out of every shard")
    read_shard(record.shard, record.seed)
    return ShardOut(files, record)


def _need_one_run(course: Course, shards: Sequence[ShardOut]) -> None:
    """Raises WrongCall for a shard that is of another run than the first one, or of another course than here."""
    first = shards[0]
    content, pins = digest_of_course(course), pins_of(course)
    for one in shards:
        for what, mine, others in (
            ("course", one.record.course, course.name),
            ("number of shards", one.record.shard.split("/")[1], first.record.shard.split("/")[1]),
            ("seed", one.record.seed, first.record.seed),
            ("engine", one.record.engine, first.record.engine),
            ("limits", one.record.limits, first.record.limits),
        ):
            if mine != others:
                raise WrongCall(f"{one.told}: has another {what} ({mine} and not {others}), so it is of another run")
        if one.record.content != content:
            raise WrongCall(f"{one.told}: the course was another one than here; run the shard again with this one")
        if told := differences(pins, one.record.pins):
            raise WrongCall(f"{one.told}: was graded with other versions than those here: {told}")
        if one.record.finished and first.record.finished and one.record.whole != first.record.whole:
            raise WrongCall(f"{one.told}: has read another class than {first.told}; run both with the same hand-ins")


def _need_each_student_once(shards: Sequence[ShardOut], of: int) -> None:
    seen: dict[str, ShardOut] = {}
    for one in shards:
        for student in one.record.students:
            if not is_plain(student):
                raise WrongCall(f"{one.told}: {student!r} is no student's name")
            if student in seen:
                raise WrongCall(f"{student}: is in {seen[student].told} and in {one.told}; one of them is wrong")
            seen[student] = one
            if str(shard_of(student, of)) != one.record.shard:
                raise WrongCall(f"{student}: is in {one.told}, and belongs to shard {shard_of(student, of)}")


def _hand_ins(shards: Sequence[ShardOut]) -> HandIns:
    """What all shards know of students. Raises WrongCall."""
    everyone: dict[str, Known] = {}
    for one in shards:
        content = one.files.read(HAND_INS, max_bytes=MAX_BYTES)
        hand_ins = None if content is None else parsed_hand_ins(content)
        if hand_ins is None:
            raise WrongCall(f"{one.told}: holds no {HAND_INS}; run the shard again")
        for known in hand_ins.known:
            if known.here and known.student not in one.record.students:
                raise WrongCall(f"{one.told}: {known.student!r} has handed in, and was not graded; run the shard again")
            if known.student in everyone:
                raise WrongCall(f"{known.student}: is known in two shards, one of which is {one.told}")
            everyone[known.student] = known
    return HandIns(tuple(everyone[name] for name in sorted(everyone)))


def _told(shards: Sequence[ShardOut]) -> History:
    """What all shards have told their students, attempt by attempt. Raises WrongCall."""
    everyone = History()
    for one in shards:
        content = one.files.read(TOLD, max_bytes=MAX_BYTES)
        history = History() if content is None else parsed_history(content)
        if history is None:
            raise WrongCall(f"{one.told}: {TOLD} is damaged; move it away, or run the shard again")
        mine = {student: of for student, of in history.of.items() if student in one.record.students}
        everyone = joined(everyone, History(mine))
    return everyone


def _left_out(shards: Sequence[ShardOut]) -> list[str]:
    """What belongs to nobody. Every shard has seen it."""
    contents = (one.files.read(LEFT_OUT, max_bytes=MAX_BYTES) or b"" for one in shards)
    return list(dict.fromkeys(line for one in contents for line in one.decode(errors="replace").splitlines()))


def _written_down(
    run: Run, shards: Sequence[ShardOut], tell: Callable[[int, int], None], patience: Patience
) -> list[Graded | NotGraded]:
    """Every student, read from a shard and written down by the engine. Who is written down already stays so."""
    graded: list[Graded | NotGraded] = []
    students = [(student, one) for one in shards for student in one.record.students]
    for student, one in students:  # all of them, before anything is written
        read_student(run.grading.course, one.files, one.record, student)
    with Records(run, patience) as records:
        written = records.as_written(student for student, _ in students)
        for done, (student, one) in enumerate(sorted(students, key=lambda pair: pair[0]), 1):
            read = read_student(run.grading.course, one.files, one.record, student)
            graded += finish(run, records, _as_judged(run, one, read, written))
            tell(done, len(students))
    return sorted(graded, key=lambda one: (one.student, one.notebook))


def _as_judged(run: Run, shard: ShardOut, read: ShardStudent, written: Written) -> Judged:
    """A student as a worker would have judged them."""
    store, student = Store(run.grading.store), read.student
    failed = [NotGraded(one.student, one.notebook, one.problem) for one in shard.record.failed]
    if mine := [one for one in failed if one.student == student]:
        read.keep(store, run.course_folder, run.grading.course.name)
        return Judged(list(mine))
    outcomes: list[Graded | NotGraded] = [
        Graded(student, name, results, scores_by_tests(results)) for name, results in read.results.items()
    ]
    made_of = read.digest(written.digest) if written.digest else ""
    if student in written.students and results_as_written(store, student, made_of) is not None:
        return Judged(outcomes, made_of, is_written=True)
    read.keep(store, run.course_folder, run.grading.course.name)
    return Judged(outcomes, made_of)
