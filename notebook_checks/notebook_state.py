"""What a student's notebook holds of each question: answered, untouched, or with something missing."""

import ast
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ANSWERED, UNTOUCHED, PARTLY = "answered", "untouched", "answered in part"
MISSING_CHECK = "its check cell is missing"
MISSING_ANSWER = "its answer cell is missing"

CODE_STUB = re.compile(r"# YOUR CODE HERE\s*raise NotImplementedError\(")
TEXT_STUB = "*Write your answer here.*"
CHECK = re.compile(r"""^\s*grader\.check\(\s*["'](\w+)["']\s*\)""", re.MULTILINE)


@dataclass(frozen=True)
class NotebookState:
    """What `read_notebook` found.

    problem: why the file could not be read, or None. questions: {question: its state}, in their order.
    syntax_errors: one line for each code cell that Python cannot parse.
    """

    problem: str | None = None
    questions: dict[str, str] = field(default_factory=dict)
    syntax_errors: tuple[str, ...] = ()


def read_notebook(file: Path) -> NotebookState:
    """Read the .ipynb at `file`. Never raises for what the file holds: see NotebookState.problem."""
    try:
        cells = _cells(json.loads(file.read_text(encoding="utf-8")))
    except OSError as problem:
        return NotebookState(problem=problem.strerror or "cannot be opened")
    except (ValueError, RecursionError):
        return NotebookState(problem="this is no notebook. Restore it from a copy, or take the given one again")
    return NotebookState(questions=_questions(cells), syntax_errors=tuple(_syntax_errors(cells)))


@dataclass(frozen=True)
class _Cell:
    kind: str
    id: str
    grade_id: str
    is_solution: bool
    source: str

    @property
    def question(self) -> str:
        """The question whose answer this cell is: q1 for the cell q1-median."""
        return (self.grade_id or self.id).partition("-")[0]


def _cells(notebook: Any) -> list[_Cell]:
    """The cells of a parsed notebook. Raises ValueError where it is none."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise ValueError("no cells")
    return [_cell(cell) for cell in cells]


def _cell(cell: dict) -> _Cell:
    source = cell.get("source", "")
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    nbgrader = nbgrader if isinstance(nbgrader, dict) else {}
    return _Cell(
        kind=str(cell.get("cell_type")),
        id=str(cell.get("id", "")),
        grade_id=str(nbgrader.get("grade_id", "")),
        is_solution=nbgrader.get("solution") is True,
        source="".join(map(str, source)) if isinstance(source, list) else str(source),
    )


def _questions(cells: list[_Cell]) -> dict[str, str]:
    coded = [cell for cell in cells if cell.kind == "code" and cell.is_solution]
    written = [cell for cell in cells if cell.kind == "markdown" and cell.id.endswith("-answer")]
    checked = [name for cell in cells if cell.kind == "code" for name in CHECK.findall(cell.source)]
    answers: dict[str, list[bool]] = {}
    for cell in cells:
        if cell in coded:
            answers.setdefault(cell.question, []).append(not CODE_STUB.search(cell.source))
        elif cell in written:
            text = cell.source.strip()
            answers.setdefault(cell.question, []).append(bool(text) and TEXT_STUB not in text)
    states = {question: _state(given) for question, given in answers.items()}
    for question in dict.fromkeys(cell.question for cell in coded):
        if question not in checked:
            states[question] += f"; {MISSING_CHECK}"
    for question in checked:
        if question not in {cell.question for cell in coded}:
            states[question] = MISSING_ANSWER
    return states


def _state(given: list[bool]) -> str:
    if all(given):
        return ANSWERED
    return PARTLY if any(given) else UNTOUCHED


def _syntax_errors(cells: list[_Cell]) -> list[str]:
    errors = []
    for number, cell in enumerate(cells, start=1):
        if cell.kind != "code":
            continue
        try:
            ast.parse(_python(cell.source))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            name = cell.grade_id or f"cell {number}"
            at, reason = (error.lineno, error.msg) if isinstance(error, SyntaxError) else (None, "")
            line = f", line {at}" if at else ""
            errors.append(f"SYNTAX ERROR in {name}{line}: {reason or 'cannot be parsed'}")
    return errors


def _python(source: str) -> str:
    """`source` as IPython would run it: magics and shell lines are calls then."""
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)
