"""Rebuilds a handed-in notebook on the release's skeleton.

Cells, order, ids, metadata and locked sources are ours. The student's are the sources of answer and training
cells and of the cells that they added, each kept behind the cell it stood behind.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course.skeleton import INSTALL_CELL, OURS, Skeleton, SkeletonCell
from autograder.course.submission import Cell, Submission
from autograder.intake.outputs import safe_outputs
from autograder.intake.read import RawCell, Unreadable, longest, read_notebook
from autograder.intake.recognise import definitions, recognise


@dataclass(frozen=True)
class Rebuilt:
    """A clean notebook, the submission that the judge gets of it, and what was put right, a line each."""

    notebook: NotebookNode
    submission: Submission


def rebuild(raw: list[RawCell], skeleton: Skeleton, student: str, remarks: tuple[str, ...] = ()) -> Rebuilt:
    """Put the student's sources on the skeleton. Whatever is not known again is kept as an added cell.

    remarks: what is to be noted besides what is put right here.
    """
    found = _sort(raw, skeleton)
    elsewhere = _elsewhere(raw, skeleton, found)
    notes = remarks + _notes(raw, skeleton, found, elsewhere)
    return _assemble(raw, skeleton, found, elsewhere, student, notes)


def rebuild_file(path: Path, skeleton: Skeleton, student: str) -> Rebuilt:
    """Read a handed-in file and rebuild it; the release's own notebook, with the reason, where it cannot be read."""
    try:
        return rebuild(read_notebook(path), skeleton, student)
    except Unreadable as problem:
        return untouched(skeleton, student, f"{path.name} {problem}.")


def untouched(skeleton: Skeleton, student: str, problem: str, missing: bool = False) -> Rebuilt:
    """The release's own notebook in place of one that is missing or cannot be read."""
    built = _assemble([], skeleton, _Sorted({}, {}, frozenset()), {}, student, ())
    empty = Submission(student, skeleton.name, built.submission.cells, problem=problem, missing=missing)
    return Rebuilt(built.notebook, empty)


def likeness(raw: list[RawCell], skeleton: Skeleton) -> float:
    """The share of the skeleton's answer, check and written cells that are known again in `raw`, 0 to 1."""
    wanted = {cell.id for cell in skeleton.cells if cell.role in {"answer", "check", "written"}}
    found = {cell.id for cell in recognise(raw, skeleton) if cell is not None}
    return len(wanted & found) / len(wanted) if wanted else 0.0


@dataclass(frozen=True)
class _Sorted:
    """claims: cell id → the place in `raw` of the cell that stands for it. added: cell id → the student's own
    cells behind it. copies: ids of cells that stood there more than once.
    """

    claims: dict[str, int]
    added: dict[str, list[int]]
    copies: frozenset[str]


def _sort(raw: list[RawCell], skeleton: Skeleton) -> _Sorted:
    """Which raw cell stands for which cell of the skeleton, and which were added behind which."""
    known = recognise(raw, skeleton)
    claims: dict[str, int] = {}
    for index, cell in enumerate(known):
        if cell is not None and (cell.id not in claims or _is_better(raw, index, claims[cell.id], cell)):
            claims[cell.id] = index
    added: dict[str, list[int]] = {}
    place = ""
    for index, (one, cell) in enumerate(zip(raw, known, strict=True)):
        if cell is not None and claims[cell.id] == index:
            place = cell.id
            if cell.role == "written" and not _is_like(one, cell):  # an answer written into the prompt
                added.setdefault(place, []).append(index)
        elif cell is None or (cell.role != "check" and not _is_like(one, cell)):
            added.setdefault(place, []).append(index)
    _claim_free_text(raw, skeleton, claims, added)
    seen = Counter(cell.id for cell in known if cell is not None)
    return _Sorted(claims, added, frozenset(cell_id for cell_id, count in seen.items() if count > 1))


def _is_better(raw: list[RawCell], new: int, old: int, cell: SkeletonCell) -> bool:
    """Whether `new` stands better for a cell than `old`: a written answer, or a locked cell as it was."""
    return _is_like(raw[old], cell) == cell.is_students and _is_like(raw[new], cell) != cell.is_students


def _is_like(one: RawCell, cell: SkeletonCell) -> bool:
    """Whether a handed-in cell says nothing that the release does not."""
    return one.source.strip() in {cell.source.strip(), ""}


def _claim_free_text(
    raw: list[RawCell], skeleton: Skeleton, claims: dict[str, int], added: dict[str, list[int]]
) -> None:
    """A written answer without an id is the first text that was added behind its prompt."""
    for before, cell in pairwise(skeleton.cells):
        if cell.role == "answer" and cell.kind == "markdown" and cell.id not in claims:
            texts = [index for index in added.get(before.id, []) if raw[index].kind != "code"]
            if texts:
                claims[cell.id] = texts[0]
                added[before.id].remove(texts[0])


def _elsewhere(raw: list[RawCell], skeleton: Skeleton, found: _Sorted) -> dict[str, str]:
    """What stands in the place of missing answers whose names are defined in another cell, as when two cells
    were merged: cell id → source. The release's stub would undo the answer.
    """
    own = [index for indices in found.added.values() for index in indices]
    own += [found.claims[cell.id] for cell in skeleton.cells if cell.role == "answer" and cell.id in found.claims]
    defined = {name for index in own if raw[index].kind == "code" for name in definitions(raw[index].source)}
    missing = {n: c.id for n, c in skeleton.by_definition.items() if c.id not in found.claims}
    return {cell_id: f"# {name} is in another cell" for name, cell_id in missing.items() if name in defined}


def _notes(raw: list[RawCell], skeleton: Skeleton, found: _Sorted, elsewhere: dict[str, str]) -> tuple[str, ...]:
    notes = []
    for cell in skeleton.cells:
        if cell.role not in {"answer", "check", "written", "given"} or cell.id == INSTALL_CELL:
            continue
        if cell.id in elsewhere:
            notes.append(f"the answer cell {cell.id} was missing, and what it asks for is in another cell")
        elif cell.id not in found.claims:
            notes.append(f"the {cell.role} cell {cell.id} was missing and was put back")
        else:
            notes += _changes(raw[found.claims[cell.id]], cell)
    positions = [found.claims[cell.id] for cell in skeleton.cells if cell.id in found.claims]
    if positions != sorted(positions):
        notes.append("cells had been reordered and stand in the release's order again")
    notes += [f"the cell {twice} stood there more than once" for twice in sorted(found.copies)]
    return tuple(notes)


def _changes(one: RawCell, cell: SkeletonCell) -> list[str]:
    notes = []
    if one.kind != cell.kind:
        notes.append(f"the cell {cell.id} had become {one.kind} and is {cell.kind} again")
    if not cell.is_students and one.source.strip() != cell.source.strip():
        kept = ", and what it said stands below it" if cell.role == "written" else ""
        notes.append(f"the locked cell {cell.id} had been changed and was restored{kept}")
    if cell.is_students and len(one.source) >= longest(one.kind):
        notes.append(f"the cell {cell.id} was longer than {longest(one.kind)} characters and was cut off")
    return notes


def _assemble(
    raw: list[RawCell],
    skeleton: Skeleton,
    found: _Sorted,
    elsewhere: dict[str, str],
    student: str,
    notes: tuple[str, ...],
) -> Rebuilt:
    nodes: list[NotebookNode] = []
    cells: list[Cell] = []

    def add_behind(place: str) -> None:
        for index in found.added.get(place, []):
            node = _added_node(raw[index], f"added-{len(cells)}")
            nodes.append(node)
            cells.append(Cell(node.id, node.cell_type, "added", "", node.source))

    add_behind("")
    for cell, release_node in zip(skeleton.cells, skeleton.notebook.cells, strict=True):
        node = nbformat.from_dict(release_node)
        one = raw[found.claims[cell.id]] if cell.id in found.claims else None
        if cell.is_students:
            node.source = one.source if one is not None else elsewhere.get(cell.id, cell.source)
        if one is not None and cell.kind == "code" and cell.role != "check":
            node.outputs = safe_outputs(one.outputs)
        nodes.append(node)
        touched = cell.is_students and node.source.strip() != cell.source.strip() and bool(node.source.strip())
        cells.append(Cell(cell.id, cell.kind, cell.role, cell.question, node.source, touched))
        add_behind(cell.id)
    metadata = nbformat.from_dict(skeleton.notebook.metadata)
    notebook = nbformat.v4.new_notebook(cells=nodes, metadata=metadata)
    return Rebuilt(notebook, Submission(student, skeleton.name, tuple(cells), notes=notes))


def _added_node(one: RawCell, cell_id: str) -> NotebookNode:
    """A cell of the student's own. Made by hand: nbformat's new_code_cell takes 0.3 ms to validate each."""
    metadata = {OURS: {"role": "added", "question": ""}}
    node: dict[str, Any] = {"cell_type": "markdown", "id": cell_id, "metadata": metadata, "source": one.source}
    if one.kind == "code":
        node |= {"cell_type": "code", "execution_count": None, "outputs": safe_outputs(one.outputs)}
    return nbformat.from_dict(node)
