"""On the machine of the command: what of a student a cluster is to judge. Intake is done here."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from autograder.engines.results import kept_results
from autograder.intake.collect import clean
from autograder.intake.gather import Handin, unpacked
from autograder.intake.rebuild import Rebuilt
from autograder.judge import Results
from autograder.judge.store import key_of_parts, parts_of
from autograder.rendering import renderer
from autograder.room import Place, use_places
from autograder.run.cluster.agent import ATTACHED, TASK, Task
from autograder.run.cluster.packing import packed
from autograder.run.graded import Graded, NotGraded
from autograder.run.run import Run
from autograder.run.unchanged import digest_of_hand_in
from autograder.run.workers.judged import Judged, Written, as_written, none_graded, write_clean
from autograder.run.workers.otter_run import run_otter


@dataclass(frozen=True)
class Wanted:
    """A submission to be judged. parts: what its verdict depends on."""

    rebuilt: Rebuilt
    parts: dict[str, str]

    @property
    def key(self) -> str:
        """The key that its results are kept under."""
        return key_of_parts(self.parts)

    def packed(self, run: Run) -> bytes:
        """It as content, with its attachments, for an agent."""
        submission = self.rebuilt.submission
        seed = run.grading.seed
        assert seed is not None  # a run's seed is known before anything is judged
        task = Task(replace(submission, folder=None), seed, run.grading.limits)
        files = {TASK: TypeAdapter(Task).dump_json(task)}
        if submission.folder is not None:
            files |= {f"{ATTACHED}{path.name}": path.read_bytes() for path in sorted(submission.folder.iterdir())}
        return packed(files)


@dataclass(frozen=True)
class Prepared:
    """A student after intake.

    done: what came of them, if there is nothing to judge. rebuilt: all of their notebooks. known: notebook → the
    verdict that holds. wanted: notebook → what is to be judged. made_of: see `autograder.run.unchanged`.
    """

    student: str
    done: Judged | None = None
    rebuilt: tuple[Rebuilt, ...] = ()
    known: dict[str, Results] | None = None
    wanted: dict[str, Wanted] | None = None
    made_of: str = ""


def prepare_student(run: Run, scratch: Path, written: Written, handin: Handin) -> Prepared:
    """In a worker of this machine: intake, and which of the notebooks have no verdict that holds.

    Args:
        run: what is graded, and how.
        scratch: the run's folder, where attachments stay until they are sent.
        written: of whom everything is written down already.
        handin: the student's.

    Returns:
        The student. What intake raises is in `done`, as notebooks without a verdict, and is not raised.
    """
    with unpacked(handin) as whole:
        return _prepare_unpacked(run, scratch, written, whole)


def _prepare_unpacked(run: Run, scratch: Path, written: Written, handin: Handin) -> Prepared:
    student = handin.student
    made_of = digest_of_hand_in(written.digest, handin, scratch) if written.digest else ""
    if (unchanged := as_written(run, written, student, made_of)) is not None:
        return Prepared(student, unchanged)
    try:
        cleaned = clean(handin, run.grading.course, scratch)
        write_clean(run, student, cleaned, handin.origin.handed_in)
    except Exception as problem:
        return Prepared(student, Judged(none_graded(run, student, problem)))
    known, wanted = {}, {}
    for name, rebuilt in cleaned.items():
        parts = parts_of(rebuilt.submission, run.grading.room, run.grading.limits, run.grading.course)
        kept = kept_results(rebuilt.submission, run.grading, parts)
        if kept is None:
            wanted[name] = Wanted(rebuilt, parts)
        else:
            known[name] = kept
    return Prepared(student, None, tuple(cleaned.values()), known, wanted, made_of)


def run_otter_for(run: Run, scratch: Path, rebuilt: tuple[Rebuilt, ...], results: dict[str, Results]) -> Judged:
    """In a worker of this machine: otter's own scores of a student, all of whose verdicts are known.

    Args:
        run: what is graded, and how.
        scratch: the run's folder, for otter's files.
        rebuilt: all notebooks of the student.
        results: notebook → its verdict, for each of `rebuilt`.

    Returns:
        The notebooks with otter's scores. A fault of otter's leaves a notebook not graded, and is not raised.
    """
    outcomes: list[Graded | NotGraded] = []
    for one in rebuilt:
        student, notebook = one.submission.student, one.submission.notebook
        verdict = results[notebook]
        try:
            if one.submission.missing:  # nobody calls otter without a notebook
                scores = {question.question: question.score for question in verdict.questions}
            else:
                scores = run_otter(replace(run.grading, known=(verdict,)), one, scratch)
            outcomes.append(Graded(student, notebook, verdict, scores))
        except Exception as problem:
            outcomes.append(NotGraded.because_of(problem, student, notebook))
    remove_attached(rebuilt)
    return Judged(outcomes)


def remove_attached(rebuilt: tuple[Rebuilt, ...]) -> None:
    """Remove the copies of a student's attachments, once nothing is to be sent any more: weights are large.

    Args:
        rebuilt: all notebooks of the student.
    """
    for one in rebuilt:
        if one.submission.folder is not None:
            shutil.rmtree(one.submission.folder, ignore_errors=True)


def get_ready(engine: str, kernels: Place | None) -> None:
    """In a worker of this machine, at its start. It opens no room for student code.

    Args:
        engine: "nbgrader" or "otter".
        kernels: the place whose folder otter's own kernels use; None without otter.
    """
    if engine == "nbgrader":
        renderer().warm_up()
    if kernels is not None:
        from autograder.room.forked import ForkedPlace  # imports a kernel, which nothing else here needs

        use_places(ForkedPlace(folder=kernels.folder))
