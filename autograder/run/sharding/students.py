"""One student of a shard, as another machine has judged them: read, and checked for all that a run relies on."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from autograder.atomic import FOR_US, write_bytes
from autograder.course import Course
from autograder.course.skeleton import load_skeletons
from autograder.engines.clean import CLEAN
from autograder.errors import WrongCall
from autograder.intake.timestamps import FILE as TIMESTAMP
from autograder.judge import Results
from autograder.judge.store import Store
from autograder.run.run_record import RunRecord
from autograder.run.sharding.files import ShardFiles

MAX_RESULT = 20_000_000
MAX_NOTEBOOK = 200_000_000
MAX_TIMESTAMP = 200
SLACK = 1e-6


@dataclass(frozen=True)
class ShardStudent:
    """What a shard holds of a student.

    results: notebook → verdict. written: notebook → the verdict as it stands in the shard. clean: name → what nbgrader
    reads: clean notebooks and attachments.
    """

    student: str
    results: dict[str, Results]
    written: dict[str, bytes]
    clean: dict[str, bytes]

    def digest(self, run: str) -> str:
        """The hash of all of this and of `run`."""
        digest = hashlib.sha256(f"{run} {self.student!r}\n".encode())
        for name, content in (*sorted(self.written.items()), *sorted(self.clean.items())):
            digest.update(f"{name!r} {hashlib.sha256(content).hexdigest()}\n".encode())
        return digest.hexdigest()

    def keep(self, store: Store, course_folder: Path, assignment: str) -> None:
        """Put the verdicts where a run has them, and the clean notebooks where nbgrader reads them.

        Args:
            store: the results of the whole run.
            course_folder: nbgrader's own course folder. What else lies among the student's clean notebooks is removed.
            assignment: the course's name.
        """
        for name, content in self.written.items():
            write_bytes(store.path(self.student, name), content, FOR_US)
        folder = course_folder / CLEAN / self.student / assignment
        if folder.is_dir():
            for path in folder.iterdir():
                if path.name not in self.clean:
                    path.unlink()
        for name, content in self.clean.items():
            write_bytes(folder / name, content)


def read_student(course: Course, files: ShardFiles, record: RunRecord, student: str) -> ShardStudent:
    """What a shard holds of one of its students.

    Args:
        course: that was graded.
        files: the shard's.
        record: the shard's run.json.
        student: who.

    Raises:
        WrongCall: in one line, if anything is missing or is not as a run writes it.
    """
    failed = any(one.student == student for one in record.failed)
    results, written = {}, {}
    for name in load_skeletons(course):
        content = files.read("results", student, f"{name}.json", max_bytes=MAX_RESULT)
        if content is None and failed:
            continue
        results[name] = _checked(course, files.folder, record, student, name, content)
        written[name] = content or b""
    clean = {} if record.engine == "otter" or failed else _clean(course, files, student)
    return ShardStudent(student, results, written, clean)


def _checked(
    course: Course, folder: Path, record: RunRecord, student: str, notebook: str, content: bytes | None
) -> Results:
    """A verdict that is of this student, notebook, run and course."""
    where = f"{folder / 'results' / student / notebook}.json"
    if content is None:
        raise WrongCall(f"{where}: is missing; run this shard again")
    try:
        results = Results.from_json(content.decode())
    except ValueError:
        raise WrongCall(f"{where}: is no result; run this shard again") from None
    if (results.student, results.notebook, results.seed) != (student, notebook, record.seed):
        raise WrongCall(f"{where}: is of another student, notebook or seed; run this shard again")
    cells = [cell for cell in load_skeletons(course)[notebook].cells if cell.role in ("check", "written")]
    if sorted(one.question for one in results.questions) != sorted(cell.question for cell in cells):
        raise WrongCall(f"{where}: has other questions than the notebook; run this shard again")
    points = {cell.question: cell.points for cell in cells}
    for one in results.questions:
        most = sum(case.points for case in one.cases) if one.bonus else one.max_score
        if one.max_score > points[one.question] + SLACK or not -SLACK <= (one.score or 0.0) <= most + SLACK:
            raise WrongCall(f"{where}: has points of {one.question} that there cannot be; run this shard again")
    return results


def _clean(course: Course, files: ShardFiles, student: str) -> dict[str, bytes]:
    """The clean notebooks of a student; other files than these raise WrongCall."""
    limits = {f"{name}.ipynb": MAX_NOTEBOOK for name in course.notebooks} | {TIMESTAMP: MAX_TIMESTAMP}
    where = CLEAN, student, course.name
    clean = {}
    for name in files.names(*where):
        if name not in limits:
            raise WrongCall(f"{files.folder.joinpath(*where, name)}: is no notebook of this course")
        clean[name] = files.read(*where, name, max_bytes=limits[name]) or b""
    if not any(name.endswith(".ipynb") for name in clean):
        raise WrongCall(f"{files.folder.joinpath(*where)}: holds no notebook; run this shard again")
    return clean
