"""The answer bank: right and wrong answers to each question, and the verdict that each must get.

A question's answers are a percent script, answers/<question>.py in the course folder. A cell begins an answer, and its
header says what must come of it:

    # %% right="a closed form"
    # %% wrong="counts FLOPs" points=3.5 says="or of FLOPs"

points: exactly what a wrong answer earns. says: what the message must contain, so that the student learns which
misconception it is; "" where no message can name one. Cells without a verdict continue the answer above them. A cell
takes the place of the answer cells whose names it defines, or of the one that `cell="…"` names; where it does
neither, it is a cell of the student's own, before the question's first. The question's other cells stay the model's.
`attachments="…"` hands in other attachments (grading/attachments.py of the course says which).

    # %% [raw] wrong="ReLU behind the stem" points=10 says="SiLU stands after" like="written out"
    # -            nn.SiLU(),
    # +            nn.ReLU(),

like: an earlier answer, of which this one differs in the lines that follow, as in a diff; "..." parts two changes.
"""

import ast
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import jupytext

from autograder.course import Course
from autograder.course.skeleton import Skeleton
from autograder.course.texts import text_of
from autograder.errors import CourseError

ELSEWHERE = "# It stands in another cell."
"""In the place of an answer cell whose name another cell of the same answer defines."""

KNOWN = {"right", "wrong", "points", "says", "cell", "attachments", "like"}

LAYOUT = {"lines_to_next_cell", "lines_to_end_of_cell_marker"}
"""What jupytext itself notes in a header."""


@dataclass(frozen=True)
class Answer:
    """One answer. name: of a right one what is its own, of a wrong one the misconception.

    points: what it must earn; None for all there are. says: what must be told, or "". cells: its sources, each with
    the name whose cell it takes, where that cannot be read off it. attachments: a change of the model's, or "".
    """

    question: str
    name: str
    points: float | None = None
    says: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    attachments: str = ""

    def __str__(self) -> str:
        return f"{self.question}: {self.name}"

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
        """Question → its answers.

        Raises:
            CourseError: if a file of the bank has a mistake.
        """
        return {path.stem: _read(path.name, text_of(path)) for path in sorted(self.folder.glob("[a-z]*.py"))}


def bank_of(course: Course) -> Bank:
    """The course's bank."""
    return Bank(course.answers)


def place(answer: Answer, skeleton: Skeleton) -> Placed:
    """Where an answer's cells go in its notebook.

    Args:
        answer: of the bank.
        skeleton: of the notebook that has the answer's question.

    Raises:
        CourseError: if it names a cell that is not there.
    """
    own = {name: cell.id for name, cell in skeleton.by_definition.items() if cell.question == answer.question}
    replaced, added = {}, []
    for source, name in answer.cells:
        if name and name not in own:
            raise CourseError(
                f"{answer.question}, {answer.name}: there is no answer cell of {name}, only {sorted(own)}"
            )
        ids = [own[one] for one in ([name] if name else own) if name or one in _defined(source)]
        if not ids:
            added.append(source)
        for number, cell in enumerate(ids):
            replaced[cell] = source if number == 0 else ELSEWHERE
    return Placed(replaced, tuple(added))


def change_attachments(course: Course, answer: Answer, folder: Path) -> None:
    """Make the model's attachments in a folder those of an answer.

    Args:
        course: whose grading/attachments.py makes the changes.
        answer: of the bank. If it has no attachments of its own, nothing is changed.
        folder: with copies of the model's attachments.

    Raises:
        CourseError: if it names no known change.
    """
    if not answer.attachments:
        return
    changes = course.grading_module("attachments").CHANGES
    if answer.attachments not in changes:
        known = ", ".join(sorted(changes))
        raise CourseError(f"{answer.question}, {answer.name}: attachments={answer.attachments!r} is none of {known}")
    changes[answer.attachments](folder)


@lru_cache(maxsize=256)  # a command asks for the bank again and again, and jupytext takes a second for a course's
def _read(file: str, text: str) -> tuple[Answer, ...]:
    begun: list[tuple[dict, list]] = []
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        if cell.cell_type == "markdown":
            continue
        if unknown := set(cell.metadata) - KNOWN - LAYOUT:
            raise CourseError(f"{file}: a header has {sorted(unknown)}; known are {sorted(KNOWN)}")
        if "right" in cell.metadata or "wrong" in cell.metadata:
            begun.append((cell.metadata, [cell]))
        elif begun:
            begun[-1][1].append(cell)
        elif not cell.source.startswith('"""'):
            raise CourseError(f"{file}: a cell stands before the first answer")
    answers: dict[str, Answer] = {}
    for header, cells in begun:
        answer = _answer(file, header, cells, answers)
        if answer.name in answers:
            raise CourseError(f"{file}: two answers are called {answer.name!r}")
        answers[answer.name] = answer
    return tuple(answers.values())


def _answer(file: str, header: dict, cells: list, earlier: dict[str, Answer]) -> Answer:
    name = header.get("right") or header.get("wrong", "")
    sources = tuple((cell.source, cell.metadata.get("cell", "")) for cell in cells)
    if "like" in header:
        if header["like"] not in earlier:
            raise CourseError(f"{file}, {name}: no answer before it is called {header['like']!r}")
        try:
            sources = changed(earlier[header["like"]].cells, sources[0][0])
        except ValueError as problem:
            raise CourseError(f"{file}, {name}: {problem}") from None
    if "right" in header:
        return Answer(file.removesuffix(".py"), name, None, "", sources, header.get("attachments", ""))
    if not isinstance(header.get("points"), int | float) or not isinstance(header.get("says"), str):
        raise CourseError(f"{file}, {name}: a wrong answer states points=… and says=…")
    return Answer(
        file.removesuffix(".py"), name, float(header["points"]), header["says"], sources, header.get("attachments", "")
    )


def changed(cells: tuple[tuple[str, str], ...], changes: str) -> tuple[tuple[str, str], ...]:
    """An answer's cells with changes to its first.

    Libraries that apply diffs want line numbers, which nobody keeps by hand.

    Args:
        cells: (source, the name whose cell it takes, or "") of each cell.
        changes: lines that begin as in a diff, with " ", "-" or "+"; a line "..." parts two changes.

    Raises:
        ValueError: if what is to be changed does not stand in the first cell exactly once.
    """
    (source, cell), *others = cells
    text = f"{source}\n"
    for change in changes.split("\n...\n"):
        lines = change.split("\n")
        old, new = ("".join(f"{line[1:]}\n" for line in lines if line[:1] in signs) for signs in (" -", " +"))
        if text.count(old) != 1:
            raise ValueError(f"this stands {text.count(old)} times, not once, in what it is like:\n{old}")
        text = text.replace(old, new)
    return (text.removesuffix("\n"), cell), *others


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
