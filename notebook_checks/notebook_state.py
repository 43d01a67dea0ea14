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
NO_POINTS = "its part without points is empty"
TEXT_STUB = "*Write your answer here.*"
CHECK = re.compile(r"""^\s*grader\.check\(\s*["'](\w+)["']\s*\)""", re.MULTILINE)


@dataclass(frozen=True)
class NotebookState:
    """What `read_notebook` found.

    problem: why the file could not be read, or None. questions: {question: its state}, in their order.
    syntax_errors: one line for each code cell that Python cannot parse.
    points: {question: what it is worth}, as far as the notebook says it.
    checks: {question: what its check wrote when it was last run}.
    cells: the code cells.
    """

    problem: str | None = None
    questions: dict[str, str] = field(default_factory=dict)
    syntax_errors: tuple[str, ...] = ()
    points: dict[str, float] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)
    cells: tuple["Cell", ...] = ()

    @property
    def not_answered(self) -> list[str]:
        """The questions that something is missing of which earns points."""
        return [name for name, state in self.questions.items() if state not in (ANSWERED, f"{ANSWERED}; {NO_POINTS}")]


def read_notebook(file: Path) -> NotebookState:
    """Read the .ipynb at `file`. Never raises for what the file holds: see NotebookState.problem."""
    try:
        cells = _cells(json.loads(file.read_text(encoding="utf-8")))
    except OSError as problem:
        return NotebookState(problem=problem.strerror or "cannot be opened")
    except (ValueError, RecursionError):
        return NotebookState(problem="this is no notebook. Restore it from a copy, or take the given one again")
    return NotebookState(
        questions=_questions(cells),
        syntax_errors=tuple(_syntax_errors(cells)),
        points={cell.grade_id: cell.points for cell in cells if cell.points is not None},
        checks={name: cell.output for cell in cells if cell.kind == "code" for name in CHECK.findall(cell.source)},
        cells=tuple(cell for cell in cells if cell.kind == "code"),
    )


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook. points: of the question that it is the check or the task of. output: what it gave."""

    kind: str
    id: str
    grade_id: str
    is_solution: bool
    source: str
    points: float | None
    output: str

    @property
    def question(self) -> str:
        """The question whose answer this cell is: q1 for the cell q1-median."""
        return (self.grade_id or self.id).partition("-")[0]


def _cells(notebook: Any) -> list[Cell]:
    """The cells of a parsed notebook. Raises ValueError where it is none."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise ValueError("no cells")
    return [_cell(cell) for cell in cells]


def _cell(cell: dict[str, Any]) -> Cell:
    source = cell.get("source", "")
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    nbgrader = nbgrader if isinstance(nbgrader, dict) else {}
    points = nbgrader.get("points")
    return Cell(
        kind=str(cell.get("cell_type")),
        id=str(cell.get("id", "")),
        grade_id=str(nbgrader.get("grade_id", "")),
        is_solution=nbgrader.get("solution") is True,
        source=_joined(source),
        points=float(points) if isinstance(points, int | float) and not isinstance(points, bool) else None,
        output=_output(cell.get("outputs")),
    )


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _output(outputs: Any) -> str:
    """The text of a cell's value."""
    for one in outputs if isinstance(outputs, list) else []:
        data = one.get("data") if isinstance(one, dict) else None
        if isinstance(data, dict) and "text/plain" in data:
            return _joined(data["text/plain"])
    return ""


def _questions(cells: list[Cell]) -> dict[str, str]:
    coded = [cell for cell in cells if cell.kind == "code" and cell.is_solution]
    written = [cell for cell in cells if cell.kind == "markdown" and cell.id.endswith("-answer")]
    checked = [name for cell in cells if cell.kind == "code" for name in CHECK.findall(cell.source)]
    answers: dict[str, list[bool]] = {}
    without_points = {cell.question for cell in coded} - {cell.grade_id for cell in cells if cell.kind == "markdown"}
    empty = set()
    for cell in cells:
        if cell in coded:
            answers.setdefault(cell.question, []).append(not CODE_STUB.search(cell.source))
        elif cell in written:
            text = cell.source.strip()
            is_given = bool(text) and TEXT_STUB not in text
            if cell.question not in without_points:
                answers.setdefault(cell.question, []).append(is_given)
            elif not is_given:
                empty.add(cell.question)
    states = {question: _state(given) for question, given in answers.items()}
    for question in empty & states.keys():
        if states[question] == ANSWERED:
            states[question] += f"; {NO_POINTS}"
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


def _syntax_errors(cells: list[Cell]) -> list[str]:
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
