"""Rebuilds a handed-in notebook on the release's skeleton.

Cells, order, ids, metadata and locked sources are ours. The student's are the sources of answer cells and of
the cells that they added, each kept behind the cell it stood behind.
"""

import re
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder.intake.outputs import safe_outputs
from autograder.intake.read import RawCell
from autograder.intake.skeleton import Skeleton, SkeletonCell
from autograder.intake.submission import Cell, Submission
from autograder.release.source import defined_name

CHECK_CALL = re.compile(r"grader\s*\.\s*check\s*\(\s*['\"](\w+)['\"]")


@dataclass(frozen=True)
class Rebuilt:
    """A clean notebook, the submission that the judge gets of it, and what was put right, a line each."""

    notebook: NotebookNode
    submission: Submission


def rebuild(raw: list[RawCell], skeleton: Skeleton, student: str, remarks: tuple[str, ...] = ()) -> Rebuilt:
    """Put the student's sources on the skeleton. Whatever is not known again is kept as an added cell.

    remarks: what is to be noted besides what is put right here.
    """
    claims, added = _sort(raw, skeleton)
    return _assemble(skeleton, claims, added, student, remarks + _notes(raw, skeleton, claims))


def untouched(skeleton: Skeleton, student: str, problem: str, missing: bool = False) -> Rebuilt:
    """The release's own notebook in place of one that is missing or cannot be read."""
    built = _assemble(skeleton, {}, {}, student, ())
    empty = Submission(student, skeleton.name, built.submission.cells, problem=problem, missing=missing)
    return Rebuilt(built.notebook, empty)


def likeness(raw: list[RawCell], skeleton: Skeleton) -> float:
    """The share of the skeleton's answer, check and written cells that are known again in `raw`, 0 to 1."""
    wanted = {cell.id for cell in skeleton.cells if cell.role in {"answer", "check", "written"}}
    found = {cell.id for one in raw if (cell := _identify(one, skeleton)) is not None}
    return len(wanted & found) / len(wanted) if wanted else 0.0


def _sort(raw: list[RawCell], skeleton: Skeleton) -> tuple[dict[str, RawCell], dict[str, list[RawCell]]]:
    """Which raw cell stands for which cell of the skeleton, and which were added behind which."""
    claims: dict[str, RawCell] = {}
    added: dict[str, list[RawCell]] = {}
    place = ""
    for one in raw:
        known = _identify(one, skeleton)
        if known is not None and known.id not in claims:
            claims[known.id] = one
            place = known.id
        elif known is None or known.is_students:
            added.setdefault(place, []).append(one)
    _claim_free_text(skeleton, claims, added)
    return claims, added


def _identify(one: RawCell, skeleton: Skeleton) -> SkeletonCell | None:
    """The skeleton's cell that `one` was: by id, else nbgrader's grade id, else what it says."""
    by_id = {cell.id: cell for cell in skeleton.cells}
    known = by_id.get(one.id) or by_id.get(one.grade_id)
    if known is not None:
        return known
    call = CHECK_CALL.search(one.source)
    if call and call[1] in by_id and len(one.source.strip().split("\n")) == 1:
        return by_id[call[1]]
    if one.kind == "code":
        name = defined_name(one.source)
        for cell in skeleton.cells:
            if cell.role == "answer" and cell.defines is not None and cell.defines == name:
                return cell
    for cell in skeleton.cells:
        if cell.source.strip() == one.source.strip() and (cell.kind == one.kind):
            return cell
    return None


def _claim_free_text(skeleton: Skeleton, claims: dict[str, RawCell], added: dict[str, list[RawCell]]) -> None:
    """A written answer without an id is the first text that was added behind its prompt."""
    for before, cell in zip(skeleton.cells, skeleton.cells[1:], strict=False):
        if cell.role == "answer" and cell.kind == "markdown" and cell.id not in claims:
            texts = [one for one in added.get(before.id, []) if one.kind in {"markdown", "raw"}]
            if texts:
                claims[cell.id] = texts[0]
                added[before.id].remove(texts[0])


def _notes(raw: list[RawCell], skeleton: Skeleton, claims: dict[str, RawCell]) -> tuple[str, ...]:
    notes = []
    for cell in skeleton.cells:
        one = claims.get(cell.id)
        matters = cell.role in {"answer", "check", "written", "given"}
        if one is None and matters:
            notes.append(f"the {cell.role} cell {cell.id} was missing and was put back")
        elif one is not None and matters and one.kind != cell.kind:
            notes.append(f"the cell {cell.id} had become {one.kind} and is {cell.kind} again")
        if one is not None and not cell.is_students and matters and one.source.strip() != cell.source.strip():
            notes.append(f"the locked cell {cell.id} had been changed and was restored")
    order = [cell.id for cell in skeleton.cells if cell.id in claims]
    places = {id(one): index for index, one in enumerate(raw)}
    positions = [places[id(claims[cell_id])] for cell_id in order]
    if positions != sorted(positions):
        notes.append("cells had been reordered and stand in the release's order again")
    seen = [known.id for one in raw if (known := _identify(one, skeleton)) is not None]
    for twice in sorted({cell_id for cell_id in seen if seen.count(cell_id) > 1}):
        notes.append(f"the cell {twice} stood there more than once")
    return tuple(notes)


def _assemble(
    skeleton: Skeleton,
    claims: dict[str, RawCell],
    added: dict[str, list[RawCell]],
    student: str,
    notes: tuple[str, ...],
) -> Rebuilt:
    nodes, cells = [], []

    def add(one: RawCell) -> None:
        cell_id = f"added-{len(cells)}"
        make = nbformat.v4.new_code_cell if one.kind == "code" else nbformat.v4.new_markdown_cell
        node = make(one.source, id=cell_id, metadata={"scalelab": {"role": "added", "question": ""}})
        if one.kind == "code":
            node.outputs = safe_outputs(one.outputs)
        nodes.append(node)
        cells.append(Cell(cell_id, node.cell_type, "added", "", one.source))

    for one in added.get("", []):
        add(one)
    for cell, release_node in zip(skeleton.cells, skeleton.notebook.cells, strict=True):
        node = nbformat.from_dict(release_node)
        one = claims.get(cell.id)
        if one is not None and cell.is_students:
            node.source = one.source
        if one is not None and cell.kind == "code" and cell.role != "check":
            node.outputs = safe_outputs(one.outputs)
        nodes.append(node)
        touched = (
            cell.is_students and node.source.strip() != cell.source.strip() and bool(node.source.strip())
        )
        cells.append(Cell(cell.id, cell.kind, cell.role, cell.question, node.source, touched))
        for extra in added.get(cell.id, []):
            add(extra)
    notebook = nbformat.v4.new_notebook(cells=nodes, metadata=skeleton.notebook.metadata)
    return Rebuilt(notebook, Submission(student, skeleton.name, tuple(cells), notes=notes))
