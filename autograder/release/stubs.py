"""nbgrader's ClearSolutions, with a stub that says what is missing."""

import re

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

from autograder.course.source import BEGIN, defined_name
from autograder.errors import CourseError

STUB = "# YOUR CODE HERE"


class ClearSolutionsWithHints(ClearSolutions):
    """Puts the text after `### BEGIN SOLUTION` into the stub's NotImplementedError."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int):
        marks = [line for line in cell.source.split("\n") if BEGIN in line]
        if len(marks) > 1:
            raise CourseError(f"the answer cell {cell.id} has {len(marks)} solution regions; one is allowed")
        hint = re.sub(r"\s+", " ", marks[0].split(BEGIN, 1)[1]).strip() if marks else ""
        text = f"{defined_name(cell.source)}: {hint or 'write this'}".replace("\\", r"\\").replace('"', "'")
        self.code_stub = {"python": f'{STUB}\nraise NotImplementedError("{text}")'}
        return super().preprocess_cell(cell, resources, cell_index)
