"""Results rendered into nbgrader: `nbgrader autograde` reads hand-ins through intake, and scores by the judge.

nbgrader is extended where it offers it: an exporter that reads a submission, and preprocessors in the place of
the one that would execute it.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode, v4
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import CheckCellMetadata, LimitOutput, NbGraderPreprocessor, OverwriteCells
from traitlets import Unicode
from traitlets.config import Config

from autograder.course import Course, find_course, load_course
from autograder.course.gradebook_url import for_sqlalchemy
from autograder.course.skeleton import OURS, load_skeletons
from autograder.engines.clean import CLEAN, NO_REMARKS, with_remarks
from autograder.engines.feedback import configure_feedback
from autograder.engines.grading import Grading, current_grading
from autograder.engines.late import CourseDeadline
from autograder.engines.recording import AssignPenalties, RestoreKernelspec, RestoreRubrics, SaveGrades
from autograder.engines.results import results_for
from autograder.engines.sanitize import render_students_texts
from autograder.engines.text import verdict_text
from autograder.errors import UserError
from autograder.intake.attachments import find_attachments, with_attachments
from autograder.intake.read import RawCell
from autograder.intake.rebuild import Rebuilt, rebuild_clean, rebuild_file, untouched
from autograder.judge import QuestionResult, Results
from autograder.release.nbgrader_course import configure_release


def configure(
    config: Config, folder: Path, course: Course | Path | None = None, clean: bool = False, own_gradebook: bool = False
) -> None:
    """The whole configuration of nbgrader's course in `folder`.

    Args:
        config: what to change.
        folder: nbgrader's own course folder.
        course: the course, or the folder of its course.toml; by default the one that `folder` lies in.
        clean: whether to grade what lies in CLEAN, not what was handed in.
        own_gradebook: whether the gradebook is the file in `folder`, whatever course.toml names.
    """
    if not isinstance(course, Course):
        course = load_course(course) if course else find_course(folder)
    configure_release(config, folder, course.name)
    if course.gradebook and not own_gradebook:
        config.CourseDirectory.db_url = for_sqlalchemy(course.gradebook)
    config.IntakeExporter.course = config.JudgeCells.course = str(course.folder)
    if clean:
        config.CourseDirectory.submitted_directory = CLEAN
        config.Exporter.optimistic_validation = True  # once, and not after each preprocessor
    else:
        config.Autograde.exporter_class = IntakeExporter
    sanitize = [RestoreKernelspec] if clean else [RestoreKernelspec, OverwriteCells, CheckCellMetadata]
    checked = [] if clean else [CheckCellMetadata]  # in intake's own work there is nothing to be found, or put right
    config.Autograde.sanitize_preprocessors = sanitize
    config.Autograde.autograde_preprocessors = [
        JudgeCells,
        LimitOutput,
        SaveGrades,
        SanitizeStudentText,
        AssignPenalties,
        *checked,
        RestoreRubrics,
    ]
    config.JudgeCells.results = str(folder / "results")
    config.AssignLatePenalties.plugin_class = CourseDeadline
    config.CourseDeadline.course = str(course.folder)
    configure_feedback(config, course.title)


class IntakeExporter(NotebookExporter):
    """Reads a submission through intake, so that no odd file can stop nbgrader's run."""

    course = Unicode(help="the folder of course.toml").tag(config=True)

    def __init__(self, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        try:
            JudgeCells(parent=self).grading()
        except UserError as problem:  # told once, before nbgrader begins with the first of many students
            self.log.error("%s (in nbgrader_config.py, --room is c.JudgeCells.room)", problem)
            raise NbGraderException(str(problem)) from None

    def from_filename(self, filename: str, resources: dict | None = None, **kwargs):
        """The clean notebook of a hand-in; as it is, where nbgrader reads back what it has written itself."""
        names = (resources or {})["nbgrader"]
        if self._is_ours(filename, names):
            return super().from_filename(filename, resources, **kwargs)
        course = Course(Path(self.course))
        skeleton = load_skeletons(course)[names["notebook"]]
        rebuilt = rebuild_file(Path(filename), skeleton, names["student"])
        with tempfile.TemporaryDirectory() as scratch:  # what is beside it is looked at for the notes alone
            rebuilt = _with_files_beside(course, rebuilt, Path(filename).parent, Path(scratch))
        return self.from_notebook_node(with_remarks(rebuilt).notebook, resources, **kwargs)

    def _is_ours(self, filename: str, names: dict) -> bool:
        converter: Any = self.parent
        course = converter.coursedir
        written = course.format_path(course.autograded_directory, names["student"], names["assignment"])
        return Path(written).resolve() in Path(filename).resolve().parents


class JudgeCells(NbGraderPreprocessor):
    """In the place of nbgrader's Execute: the judge's verdict as the output of every check cell."""

    results = Unicode("results", help="folder of the judge's results").tag(config=True)
    course = Unicode(help="the folder of course.toml").tag(config=True)
    room = Unicode("auto", help="where student code runs: auto, bwrap, uid, or none, which trusts it").tag(config=True)

    def grading(self) -> Grading:
        """How to judge now.

        Raises:
            CourseError: if the course cannot be read.
            NoSuchRoom: if the machine has no such room.
        """
        return current_grading(Path(self.results), Course(Path(self.course)), self.room)

    def preprocess(self, nb: NotebookNode, resources: dict):
        """Judge the notebook, or take the Results that the run has of it already."""
        names = resources["nbgrader"]
        course, places = Course(Path(self.course)), self.parent.parent.coursedir
        handed_in = places.format_path(places.submitted_directory, names["student"], names["assignment"])
        rebuilt = _rebuilt(course, nb, names["notebook"], names["student"])
        with tempfile.TemporaryDirectory() as scratch:
            rebuilt = _with_files_beside(course, rebuilt, Path(handed_in), Path(scratch))
            remarks = NO_REMARKS | nb.metadata.get(OURS, {})
            absent = tuple((question, sentence) for question, sentence in remarks["absent"])
            submission = replace(rebuilt.submission, notes=tuple(remarks["notes"]), absent=absent)
            judged = results_for(submission, self.grading())
        for cell in nb.cells:
            if cell.metadata.get(OURS, {}).get("role") == "check":
                cell.outputs = rendered(judged.question(cell.metadata[OURS].question), judged)
                cell.execution_count = 1
        resources["judged"] = judged
        return nb, resources


def _rebuilt(course: Course, nb: NotebookNode, notebook: str, student: str) -> Rebuilt:
    skeleton = load_skeletons(course)[notebook]
    remarks = NO_REMARKS | nb.metadata.get(OURS, {})
    if remarks["problem"]:
        return untouched(skeleton, student, remarks["problem"], remarks["missing"])
    raw = [RawCell(cell.cell_type, cell.source, cell.id) for cell in nb.cells]
    return rebuild_clean(raw, skeleton, student)


def _with_files_beside(course: Course, rebuilt: Rebuilt, handed_in: Path, scratch: Path) -> Rebuilt:
    """The same with its attachments. handed_in: not nbgrader's own copy, which has files where that has links."""
    attachments = course.attachments_of(rebuilt.submission.notebook)
    found = find_attachments(handed_in, attachments)
    return with_attachments(rebuilt, attachments, found, handed_in, scratch / "attached")


def rendered(question: QuestionResult, judged: Results) -> list[NotebookNode]:
    """A check cell's outputs: what the student is told, then a number, which is all that nbgrader scores.

    A bonus shows the number 0, as its cell has no points: SaveGrades writes it.

    Args:
        question: the verdict on the question that the cell checks.
        judged: the results of the whole notebook, whose notes may name the question.
    """
    notes = "".join(f"note: {note}.\n" for note in judged.notes if f" {question.question}" in note)
    said = v4.new_output("stream", name="stdout", text=verdict_text(question, judged.room) + notes)
    # A verdict that was just made may have an int, where one that was kept has a float.
    score = 0.0 if question.bonus else None if question.score is None else float(question.score)
    return [said, v4.new_output("execute_result", data={"text/plain": f"{score!r}"}, execution_count=1)]


class SanitizeStudentText(NbGraderPreprocessor):
    """Renders what students wrote to harmless HTML, before a grader's or a student's browser shows it."""

    def preprocess(self, nb: NotebookNode, resources: dict):
        """Sanitise the student's own text cells, as far as a grading run has not done so; ours keep their HTML."""
        render_students_texts(nb)
        return nb, resources
