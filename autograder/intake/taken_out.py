"""Names that an answer needs, and that are defined only in what grading does not run: found by reading the notebook.

What an exception says is the student's to write, so it is never asked.
"""

import builtins
import re
import symtable
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from autograder.course.submission import Cell
from autograder.intake.read import shown

MAX_READ = 50_000
"""Characters of a cell beyond which it is not read: no cell of a person's own is as long."""

REMEMBERED = 128
"""Cells whose code is not read again: the release's stand in every hand-in. None is longer than MAX_READ."""

MAX_NAMES = 5
"""So many names stand in one sentence."""

LINE_MAGIC = re.compile(r"^(\s*)(?:[%!?].*|[^\s#'\"]*\?{1,2}\s*)$")
ASSIGNED_MAGIC = re.compile(r"^(\s*+[\w,][\w, ]*+=\s*)[%!].*$")
STAR = re.compile(r"^[^\S\n]*+from[^\S\n]+[\w.]+[^\S\n]+import[^\S\n]+\*", re.MULTILINE)
RUN_AS_PYTHON = re.compile(r"%%(?:time|timeit|capture|prun)\b")

KNOWN = frozenset(dir(builtins)) | {"display", "get_ipython", "In", "Out", "_", "__", "exit", "quit", "__file__"}


@dataclass(frozen=True)
class TakenOut:
    """Code of the student's that does not run. where: the cell, as what follows "is defined in" in a sentence."""

    where: str
    source: str


@dataclass(frozen=True)
class Read:
    """What a cell's code binds for all cells, and what it uses of others. star: whether it imports names unseen."""

    binds: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    star: bool = False


@dataclass
class _Needed:
    """What a question's answers come to: the names that they use, and the sources that these are in."""

    names: set[str] = field(default_factory=set)
    sources: list[str] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)


def absent_names(
    cells: Sequence[Cell], taken_out: Iterable[TakenOut], beside: Iterable[str] = ()
) -> tuple[tuple[str, str], ...]:
    """What answers need that grading does not have.

    Args:
        cells: of the submission.
        taken_out: code of the student's that is none of these cells.
        beside: names of files that were handed in and are not taken along.

    Returns:
        (question, a sentence that names what is missing, where it was, and where to put it), in the notebook's order.
    """
    gone = [(one, read_code(one.source)) for one in taken_out]
    gone = [(one, read) for one, read in gone if read.binds or read.star]
    files = tuple(dict.fromkeys(beside))
    runs = [(cell, read_code(cell.source)) for cell in cells if cell.runs]
    bound = frozenset().union(*(read.binds for _, read in runs))
    places = {cell.id: place for place, cell in enumerate(cells)}
    told = []
    for check in (cell for cell in cells if cell.role == "check"):
        question = check.question
        needed = _needed_by(question, runs)
        sentences = [_told_of(one, (read.binds & needed.names) - bound) for one, read in gone]
        early = frozenset().union(*(read.binds for cell, read in runs if places[cell.id] < places[check.id]))
        late = [(cell, read.binds & needed.names - early) for cell, read in runs if places[cell.id] > places[check.id]]
        sentences += [_told_of(TakenOut(f"{_called(cell)}, behind the check", ""), names) for cell, names in late]
        if any(read.star for _, read in runs):
            unknown: set[str] = set()
        else:
            unknown = needed.names - bound - KNOWN - set().union(*(read.binds for _, read in gone))
        sentences += [_told_of(one, unknown) for one, read in gone if read.star]
        sentences += [_told_of_file(name) for name in files if any(_asks_for(name, text) for text in needed.sources)]
        told += [(question, sentence) for sentence in dict.fromkeys(sentences) if sentence]
    return tuple(told)


def read_code(source: str) -> Read:
    """What a cell binds and uses; nothing where it is too long, or no Python that can be read."""
    return _read(source) if len(source) <= MAX_READ else Read()


@lru_cache(REMEMBERED)
def _read(source: str) -> Read:
    text = _python_of(source)
    try:
        table = symtable.symtable(text, "cell", "exec")
        scopes = [table]
        binds: set[str] = set()
        uses: set[str] = set()
        while scopes:
            scope = scopes.pop()
            scopes += scope.get_children()
            for symbol in scope.get_symbols():
                outer = scope is table or symbol.is_global()
                if outer and (symbol.is_assigned() or symbol.is_imported()):
                    binds.add(symbol.get_name())
                if outer and symbol.is_referenced():
                    uses.add(symbol.get_name())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Read()
    star = STAR.search(text) is not None
    return Read(frozenset(binds), frozenset(uses), star)


def _python_of(source: str) -> str:
    """A cell's source without what IPython alone understands; "" if all of it is in another language."""
    if source.lstrip().startswith("%%"):
        first, _, rest = source.lstrip().partition("\n")
        if not RUN_AS_PYTHON.match(first):
            return ""
        source = rest
    lines = (ASSIGNED_MAGIC.sub(r"\1None", LINE_MAGIC.sub(r"\1pass", line)) for line in source.split("\n"))
    return "\n".join(lines) + "\n"


def _needed_by(question: str, runs: Sequence[tuple[Cell, Read]]) -> _Needed:
    """What a question's answers use, and what that uses in turn."""
    needed = _Needed()
    waiting = [(cell, read) for cell, read in runs if cell.question == question and cell.role == "answer"]
    seen = {cell.id for cell, _ in waiting}
    while waiting:
        cell, read = waiting.pop()
        needed.names |= read.uses
        needed.sources.append(cell.source)
        more = [(other, its) for other, its in runs if other.id not in seen and its.binds & needed.names]
        seen |= {other.id for other, _ in more}
        waiting += more
    return needed


def _called(cell: Cell) -> str:
    return "a cell of your own" if cell.role == "added" else f"the cell {cell.id}"


def _told_of(one: TakenOut, names: Iterable[str]) -> str:
    """The sentence about names of one cell, or ""."""
    found = sorted(names)
    if not found:
        return ""
    listed = ", ".join(shown(name) for name in found[:MAX_NAMES])
    listed += f" and {len(found) - MAX_NAMES} more" if len(found) > MAX_NAMES else ""
    are, them = ("is", "it") if len(found) == 1 else ("are", "them")
    return f"{listed} {are} defined in {one.where}: put {them} into an answer cell of this question."


def _told_of_file(name: str) -> str:
    return f"The file {shown(name)} beside the notebook is not taken along: put what it holds into an answer cell."


def _asks_for(name: str, source: str) -> bool:
    """Whether a cell's source names a file, or imports the module that is in it."""
    if re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", source):
        return True
    stem = name.removesuffix("/__init__.py").removesuffix(".py")
    if stem == name or not stem.isidentifier():
        return False
    return bool(re.search(rf"^[^\S\n]*+(?:import|from)\b[^\n#]*\b{stem}\b", source, re.MULTILINE))
