"""The answer bank: right and wrong answers to each question, and the verdict that each must get.

A question's answers are a percent script, autograder/answers/<question>.py. A cell begins an answer, and its header
says what must come of it:

    # %% right="a closed form"
    # %% wrong="counts FLOPs" points=3.5 says="or of FLOPs"

points: exactly what a wrong answer earns. says: what the message must contain, so that the student learns which
misconception it is; "" where no message can name one. Cells without a verdict continue the answer above them. A cell
takes the place of the answer cells whose names it defines, or of the one that `cell="…"` names; where it does
neither, it is a cell of the student's own, before the question's first. The question's other cells stay the model's.
`trained="…"` hands in other files of training (autograder.verify.trained says which).
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import jupytext

from autograder.course import Course
from autograder.intake.skeleton import Skeleton
from autograder.release.source import SourceError

ELSEWHERE = "# It stands in another cell."
"""In the place of an answer cell whose name another cell of the same answer defines."""

KNOWN = {"right", "wrong", "points", "says", "cell", "trained"}

LAYOUT = {"lines_to_next_cell", "lines_to_end_of_cell_marker"}
"""What jupytext itself notes in a header."""


@dataclass(frozen=True)
class Answer:
    """One answer. name: of a right one what is its own, of a wrong one the misconception.

    points: what it must earn; None for all there are. says: what must be told, or "". cells: its sources, each with
    the name whose cell it takes, where that cannot be read off it. trained: other files than the model's, or "".
    """

    question: str
    name: str
    points: float | None = None
    says: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    trained: str = ""

    @property
    def right(self) -> bool:
        """Whether it must get all points."""
        return self.points is None


@dataclass(frozen=True)
class Placed:
    """An answer in a notebook. replaced: cell id → source. added: the student's own cells, for before the first."""

    replaced: dict[str, str] = field(default_factory=dict)
    added: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bank:
    """All answers of a folder."""

    folder: Path

    @cached_property
    def answers(self) -> dict[str, tuple[Answer, ...]]:
        """Question → its answers. Raises SourceError."""
        return {path.stem: tuple(_read(path)) for path in sorted(self.folder.glob("[a-z]*.py"))}


def bank_of(course: Course) -> Bank:
    """The course's bank."""
    return Bank(course.root / "autograder" / "answers")


def place(answer: Answer, skeleton: Skeleton) -> Placed:
    """Where an answer's cells go in its notebook. Raises SourceError where one names a cell that is not there."""
    own = {name: cell.id for name, cell in skeleton.by_definition.items() if cell.question == answer.question}
    replaced, added = {}, []
    for source, name in answer.cells:
        if name and name not in own:
            raise SourceError(
                f"{answer.question}, {answer.name}: there is no answer cell of {name}, only {sorted(own)}"
            )
        ids = [own[one] for one in ([name] if name else own) if name or one in _defined(source)]
        if not ids:
            added.append(source)
        for number, cell in enumerate(ids):
            replaced[cell] = source if number == 0 else ELSEWHERE
    return Placed(replaced, tuple(added))


def _read(path: Path) -> Iterator[Answer]:
    started: dict | None = None
    cells: list[tuple[str, str]] = []
    seen = set()
    for cell in jupytext.read(path, fmt="py:percent").cells:
        header = cell.metadata
        if cell.cell_type == "markdown":
            continue
        if unknown := set(header) - KNOWN - LAYOUT:
            raise SourceError(f"{path.name}: a header has {sorted(unknown)}; known are {sorted(KNOWN)}")
        if "right" in header or "wrong" in header:
            if started is not None:
                yield _answer(path, started, cells)
            started, cells = dict(header), []
            name = header.get("right") or header.get("wrong")
            if name in seen:
                raise SourceError(f"{path.name}: two answers are called {name!r}")
            seen.add(name)
        if started is not None:
            cells.append((cell.source, header.get("cell", "")))
        elif not cell.source.startswith('"""'):
            raise SourceError(f"{path.name}: a cell stands before the first answer")
    if started is not None:
        yield _answer(path, started, cells)


def _answer(path: Path, header: dict, cells: list[tuple[str, str]]) -> Answer:
    trained = header.get("trained", "")
    if "right" in header:
        return Answer(path.stem, header["right"], None, "", tuple(cells), trained)
    if not isinstance(header.get("points"), int | float) or not isinstance(header.get("says"), str):
        raise SourceError(f"{path.name}, {header['wrong']}: a wrong answer states points=… and says=…")
    return Answer(path.stem, header["wrong"], float(header["points"]), header["says"], tuple(cells), trained)


def _defined(source: str) -> set[str]:
    """The names that a cell gives a value at its top level, whatever the statement."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.With | ast.If | ast.Try):
            stored = (one for one in ast.walk(node) if isinstance(one, ast.Name))
            names |= {one.id for one in stored if isinstance(one.ctx, ast.Store)}
    return names
