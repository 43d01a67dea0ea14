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

    Args:
        raw: the cells as they were handed in, in their order.
        skeleton: of the notebook that they are taken for.

    Returns:
        One entry for each of `raw`. Several may be of the same cell.
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


def is_same(one: str, other: str) -> bool:
    """Whether two sources differ in blanks at the ends of lines at most, which editors take away.

    Args:
        one: a cell's source.
        other: another's. Empty lines at the beginning and the end do not count.
    """
    return one.strip() == other.strip() or _lines(one) == _lines(other)


def is_like(one: RawCell, cell: SkeletonCell) -> bool:
    """Whether a handed-in cell says nothing that the release does not: it is empty, or the same but for blanks.

    Args:
        one: the cell as it was handed in.
        cell: the skeleton's cell that it is taken for.
    """
    return not one.source.strip() or is_same(one.source, cell.source)


def _lines(source: str) -> list[str]:
    return [line.rstrip() for line in source.strip().split("\n")]


def joined_paragraphs(raw: list[RawCell], skeleton: Skeleton) -> list[RawCell]:
    """The same cells, with each text of the release in one cell that a front end has split into a cell per paragraph.

    Args:
        raw: the cells as they were handed in, in their order; it stays as it is.
        skeleton: of the notebook that they are taken for.
    """
    split: dict[str, list[tuple[list[str], str]]] = {}
    for cell in skeleton.cells:
        parts = _paragraphs(cell.source) if cell.kind == "markdown" else []
        if len(parts) > 1:
            split.setdefault(parts[0], []).append((parts, cell.source))
    cells: list[RawCell] = []
    place = 0
    while place < len(raw):
        for parts, source in split.get(raw[place].source.strip(), []) if raw[place].kind != "code" else []:
            those = raw[place : place + len(parts)]
            if [one.source.strip() for one in those] == parts and all(one.kind != "code" for one in those):
                cells.append(RawCell("markdown", source, raw[place].id, raw[place].grade_id))
                place += len(parts)
                break
        else:
            cells.append(raw[place])
            place += 1
    return cells


def _paragraphs(source: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n[^\S\n]*\n", source) if part.strip()]


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
