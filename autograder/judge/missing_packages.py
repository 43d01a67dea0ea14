"""Names the packages that a cell imports and that no room has, found by reading the cell.

What an exception says is the student's to write, so it is never asked.
"""

import re
import sys

from autograder.course import RoomNeeds
from autograder.course.submission import Cell
from autograder.room.visible_files import view

IMPORT = re.compile(r"^[^\S\n]*(?:from[^\S\n]+(\w+)[\w.]*[^\S\n]+import|import[^\S\n]+([\w., \t]+))", re.MULTILINE)
MAX_NAMES = 3
MAX_NAME = 40

STAND_INS = frozenset({"otter", "notebook_checks"})
"""What a room has in place of modules that it does not see."""


def about_missing(kind: str, cell: Cell, needs: RoomNeeds) -> str:
    """A sentence to add where a cell raised an exception because the room lacks a package.

    Args:
        kind: the exception's nearest built-in type.
        cell: that raised it.
        needs: what the rooms of the course have.

    Returns:
        The sentence, after a blank, or "" if the exception is another, or if nothing that is imported is missing.
    """
    if kind != "ModuleNotFoundError":
        return ""
    there = {path.name.partition(".")[0] for path in view(needs).allowed} | {place for _, place in needs.folders}
    names = [name for name in imported(cell.source) if name not in there | STAND_INS | sys.stdlib_module_names]
    names = [name for name in names if len(name) <= MAX_NAME][:MAX_NAMES]
    if not names:
        return ""
    is_, it = ("is", "it") if len(names) == 1 else ("are", "them")
    return f" {', '.join(names)} {is_} not there when this is graded: leave {it} out, or catch the ImportError."


def imported(source: str) -> list[str]:
    """The modules that a source imports, by the first part of their names, in its order."""
    found: list[str] = []
    for one, several in IMPORT.findall(source):
        found += [one] if one else [part.split()[0].partition(".")[0] for part in several.split(",") if part.strip()]
    return list(dict.fromkeys(name for name in found if name))
