"""Says of a syntax error that it may be none in a newer Python, such as Colab's, found by reading the cell."""

import ast
import re
import sys

from autograder.course.submission import Cell

NEWER = re.compile(
    r"^[^\S\n]*(?:type[^\S\n]+\w+[^\S\n]*[=\[]|(?:async[^\S\n]+)?(?:def|class)[^\S\n]+\w+\[)", re.MULTILINE
)
"""The beginning of a line that is new in 3.12: a type's name, or a generic function or class."""


def about_newer_python(kind: str, cell: Cell) -> str:
    """A sentence to add where a cell raised a SyntaxError that a newer Python would not raise.

    Args:
        kind: the exception's nearest built-in type.
        cell: that raised it.

    Returns:
        The sentence, after a blank, or "" if the text itself has no such error.
    """
    if kind != "SyntaxError" or not _looks_newer(cell.source):
        return ""
    major, minor = sys.version_info[:2]
    return f" This is Python {major}.{minor}, which does not know the syntax of later ones."


def _looks_newer(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError as problem:
        in_f_string = str(problem.msg).startswith("f-string")  # quotes of the same kind may nest from 3.12 on
        return sys.version_info < (3, 12) and (in_f_string or NEWER.search(source) is not None)
    except (ValueError, RecursionError, MemoryError):
        return False
    return False
