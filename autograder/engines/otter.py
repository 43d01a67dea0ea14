"""Results rendered into otter-grader: a plugin that judges before otter would run anything of the student's."""

import os
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from otter.check.notebook import OTTER_LOG_FILENAME
from otter.plugins import AbstractOtterPlugin
from otter.test_files import GradingResults, TestFile
from otter.test_files.abstract_test import TestCaseResult

from autograder.course import Course, find_course, load_course
from autograder.course.questions import Question, read_question
from autograder.course.skeleton import load_skeletons
from autograder.engines.grading import Grading, course_in_force, current_grading, in_a_run
from autograder.engines.results import results_for
from autograder.errors import UserError
from autograder.intake.attachments import find_attachments, with_attachments
from autograder.intake.rebuild import rebuild_file
from autograder.judge import QuestionResult, Results
from autograder.room import NONE, pick_kind, place_of, use_places
from autograder.room.forked import ForkedPlace

KERNELS = Path(__file__).parent / "kernels"
KERNEL = "autograder-otter"
"""What otter runs its own cells in, without a wall, as nothing of a student's is left by then: it is forked from this
process, which has imported otter already."""

PASSED = "✅ Test case passed"
FAILED = "❌ Test case failed\n"


class JudgePlugin(AbstractOtterPlugin):
    """Judges in `before_execution`, and writes the Results in `after_grading`.

    In between, otter executes an empty notebook in an empty folder: without this plugin's second half, every
    test of it fails. plugin_config: {"notebook": the name of the notebook that the zip grades, "course": the folder of
    course.toml, "room": where student code runs (auto, bwrap, uid, or none, which trusts it); auto by default}.
    """

    _results: Results

    def before_grading(self, config) -> None:
        """Remove what otter would unpickle: the log that came with the submission. End in one line without a room."""
        config.grade_from_log = False
        Path(OTTER_LOG_FILENAME).unlink(missing_ok=True)
        if not in_a_run():  # which has every verdict already
            try:
                needs = self._course().room_needs
                place_of(pick_kind(self._room(), needs), needs).warm_up()
            except UserError as problem:
                raise SystemExit(f"autograder: {problem}") from None

    def before_execution(self, submission: NotebookNode) -> NotebookNode:
        """Judge the submission, empty its folder, and give otter a notebook of ours without any cell."""
        course, notebook = self._course(), self.plugin_config["notebook"]
        skeleton = load_skeletons(course)[notebook]
        path = Path(self.submission_path)
        rebuilt = rebuild_file(path, skeleton, student=path.stem)
        with tempfile.TemporaryDirectory() as folder:
            attachments = course.attachments_of(notebook)
            found = find_attachments(path.parent, attachments)
            clean = with_attachments(rebuilt, attachments, found, path.parent, Path(folder) / "attached").submission
            self._results = results_for(clean, self._grading(Path(folder)))
        _empty(path.parent)
        for test in path.parent.glob("tests/*.py"):
            test.write_text(emptied(read_question(course.questions / test.name)), encoding="utf-8")
        _make_known(KERNELS)
        if not in_a_run():  # whose workers see to it themselves
            use_places(ForkedPlace())
        return nbformat.v4.new_notebook(metadata={"kernelspec": {"name": KERNEL, "display_name": KERNEL}})

    def _grading(self, folder: Path) -> Grading:
        return current_grading(folder / "results", self._course(), self._room())

    def _course(self) -> Course:
        """The run's course; otherwise the one that the zip was made from.

        That is where it was then, unless AUTOGRADER_COURSE names another place.
        """
        if (course := course_in_force()) is not None:
            return course
        folder = os.environ.get("AUTOGRADER_COURSE") or self.plugin_config.get("course")
        return load_course(Path(folder)) if folder else find_course(Path())

    def _room(self) -> str:
        return self.plugin_config.get("room", "auto")

    def after_grading(self, results: GradingResults) -> None:
        """Put the judge's verdicts in the place of what otter found in the empty notebook."""
        if results.has_catastrophic_failure():
            raise RuntimeError(f"otter could not grade at all: {results.catastrophic_error}")
        judged = {q.question: q for q in self._results.questions if q.cases}
        if set(results.test_files) != set(judged):
            raise RuntimeError(f"the zip tests {sorted(results.test_files)}, the judge judged {sorted(judged)}")
        for name, question in judged.items():
            render(results.get_result(name), question)

    def generate_report(self) -> str:
        """What the instructor sees: where the code ran, with which seed, and what had to be restored."""
        judged = self._results
        notes = "".join(f"\n- {note}" for note in judged.notes)
        trusted = " STUDENT CODE WAS TRUSTED." if judged.room == NONE else ""
        return f"Judged in a room of kind '{judged.room}' with seed {judged.seed}.{trusted}{notes}"


def emptied(question: Question) -> str:
    """A test file with the question's cases and their points, which fail: what they would test is judged already."""
    lines = ["from otter.test_files import test_case", "OK_FORMAT = False", f"name = {question.name!r}"]
    lines.append(f"points = {question.points!r}")
    for number, case in enumerate(question.judged_cases()):
        lines.append(f"@test_case(name={case.name!r}, points={case.points!r}, hidden={case.hidden!r})")
        lines.append(f"def case_{number}():\n    raise AssertionError('judged elsewhere')")
    return "\n".join(lines) + "\n"


def _make_known(kernels: Path) -> None:
    """Let Jupyter find a folder of kernels in this process, before all others."""
    known = [path for path in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if path]
    if str(kernels) not in known:
        os.environ["JUPYTER_PATH"] = os.pathsep.join([str(kernels), *known])


def render(test_file: TestFile, question: QuestionResult) -> None:
    """One question's verdict as otter's test case results. A bonus has no points to lose, only to gain.

    otter numbers a question's cases in the order of its file, and so does the judge.

    Args:
        test_file: otter's, of the same question; it gets the results.
        question: the verdict, with as many cases as the file has.

    Raises:
        ValueError: if they have different numbers of cases.
    """
    results = []
    for case, verdict in zip(test_file.test_cases, question.cases, strict=True):
        message = PASSED if verdict.passed else FAILED + verdict.message
        results.append(TestCaseResult(test_case=case, message=message, passed=verdict.passed))
        if question.bonus:
            case.points = 0
    test_file.test_case_results = results
    test_file.update_score(question.score)


def _empty(folder: Path) -> None:
    """Leave otter's own kernel nothing of the student's to import: only the tests stay."""
    for path in folder.iterdir():
        if path.name == "tests" and not path.is_symlink():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
