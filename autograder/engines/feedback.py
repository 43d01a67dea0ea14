"""nbgrader's feedback pages, with the questions by their names, and what no one has graded yet said to be so.

Stock pages call each question "Test cell" or "Task", and show 0 points for an answer that waits for a TA.
"""

from pathlib import Path

import nbgrader
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearMarkScheme, GetGrades
from nbgrader.utils import is_grade, is_task
from traitlets.config import Config

OURS = Path(__file__).with_name("templates")
NBGRADERS = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
BOOTSTRAP = NBGRADERS / "static" / "node_modules" / "bootstrap" / "dist" / "css"


class FeedbackPages(HTMLExporter):
    """An exporter of its own, so that its template is set for feedback alone: the formgrader has HTMLExporter's."""


class GetGradesAndGaps(GetGrades):
    """GetGrades, which says as well what is still to be graded by hand."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int):
        """The cell with score, points, comment and `ungraded` in its nbgrader metadata."""
        cell, resources = super().preprocess_cell(cell, resources, index)
        if is_grade(cell) or is_task(cell):
            where = (self.notebook_id, self.assignment_id, self.student_id)
            grade = self.gradebook.find_grade(cell.metadata.nbgrader["grade_id"], *where)
            cell.metadata.nbgrader["ungraded"] = grade.needs_manual_grade and grade.manual_score is None
        return cell, resources


def configure_feedback(config: Config) -> None:
    """Have nbgrader's generate_feedback make these pages."""
    config.GenerateFeedback.preprocessors = [GetGradesAndGaps, ClearMarkScheme, CSSHTMLHeaderPreprocessor]
    config.GenerateFeedback.exporter_class = FeedbackPages
    config.FeedbackPages.template_name = "feedback_by_question"
    templates = str(NBGRADERS / "templates")
    config.FeedbackPages.extra_template_basedirs = [str(OURS), templates]
    config.FeedbackPages.extra_template_paths = [templates, str(BOOTSTRAP)]  # what ours extends, and its style
