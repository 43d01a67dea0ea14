"""nbgrader's own generate_feedback, which a person may type: it makes the same pages, one for each notebook."""

from typing import Any

from nbconvert.exporters import Exporter, HTMLExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearMarkScheme, GetGrades
from nbgrader.utils import is_grade, is_task
from traitlets import Unicode
from traitlets.config import Config

from autograder.engines.feedback_page import Late, Page, written
from autograder.engines.feedback_parts import Given, Grades, notebook_part


class FeedbackPages(HTMLExporter):
    """Makes a page of one notebook. It is an exporter of its own: the formgrader has HTMLExporter's template."""

    title = Unicode(help="the course's name for people").tag(config=True)

    def from_notebook_node(  # type: ignore[override] # it gives a page, as HTMLExporter's does
        self, nb: NotebookNode, resources: dict | None = None, **kwargs: Any
    ) -> tuple[str, dict]:
        """The page of a notebook whose cells have their grades."""
        graded, made = Exporter.from_notebook_node(self, nb, resources, **kwargs)
        names = made["nbgrader"]
        part = notebook_part(names["notebook"], graded.cells, _grades(graded))
        late = Late(names["late_penalty"]) if names["late_penalty"] > 0 else None
        return written(Page(self.title, names["student"], (part,), late)), made


def _grades(nb: NotebookNode) -> Grades:
    known = [cell.metadata.nbgrader for cell in nb.cells if "nbgrader" in cell.metadata]
    given = {one.grade_id: Given(None if one.ungraded else one.score, one.points) for one in known if "score" in one}
    return Grades(given, {one.grade_id: one.get("comment") or "" for one in known})


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


def configure_feedback(config: Config, title: str) -> None:
    """Have nbgrader's generate_feedback make these pages.

    Args:
        config: nbgrader's, which is changed.
        title: the course's name for people.
    """
    config.GenerateFeedback.preprocessors = [GetGradesAndGaps, ClearMarkScheme]
    config.GenerateFeedback.exporter_class = FeedbackPages
    config.FeedbackPages.title = title
