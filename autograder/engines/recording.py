"""How nbgrader's autograde writes one student down: into a gradebook that stays open, all of the student or nothing.

nbgrader opens a gradebook some twenty times for a student, each with an engine of its own that compiles every query
anew, and commits after each cell. These are its converter and its preprocessors with one gradebook for them all, which
the converter hands on. Where a person calls `nbgrader autograde`, each preprocessor opens its own, as nbgrader's do.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, MissingEntry
from nbgrader.converters import Autograde, BaseConverter
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, OverwriteKernelspec, SaveAutoGrades
from nbgrader.utils import determine_grade, find_all_files, is_task
from traitlets import Instance

from autograder.course.skeleton import OURS
from autograder.engines.answers import KEY
from autograder.engines.any_name import AnyName
from autograder.engines.class_gradebook import ClassGradebook


class AutogradeClean(AnyName, Autograde):
    """nbgrader's autograde of what lies in CLEAN: it is sanitised already, so it is converted once, and not twice.

    failures: what was raised while notebooks were converted. nbgrader itself keeps nothing of it but a text.
    graded_answers: (notebook, question) → the written answer as it was when the student was written down last.
    """

    notebooks: list[str]
    gradebook = Instance(ClassGradebook, help="where everything is written")

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.failures: list[Exception] = []
        self.graded_answers: dict[tuple[str, str], str] = {}

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Begin a student's submission, as nbgrader does it. Raises NbGraderException."""
        BaseConverter.init_assignment(self, assignment_id, student_id)
        try:
            known = {notebook.name for notebook in self.gradebook.find_assignment(assignment_id).notebooks}
        except MissingEntry:
            raise NbGraderException(f"the gradebook knows no assignment {assignment_id}; make the release") from None
        self.gradebook.update_or_create_student(student_id)
        timestamp = self.coursedir.get_existing_timestamp(self._format_source(assignment_id, student_id))
        when = {"timestamp": timestamp} if timestamp else {}
        self.gradebook.update_or_create_submission(assignment_id, student_id, **when)
        self._copy_sources(assignment_id, student_id)
        self.notebooks = [path for path in self.notebooks if _name(path) in known]
        if not self.notebooks:
            raise NbGraderException("the gradebook knows none of the notebooks; make the release")
        for missing in known - {_name(path) for path in self.notebooks}:
            for grade in self.gradebook.find_submission_notebook(missing, assignment_id, student_id).grades:
                self.ask(grade, 0.0, missing, None)
        self.gradebook.db.commit()

    def ask(self, grade: Grade, by_tests: float | None, notebook: str, answer: str | None) -> None:
        """Write down what tests gave, and whether a person is asked for.

        nbgrader asks for a person wherever a TA has graded, each time anew. This asks where what was graded has changed
        since: the answer to a written question, or else what the tests give.

        Args:
            grade: of the gradebook, which is changed and not committed.
            by_tests: points; None for a written answer, and for any other that a person is to grade.
            notebook: its name, without `.ipynb`.
            answer: the student's text now, for a written question; None if the notebook is missing, or for tests.
        """
        if grade.manual_score is None:
            grade.needs_manual_grade = by_tests is None
        elif grade.cell.type == "TaskCell":
            grade.needs_manual_grade |= answer != self.graded_answers.get((notebook, grade.name))
        else:
            grade.needs_manual_grade |= abs((grade.auto_score or 0.0) - (by_tests or 0.0)) > 1e-6
        grade.auto_score = by_tests

    def _copy_sources(self, assignment_id: str, student_id: str) -> None:
        """The instructor's files beside the notebooks, over the student's."""
        source = self.coursedir.format_path(self.coursedir.source_directory, ".", assignment_id)
        kept = {os.path.join(source, name) for name in self.exclude_overwriting.get(assignment_id, [])}
        for path in set(find_all_files(source, [*self.coursedir.ignore, "*.ipynb"])) - kept:
            copy = os.path.join(self._format_dest(assignment_id, student_id), os.path.relpath(path, source))
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            if os.path.lexists(copy):
                os.remove(copy)  # it may be a link, or not to be written to
            shutil.copy(path, copy)

    def _init_preprocessors(self) -> None:
        self.exporter._preprocessors = []
        for preprocessor in (*self.sanitize_preprocessors, *self.autograde_preprocessors):
            self.exporter.register_preprocessor(preprocessor)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Convert a notebook and write its grades into the gradebook."""
        self._init_preprocessors()
        try:
            BaseConverter.convert_single_notebook(self, notebook_filename)
        except Exception as problem:
            self.failures.append(problem)
            raise


class SaveGrades(SaveAutoGrades):
    """nbgrader's SaveAutoGrades, which knows bonuses as well: a bonus has points, and its cell has none."""

    def preprocess(self, nb: NotebookNode, resources: dict):
        """Write the scores and comments of a notebook."""
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = (
            names[part] for part in ("notebook", "assignment", "student")
        )
        self._bonuses = {one.question: one.score for one in resources["judged"].questions if one.bonus}
        self._answers = nb.metadata.get(OURS, {}).get(KEY, {})
        with _gradebook_of(self, names["db_url"]) as self.gradebook:
            return NbGraderPreprocessor.preprocess(self, nb, resources)

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int):
        """nbgrader's own, and for a written answer that a TA has graded, whether it has changed since."""
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if is_task(cell) and (converter := _converter_of(self)) is not None:
            question = cell.metadata.nbgrader.grade_id
            grade = self._grade(question)
            converter.ask(grade, None, self.notebook_id, self._answers.get(question, ""))
            self.gradebook.db.commit()
        return cell, resources

    def _add_score(self, cell: NotebookNode, resources: dict) -> None:
        question = cell.metadata.nbgrader.grade_id
        grade, bonus = self._grade(question), self._bonuses.get(question)
        if bonus is not None and not grade.auto_score and grade.extra_credit:
            # Earlier versions wrote a bonus here, and a TA may have changed it: it counts as before, and not twice.
            grade.extra_credit = max(grade.extra_credit - bonus, 0) or None
        score = determine_grade(cell, self.log)[0] if bonus is None else bonus
        if (converter := _converter_of(self)) is not None:
            converter.ask(grade, score, self.notebook_id, None)
        else:  # as nbgrader does it
            grade.auto_score, grade.needs_manual_grade = score, grade.manual_score is not None or score is None
        self.gradebook.db.commit()

    def _grade(self, question: str) -> Grade:
        return self.gradebook.find_grade(question, self.notebook_id, self.assignment_id, self.student_id)


class AssignPenalties(AssignLatePenalties):
    """nbgrader's AssignLatePenalties, in the gradebook that is open."""

    def preprocess(self, nb: NotebookNode, resources: dict):
        """Write the penalty of a notebook that was late, or that there is none."""
        self.init_plugin()
        names = resources["nbgrader"]
        notebook, assignment, student = (names[part] for part in ("notebook", "assignment", "student"))
        with _gradebook_of(self, names["db_url"]) as gradebook:
            late = gradebook.find_submission(assignment, student).total_seconds_late
            submitted = gradebook.find_submission_notebook(notebook, assignment, student)
            penalty = self.plugin_inst.late_submission_penalty(student, submitted.score, late) if late > 0 else None
            if penalty is not None:
                penalty = self._check_late_penalty(submitted, penalty)
            submitted.late_submission_penalty = penalty
            gradebook.db.commit()
        return nb, resources


class RestoreKernelspec(OverwriteKernelspec):
    """nbgrader's OverwriteKernelspec, in the gradebook that is open."""

    def preprocess(self, nb: NotebookNode, resources: dict):
        """Put back the kernel that the released notebook has."""
        names = resources["nbgrader"]
        with _gradebook_of(self, names["db_url"]) as gradebook:
            kernel = gradebook.find_notebook(names["notebook"], names["assignment"]).kernelspec
            if kernel is not None and (known := json.loads(kernel)):
                nb.metadata["kernelspec"] = known
        return nb, resources


class RestoreRubrics(NbGraderPreprocessor):
    """Puts the mark schemes of written questions back, so that TAs read them in formgrader.

    nbgrader's OverwriteCells does so as well. Students' pages leave them out, by nbgrader's ClearMarkScheme.
    """

    def preprocess(self, nb: NotebookNode, resources: dict):
        """Give every written question the text that it has in the instructor's notebook."""
        names = resources["nbgrader"]
        with _gradebook_of(self, names["db_url"]) as gradebook:
            for cell in filter(is_task, nb.cells):
                question = cell.metadata.nbgrader.grade_id
                with suppress(MissingEntry):
                    source = gradebook.find_source_cell(question, names["notebook"], names["assignment"]).source
                    cell.source = source or cell.source
        return nb, resources


@contextmanager
def _gradebook_of(preprocessor: NbGraderPreprocessor, url: str) -> Iterator[Gradebook]:
    """The gradebook that AutogradeClean has open, or one that is opened for this preprocessor alone."""
    if (converter := _converter_of(preprocessor)) is not None:
        yield converter.gradebook
        return
    with Gradebook(url) as gradebook:
        yield gradebook


def _converter_of(preprocessor: NbGraderPreprocessor) -> AutogradeClean | None:
    """The converter of a grading run of ours, or None if a person has called nbgrader."""
    converter = preprocessor.parent.parent
    return converter if isinstance(converter, AutogradeClean) else None


def _name(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]
