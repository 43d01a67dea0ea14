"""How verdicts are recorded: a student is written down by the engine, all of them or nothing."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from autograder.course.skeleton import load_skeletons
from autograder.errors import GradebookTrouble
from autograder.intake.read import shown
from autograder.judge import Results
from autograder.judge.store import Store
from autograder.log import log_fault, told_of, trace_of
from autograder.run.gradebook.patience import Patience
from autograder.run.graded import Graded, NotGraded, with_verdict, without_verdict
from autograder.run.run import Run
from autograder.run.unchanged import digest_of_run, is_as_written, write_record
from autograder.run.workers.judged import Judged, Written

if TYPE_CHECKING:  # imports nbgrader, and otter works without it
    from autograder.run.gradebook.marks import Mark
    from autograder.run.gradebook.writing import Recorded, Recorder


class Records:
    """A context: nbgrader's gradebook, which is opened when the first student is written down."""

    def __init__(self, run: Run, patience: Patience | None = None):
        self._run = run
        self._patience = patience or Patience()
        self._recorder: Recorder | None = None
        self._marks: dict[tuple[str, str], dict[str, Mark]] = {}

    def __enter__(self) -> "Records":
        self._until_done = ExitStack()
        return self

    def __exit__(self, *_: object) -> None:
        self._until_done.close()

    def as_written(self, everyone: Iterable[str]) -> Written:
        """Of which students nbgrader has exactly what it had when they were written down."""
        run, students = self._run, set()
        if run.engine != "nbgrader" or not run.into_gradebook:
            return Written()
        if run.grading.questions:  # notebooks that were not asked for may be out of date
            return Written()
        from autograder.run.gradebook.marks import marks_of_class
        from autograder.run.gradebook.writing import open_gradebook

        store, course = Store(run.grading.store), run.grading.course
        digest = digest_of_run(run.grading, run.course_folder, run.gradebook)
        if run.grading.again:
            return Written(digest)

        def read_marks() -> "dict[tuple[str, str], dict[str, Mark]]":
            with open_gradebook(course, run.course_folder, run.gradebook) as book:
                return marks_of_class(book, course.name)

        self._marks = self._patience(read_marks)
        for student in everyone:
            marks = {name: self._marks.get((student, name), {}) for name in load_skeletons(course)}
            by_tests = {name: {q: mark.by_tests for q, mark in of.items()} for name, of in marks.items()}
            if is_as_written(store, student, run.autograded(student), by_tests):
                students.add(student)
        return Written(digest, frozenset(students))

    def of_gradebook(self, graded: list[Graded | NotGraded]) -> list[Graded | NotGraded]:
        """A student who is not written down again, with the points that the gradebook had at the beginning."""
        from autograder.run.gradebook.marks import with_marks

        return with_marks(graded, self._marks).graded

    def write(self, student: str, results: tuple[Results, ...]) -> dict[str, dict[str, "Recorded"]]:
        """Have nbgrader grade one student, with verdicts that are known; see `open_for_class`.

        Args:
            student: the student's id, whose clean notebooks are in nbgrader's course already.
            results: the verdicts on all of the student's notebooks.

        Returns:
            What the gradebook then holds: notebook → question → what is recorded.

        Raises:
            NotRecorded: if nbgrader fails; nothing of the student has changed then.
            GradebookTrouble: if the gradebook stays away, or refuses to be written to.
        """
        recorder = self._recorder or self._patience(self._opened)
        return self._patience(lambda: recorder(student, results), recorder.troubles)

    def _opened(self) -> "Recorder":
        from autograder.run.gradebook.writing import open_for_class  # imports nbgrader, and otter works without it

        run = self._run
        opened = open_for_class(run.grading, run.course_folder, run.gradebook)
        self._recorder = self._until_done.enter_context(opened)
        return self._recorder


def finish(run: Run, records: Records, judged: Judged) -> list[Graded | NotGraded]:
    """Write one student down, now that all of their notebooks are judged.

    Args:
        run: what is graded, and how.
        records: of this run, entered.
        judged: the student's verdicts. If one notebook has none, the student is not written down at all.

    Returns:
        What came of each notebook. A fault of nbgrader's with this student is among it, and is not raised.

    Raises:
        GradebookTrouble: if the gradebook stays away, or refuses to be written to.
    """
    if judged.is_written:
        return records.of_gradebook(judged.outcomes)
    failed = without_verdict(judged.outcomes)
    _log_faults(failed)
    if failed:
        return [one if isinstance(one, NotGraded) else _beside_a_failure(one) for one in judged.outcomes]
    graded = with_verdict(judged.outcomes)
    if run.engine == "otter":
        return [_unless_disagreeing(one, one.scores) for one in graded]
    if not run.into_gradebook:
        return [replace(one, scores=scores_by_tests(one.results)) for one in graded]
    try:
        return _recorded(run, records, graded, judged.made_of)
    except GradebookTrouble:  # no student's trouble: nobody is called not graded for it
        raise
    except Exception as problem:  # nbgrader's own trouble with one student must not stop the class
        log_fault(f"{shown(graded[0].student)}: not recorded by nbgrader", trace_of(problem))
        return [NotGraded(one.student, one.notebook, f"nbgrader: {told_of(problem)}") for one in graded]


def _beside_a_failure(one: Graded) -> NotGraded:
    reason = "not written down, as another notebook of this student has no verdict"
    return NotGraded(one.student, one.notebook, reason)


def _log_faults(failed: list[NotGraded]) -> None:
    """Log each trace once, with the notebooks of a student that have it in common."""
    for trace in dict.fromkeys(one.trace for one in failed if one.trace):
        alike = [one for one in failed if one.trace == trace]
        log_fault(f"{shown(alike[0].student)}, {', '.join(one.notebook for one in alike)}", trace)


def _recorded(run: Run, records: Records, graded: list[Graded], made_of: str) -> list[Graded | NotGraded]:
    """What nbgrader has written down of a student. Raises what nbgrader raises."""
    student, results = graded[0].student, [one.results for one in graded]
    recorded = records.write(student, tuple(results))
    outcomes: list[Graded | NotGraded] = []
    for one in graded:
        written = recorded[one.notebook]
        scores = {question: grade.score for question, grade in written.items()}
        by_tests = {question: grade.by_tests for question, grade in written.items()}
        outcomes.append(_unless_disagreeing(replace(one, scores=scores), by_tests))
    had = {name: {question: grade.by_tests for question, grade in of.items()} for name, of in recorded.items()}
    agreed = made_of if not without_verdict(outcomes) else ""
    write_record(Store(run.grading.store), student, agreed, results, run.autograded(student), had)
    return outcomes


def scores_by_tests(results: Results) -> dict[str, float | None]:
    """What tests gave, by question; None for a written answer, which waits for a person."""
    return {question.question: question.score for question in results.questions}


def _unless_disagreeing(one: Graded, scores: dict[str, float | None]) -> Graded | NotGraded:
    """A notebook as graded, if its engine has written down what the judge said: `scores`, by question."""
    disagreement = _disagreement(one.results, scores)
    return NotGraded(one.student, one.notebook, disagreement) if disagreement else one


def _disagreement(results: Results, scores: dict[str, float | None]) -> str:
    """What the engine has written down otherwise than the judge said. There must never be any."""
    for question in results.questions:
        written = scores.get(question.question)
        if question.score is not None and (written is None or abs(written - question.score) > 1e-6):
            return f"{question.question}: the judge gave {question.score:g}, the engine has {written}"
    return ""
