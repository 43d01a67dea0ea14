"""What a student may be told of how code ended after it has seen hidden inputs.

Such code can choose its exceptions by those inputs. So of a hidden case one general sentence is told for whatever was
raised, except for a short list that teaches; and of such sentences one a question, the gravest.
"""

import ast
import re
from collections.abc import Iterable, Iterator

from autograder.course.submission import Cell

STUB = "NotImplementedError"
WRONG = "A value is not the expected one."
NOT_PASSED = "A hidden test is not passed."
VAGUE = (WRONG, NOT_PASSED)
"""What is left out beside any other sentence."""

RAISED = "A hidden test's call raised an exception: which inputs does the description allow?"
WRONG_KIND = "A value is of the wrong kind: a test could not look at it."
NOT_WRITTEN = "Not written yet: a stub's NotImplementedError is still there."
SLOW = "A call did not end in time."
LATE = "The tests of this question did not end in time."
ENDED = {
    "gone": "A call ended the kernel.",
    "memory": "A call used up more memory than there is for one submission.",
    "disk": "A call used up more of the disk than there is for one submission.",
}
GRAVEST_FIRST = (ENDED["memory"], ENDED["disk"], SLOW, LATE, ENDED["gone"], NOT_WRITTEN)
"""Of sentences about how code ended. All others come after these."""

KINDS_OF_CELLS = (STUB, "MemoryError", "ImportError", "ModuleNotFoundError", "FileNotFoundError", "NameError")
"""What is told by its name of a cell that has run after hidden inputs were given: what often goes wrong with us alone,
for want of a package, a file or a cell that was run by hand."""


def gravest(sentences: Iterable[str]) -> str:
    """Which of some sentences about how code ended is told: the first of the gravest, or "" if there are none."""
    rank = {sentence: place for place, sentence in enumerate(GRAVEST_FIRST)}
    return min(sentences, key=lambda one: rank.get(one, len(rank)), default="")


def raised_in(kind: str, hidden: bool) -> str:
    """What is told of an exception that student code raised in a case.

    Args:
        kind: its nearest built-in type's name.
        hidden: whether the case is.
    """
    if kind == "MemoryError":
        return ENDED["memory"]
    if kind == STUB:
        return NOT_WRITTEN
    return RAISED if hidden else f"A call raised {kind}."


def error_of_cell(kind: str, source: str) -> str:
    """The name of an exception that a cell may be told to have raised, after hidden inputs were given.

    Args:
        kind: as the room says.
        source: of the cell.

    Returns:
        The name if it teaches, or if it is a SyntaxError and the text itself has one; else "".
    """
    return kind if kind in KINDS_OF_CELLS or (kind == "SyntaxError" and _parsed(source) is None) else ""


def is_nowhere_defined(name: str, cells: Iterable[Cell]) -> bool:
    """Whether no cell's text gives a name a value: then it is missing whatever the room says.

    Args:
        name: that a test needs.
        cells: all that were played before the check.
    """
    return not any(name in _names_bound(cell.source) for cell in cells)


def _names_bound(source: str) -> set[str]:
    tree = _parsed(source)
    return set(re.findall(r"\w+", source) if tree is None else _bound_in(tree))


def _bound_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def _parsed(source: str) -> ast.Module | None:
    """The text as Python reads it. None for what has a syntax error, or magics."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
