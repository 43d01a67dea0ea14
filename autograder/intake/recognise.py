"""Which cell of a handed-in notebook was which cell of the release."""

import re

from autograder.course.skeleton import Skeleton, SkeletonCell
from autograder.intake.read import RawCell

CHECK_CALL = re.compile(r"grader\s*\.\s*check\s*\(\s*['\"](\w+)['\"]")
DEFINITION = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)
"""A definition outside of others. Students' sources are not parsed: some of them take the parser down."""

ADDED = re.compile(r"added-\d+")
"""The ids that rebuilding gives to the student's own cells."""


def recognise(raw: list[RawCell], skeleton: Skeleton) -> tuple[SkeletonCell | None, ...]:
    """For each handed-in cell the skeleton's cell that it was, or is a copy of; None for the student's own.

    A cell that intake added when it rebuilt the notebook before stays one. Any other is known
    by its id; else nbgrader's grade id; else, where no cell has the ids, by what it says.
    """
    known = [skeleton.by_id.get(one.id) or skeleton.by_id.get(one.grade_id) for one in raw]
    taken = {cell.id for cell in known if cell is not None}
    for index, one in enumerate(raw):
        if known[index] is None and not ADDED.fullmatch(one.id):
            cell = _by_content(one, skeleton, taken)
            if cell is not None:
                known[index] = cell
                taken.add(cell.id)
    return tuple(known)


def definitions(source: str) -> list[str]:
    """The names that a cell's source defines outside of functions and classes."""
    return [first or second for first, second in DEFINITION.findall(source)]


def _by_content(one: RawCell, skeleton: Skeleton, taken: set[str]) -> SkeletonCell | None:
    source = one.source.strip()
    same = skeleton.by_source.get((one.kind, source))
    if same is not None:
        return same
    if "\n" not in source and (call := CHECK_CALL.search(source)):
        asked = skeleton.by_id.get(call[1])
        return asked if asked is not None and asked.role == "check" else None
    if one.kind == "code":
        for name in definitions(one.source):
            cell = skeleton.by_definition.get(name)
            if cell is not None and cell.id not in taken:
                return cell
    return None
