"""How nbgrader's autograde writes one student down: into a gradebook that stays open, all of the student or nothing.

nbgrader opens a gradebook some twenty times for a student, each with an engine of its own that compiles every query
anew, and commits after each cell. These are its converter and its preprocessors with one gradebook for them all, which
the converter hands on. Where a person calls `nbgrader autograde`, each preprocessor opens its own, as nbgrader's do.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, BaseConverter
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, OverwriteKernelspec, SaveAutoGrades
from nbgrader.utils import find_all_files
from sqlalchemy.orm import scoped_session, sessionmaker
from traitlets import Instance

from autograder.engines.any_name import AnyName


class ClassGradebook(Gradebook):
    """A gradebook that stays open for a whole class."""

    db: scoped_session

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Write down what happens inside at once, at its end; nothing of it if something is raised.

        nbgrader's own commits inside are not passed on to the database, as SQLAlchemy offers it for a session that
        joins a transaction.
        """
        kept = self.db
        with self.engine.begin() as connection:
            joins = sessionmaker(bind=connection, autoflush=True, join_transaction_mode="rollback_only")
            self.db = scoped_session(joins)
            try:
                yield
                self.db.flush()
            finally:
                self.db.remove()
                self.db = kept


class AutogradeClean(AnyName, Autograde):
    """nbgrader's autograde of what lies in CLEAN: it is sanitised already, so it is converted once, and not twice.

    failures: what was raised while notebooks were converted. nbgrader itself keeps nothing of it but a text.
    """

    notebooks: list[str]
    gradebook = Instance(ClassGradebook, help="where everything is written")

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.failures: list[Exception] = []

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
                grade.auto_score, grade.needs_manual_grade = 0, False
        self.gradebook.db.commit()

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
        with _gradebook_of(self, names["db_url"]) as self.gradebook:
            return NbGraderPreprocessor.preprocess(self, nb, resources)

    def _add_score(self, cell: NotebookNode, resources: dict) -> None:
        question = cell.metadata.nbgrader.grade_id
        if question not in self._bonuses:
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(question, self.notebook_id, self.assignment_id, self.student_id)
        bonus = self._bonuses[question]
        if not grade.auto_score and grade.extra_credit:
            # Earlier versions wrote a bonus here, and a TA may have changed it: it counts as before, and not twice.
            grade.extra_credit = max(grade.extra_credit - bonus, 0) or None
        grade.auto_score = bonus
        grade.needs_manual_grade = grade.manual_score is not None  # as nbgrader does it: a person should look again
        self.gradebook.db.commit()


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


@contextmanager
def _gradebook_of(preprocessor: NbGraderPreprocessor, url: str) -> Iterator[Gradebook]:
    """The gradebook that AutogradeClean has open, or one that is opened for this preprocessor alone."""
    converter = preprocessor.parent.parent
    if isinstance(converter, AutogradeClean):
        yield converter.gradebook
        return
    with Gradebook(url) as gradebook:
        yield gradebook


def _name(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]
