"""run.json: what a run has graded and with what, so that shards can be told apart and put together."""

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from autograder.atomic import FOR_US, write_bytes
from autograder.errors import WrongCall
from autograder.judge.results import STRICT
from autograder.judge.store import Store
from autograder.run.course_content import digest_of_course, pins_of
from autograder.run.graded import Graded, NotGraded, without_verdict
from autograder.run.hand_ins import AS_IT_IS, Intake, beginning
from autograder.run.page import read_graded
from autograder.run.report import grade_and_tell
from autograder.run.run import Run
from autograder.run.sharding.shards import Shard, intake_of
from autograder.run.workers.executor import Executor, LocalWorkers

FILE = "run.json"
MAX_BYTES = 50_000_000


@dataclass(frozen=True, config=STRICT)
class Failed:
    """A notebook without a verdict, and why."""

    student: str
    notebook: str
    problem: str


@dataclass(frozen=True, config=STRICT)
class RunRecord:
    """A run.

    course: its name. content: the hash of the course. pins: the versions of all that judged. limits: of the rooms.
    shard: "2/8", or "" for a whole class. merged: of how many shards it was put together; 0 if it was not. whole: the
    hash of who was in the class. students: who has handed in. failed: notebooks without a verdict. finished: whether
    the run came to its end.
    """

    course: str
    content: str
    pins: dict[str, str]
    seed: int
    engine: str
    limits: dict[str, float]
    shard: str = ""
    merged: int = 0
    whole: str = ""
    students: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()
    finished: bool = False

    @property
    def told(self) -> str:
        """What it is, for a message."""
        what = f"shard {self.shard}" if self.shard else f"{self.merged} shards" if self.merged else "a run"
        return f"{what} of {self.course} with seed {self.seed} and {self.engine}"


def grade_and_record(
    run: Run,
    out: Path,
    intake: Intake = AS_IT_IS,
    shard: Shard | None = None,
    executor: Callable[[Run, Path], Executor] = LocalWorkers,
) -> list[Graded | NotGraded]:
    """Grade a class or a shard of it, see `autograder.run.report`, and keep in `out` what was graded, and with what.

    Args:
        run: what to grade, and how.
        out: the folder of all files.
        intake: how the class is read.
        shard: the part of the class; None for all of it.
        executor: makes who judges.

    Returns:
        What came of every notebook of this run.

    Raises:
        NothingHandedIn: if there is nothing to grade.
        WrongCall: if the class cannot be read as `intake` says.
    """
    begun = record_of(run, shard)
    reads = intake if shard is None else intake_of(shard, intake)
    outcomes = grade_and_tell(run, out, beginning(reads, lambda: write_run(out, begun)), executor)
    everyone = read_graded(out)
    failed = tuple(Failed(one.student, one.notebook, one.problem) for one in without_verdict(everyone))
    students = tuple(sorted({one.student for one in everyone}))
    whole = "" if shard is None else reads.whole[0]  # type: ignore[attr-defined]  # intake_of's
    write_run(out, replace(begun, whole=whole, students=students, failed=failed, finished=True))
    return outcomes


def record_of(run: Run, shard: Shard | None = None, merged: int = 0) -> RunRecord:
    """What is known of a run before it begins. If the run has no seed, one is drawn and kept in its folder.

    Args:
        run: what to grade, and how.
        shard: the part of the class; None for all of it.
        merged: of how many shards it is put together; 0 if it is not.
    """
    grading = run.grading
    seed = Store(grading.store).seed() if grading.seed is None else grading.seed
    limits = {name: float(value) for name, value in asdict(grading.limits).items()}
    content, pins = digest_of_course(grading.course), pins_of(grading.course)
    part = "" if shard is None else str(shard)
    return RunRecord(grading.course.name, content, pins, seed, run.engine, limits, part, merged)


def need_folder_for(out: Path, course: str, seed: int | None, engine: str, part: str = "", merged: int = 0) -> None:
    """See to it that a run's folder does not hold another run, which would be mixed up with this one.

    A run on a whole class may go on in the folder of any other one, as it always could.

    Args:
        out: the folder of a run.
        course: the name of the course.
        seed: of the run; None to take the folder's.
        engine: nbgrader or otter.
        part: the shard, such as "2/8"; "" for none.
        merged: how many shards are put together there; 0 for none.

    Raises:
        WrongCall: if it does.
    """
    try:
        there = parsed((out / FILE).read_bytes())
    except OSError:
        there = None
    special = bool(part or merged)
    if there is not None and (special or there.shard):
        if (there.course, there.seed, there.engine, there.shard, there.merged) != (course, seed, engine, part, merged):
            raise WrongCall(f"--out {out}: holds {there.told}; name another folder, or remove this one")
    elif there is None and special and _holds_results(out):
        raise WrongCall(f"--out {out}: holds another run; name another folder, or remove this one")


def _holds_results(out: Path) -> bool:
    return (out / "scores.csv").exists() or any((out / "results").glob("*/*.json"))


def parsed(content: bytes) -> RunRecord | None:
    """What `write_run` wrote; None for anything else."""
    try:
        return _adapter().validate_json(content)
    except ValidationError:
        return None


def write_run(out: Path, record: RunRecord) -> None:
    """Write run.json anew, or leave it as it was.

    Args:
        out: the run's folder.
        record: of the run, begun or finished.
    """
    write_bytes(out / FILE, _adapter().dump_json(record, indent=1), FOR_US)


@lru_cache
def _adapter() -> TypeAdapter[RunRecord]:
    return TypeAdapter(RunRecord)
