"""Reads a source notebook: a percent script whose cells say what they are.

A cell's header names its question and its role (`# %% question="q1" role="answer"`); a code cell without
one is `given`, a markdown cell without one is `prose`. All else is derived here: cell ids, points of written
questions (from the criteria of their rubric), and which cells students may edit.
"""

import ast
import re
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course.texts import text_of
from autograder.errors import CourseError

ROLES = {"answer", "check", "written", "rubric", "playground", "train"}
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
CRITERION = re.compile(r"^\s*[-*] \[(\d+(?:\.\d+)?)\]", re.MULTILINE)


@dataclass(frozen=True)
class Criterion:
    """One criterion of a rubric. points: the most that it gives. text: what it asks for, in one line."""

    points: float
    text: str


@dataclass(frozen=True)
class SourceCell:
    """One cell of a source notebook. kind: "code" or "markdown". question: "" where it belongs to none."""

    kind: str
    role: str
    question: str
    source: str
    id: str = ""

    @property
    def solution(self) -> str | None:
        """The lines between the solution marks, or None where the cell has no such region."""
        lines = self.source.split("\n")
        begins = [i for i, line in enumerate(lines) if BEGIN in line]
        ends = [i for i, line in enumerate(lines) if END in line]
        if not begins or not ends:
            return None
        return "\n".join(lines[begins[0] + 1 : ends[0]])

    @property
    def answered(self) -> str:
        """The source without the solution marks: a model answer as a student would have it."""
        return "\n".join(line for line in self.source.split("\n") if BEGIN not in line and END not in line)


@dataclass(frozen=True)
class SourceNotebook:
    """A source notebook. name: "1_averages", say. path: the percent script it was read from."""

    name: str
    path: Path
    cells: tuple[SourceCell, ...]

    def written_points(self, question: str) -> float:
        """The points of a written question: the sum of its rubric's criteria."""
        return sum(criterion.points for criterion in self.criteria(question))

    def criteria(self, question: str) -> tuple[Criterion, ...]:
        """The criteria of a written question, in the order of its rubric."""
        rubric = "\n".join(c.source for c in self.cells if c.role == "rubric" and c.question == question)
        _, *parts = CRITERION.split(rubric)
        texts = (" ".join(text.split("\n\n")[0].split()) for text in parts[1::2])
        return tuple(Criterion(float(points), text) for points, text in zip(parts[::2], texts, strict=True))


def read_source(path: Path) -> SourceNotebook:
    """Read a percent script.

    Raises:
        CourseError: if it is missing or no text, or if a header is wrong.
    """
    import jupytext  # takes a fifth of what workers import, and few of them read a source

    notebook = jupytext.reads(text_of(path), fmt="py:percent")
    cells = [_read_cell(cell, path) for cell in notebook.cells]
    return SourceNotebook(path.stem, path, tuple(_with_ids(cells, path)))


def defined_name(source: str) -> str | None:
    """The first name that a cell defines: a function, a class or a variable. None if it defines none."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # all that the parser raises
        return None
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return node.name
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            return node.targets[0].id
    return None


def _read_cell(cell, path: Path) -> SourceCell:
    role = cell.metadata.get("role", "given" if cell.cell_type == "code" else "prose")
    if role not in ROLES | {"given", "prose"}:
        raise CourseError(f"{path.name}: a cell has the unknown role {role!r}; known are {sorted(ROLES)}")
    question = cell.metadata.get("question", "")
    if role in {"answer", "check", "written", "rubric"} and not question:
        raise CourseError(f"{path.name}: a cell of role {role!r} names no question")
    return SourceCell(cell.cell_type, role, question, cell.source)


def _with_ids(cells: list[SourceCell], path: Path) -> list[SourceCell]:
    """Give each cell an id that depends on its question and role, or else on its place among its like."""
    counts: dict[str, int] = {}
    named = []
    for cell in cells:
        stem = _id_stem(cell)
        counts[stem] = counts.get(stem, 0) + 1
        numbered = cell.role in {"given", "prose", "playground", "train"} or counts[stem] > 1
        named.append(replace(cell, id=f"{stem}-{counts[stem]}" if numbered else stem))
    ids = [cell.id for cell in named if cell.role != "rubric"]
    for twice in {one for one in ids if ids.count(one) > 1}:
        raise CourseError(f"{path.name}: two cells would get the id {twice!r}")
    return named


def _id_stem(cell: SourceCell) -> str:
    if cell.role == "answer" and cell.kind == "code":
        return f"{cell.question}-{defined_name(cell.source) or 'code'}"
    if cell.role == "answer":
        return f"{cell.question}-answer"
    if cell.role == "rubric":
        return f"{cell.question}-rubric"
    if cell.role in {"check", "written"}:
        return cell.question
    return cell.role
