"""Rebuilds a handed-in notebook on the release's skeleton.

Cells, order, ids, metadata and locked sources are ours. The student's are the sources of answer and training
cells and of the cells that they added, each kept behind the cell it stood behind.
"""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course.skeleton import INSTALL_CELL, OURS, Skeleton, SkeletonCell
from autograder.course.submission import Cell, Submission
from autograder.intake.outputs import safe_outputs
from autograder.intake.read import RawCell, longest, read_notebook, shown
from autograder.intake.recognise import CHECK_CALL, is_like, is_same, joined_paragraphs, recognise
from autograder.intake.resettle import (
    Elsewhere,
    answers_elsewhere,
    answers_that_do_not_run,
    explored_answers,
    keep_additions,
)
from autograder.intake.taken_out import TakenOut, absent_names
from autograder.intake.unreadable import Unreadable


@dataclass(frozen=True)
class Rebuilt:
    """A clean notebook, the submission that the judge gets of it, and what was put right, a line each."""

    notebook: NotebookNode
    submission: Submission


def rebuild(
    raw: list[RawCell],
    skeleton: Skeleton,
    student: str,
    remarks: tuple[str, ...] = (),
    beside: tuple[str, ...] = (),
) -> Rebuilt:
    """Put the student's sources on the skeleton. Whatever is not known again is kept as an added cell.

    Args:
        raw: the cells as they were handed in.
        skeleton: the notebook of the release.
        student: who.
        remarks: what is to be noted besides what is put right here.
        beside: the names of files that were handed in as well and are not taken along.
    """
    settled = _settle(raw, skeleton)
    built = _assemble(settled, skeleton, student, remarks + _notes(settled, skeleton))
    absent = absent_names(built.submission.cells, _taken_out(settled, skeleton), beside)
    absent += tuple(answers_that_do_not_run(settled.raw, skeleton, settled.found.claims, settled.elsewhere.sources))
    return replace(built, submission=replace(built.submission, absent=absent))


def rebuild_clean(raw: list[RawCell], skeleton: Skeleton, student: str) -> Rebuilt:
    """The same of a notebook that was rebuilt before: what is to be noted of it, and what it lacks, was found then.

    Args:
        raw: its cells.
        skeleton: the notebook of the release.
        student: who.
    """
    return _assemble(_settle(raw, skeleton), skeleton, student, ())


def rebuild_file(path: Path, skeleton: Skeleton, student: str) -> Rebuilt:
    """Read a handed-in file, and rebuild it on the release.

    Args:
        path: what was handed in.
        skeleton: of the notebook that it is.
        student: whose it is.

    Returns:
        The clean notebook. If the file cannot be read, it is the release's own, with the reason.
    """
    try:
        return rebuild(read_notebook(path), skeleton, student)
    except Unreadable as problem:
        return untouched(skeleton, student, f"{shown(path.name)} {problem}.")


def untouched(skeleton: Skeleton, student: str, problem: str, missing: bool = False) -> Rebuilt:
    """The release's own notebook in place of one that is missing or cannot be read.

    Args:
        skeleton: of the notebook.
        student: whose it would be.
        problem: a sentence for the student.
        missing: whether nothing was handed in.
    """
    built = _assemble(NOTHING, skeleton, student, ())
    empty = Submission(student, skeleton.name, built.submission.cells, problem=problem, missing=missing)
    return Rebuilt(built.notebook, empty)


def answers_in(raw: list[RawCell], skeleton: Skeleton) -> tuple[tuple[str, str], ...]:
    """What the student wrote: (the answer cell that it answers, or "" for a cell of their own, its source).

    Args:
        raw: the cells as they were handed in.
        skeleton: of the notebook that they are taken for.

    Returns:
        No cell that is empty or says what the release says, and no call of a check. Sources have no blanks around them.
    """
    raw = joined_paragraphs(raw, skeleton)
    found = _sort(raw, skeleton)
    raw = explored_answers(raw, skeleton, found.claims, found.added)
    answers = [
        (cell.id, raw[found.claims[cell.id]].source)
        for cell in skeleton.cells
        if cell.role == "answer" and cell.id in found.claims and not is_like(raw[found.claims[cell.id]], cell)
    ]
    own = [raw[index].source for indices in found.added.values() for index in sorted(indices)]
    answers += [("", source) for source in own if source.strip() and not CHECK_CALL.match(source.strip())]
    elsewhere = answers_elsewhere(raw, skeleton, found.claims, found.added).sources
    return tuple((place, source.strip()) for place, source in (*answers, *elsewhere.items()))


def likeness(raw: list[RawCell], skeleton: Skeleton) -> float:
    """The share of the release's answer, check and written cells that are known again in a hand-in, 0 to 1.

    Args:
        raw: the cells as they were handed in.
        skeleton: of the notebook that they may be.
    """
    wanted = {cell.id for cell in skeleton.cells if cell.role in {"answer", "check", "written"}}
    found = {cell.id for cell in recognise(raw, skeleton) if cell is not None}
    return len(wanted & found) / len(wanted) if wanted else 0.0


@dataclass(frozen=True)
class _Sorted:
    """Which of the cells that were handed in is which of the release's.

    Attributes:
        claims: cell id → the place in `raw` of the cell that stands for it.
        added: cell id → the places of the student's own cells behind it.
        copies: the ids of cells that stood there more than once.
    """

    claims: dict[str, int]
    added: dict[str, list[int]]
    copies: frozenset[str]


@dataclass(frozen=True)
class _Settled:
    """Where everything that was handed in goes.

    Attributes:
        raw: its cells.
        found: which of them is which of the release's.
        kept: the ids of locked cells, of which what was added stands in cells of its own.
        elsewhere: answers that stand in other cells.
    """

    raw: list[RawCell]
    found: _Sorted
    kept: frozenset[str]
    elsewhere: Elsewhere


NOTHING = _Settled([], _Sorted({}, {}, frozenset()), frozenset(), Elsewhere({}, frozenset()))


def _settle(raw: list[RawCell], skeleton: Skeleton) -> _Settled:
    raw = joined_paragraphs(raw, skeleton)
    found = _sort(raw, skeleton)
    raw, kept = keep_additions(raw, skeleton, found.claims, found.added)
    raw = explored_answers(raw, skeleton, found.claims, found.added)
    elsewhere = answers_elsewhere(raw, skeleton, found.claims, found.added)
    return _Settled(raw, found, kept, elsewhere)


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
            if cell.role == "written" and not is_like(one, cell):  # an answer written into the prompt
                added.setdefault(place, []).append(index)
        elif cell is None or (cell.role != "check" and not is_like(one, cell)):
            added.setdefault(place, []).append(index)
    _claim_free_text(raw, skeleton, claims, added)
    seen = Counter(cell.id for cell in known if cell is not None)
    return _Sorted(claims, added, frozenset(cell_id for cell_id, count in seen.items() if count > 1))


def _is_better(raw: list[RawCell], new: int, old: int, cell: SkeletonCell) -> bool:
    """Whether `new` stands better for a cell than `old`: a written answer, or a locked cell as it was."""
    return is_like(raw[old], cell) == cell.is_students and is_like(raw[new], cell) != cell.is_students


def _claim_free_text(
    raw: list[RawCell], skeleton: Skeleton, claims: dict[str, int], added: dict[str, list[int]]
) -> None:
    """A written answer without an id is the first text that was put behind its prompt. What follows stays behind it."""
    for before, cell in pairwise(skeleton.cells):
        if cell.role == "answer" and cell.kind == "markdown" and cell.id not in claims:
            behind = added.get(before.id, [])
            texts = [index for index in behind if raw[index].kind != "code"]
            if texts:
                first = behind.index(texts[0])
                claims[cell.id] = texts[0]
                added[cell.id] = behind[first + 1 :] + added.get(cell.id, [])
                added[before.id] = behind[:first]


def _taken_out(settled: _Settled, skeleton: Skeleton) -> list[TakenOut]:
    """The student's code that does not run: in playground and training cells, and in locked cells."""
    raw, claims = settled.raw, settled.found.claims
    gone = []
    for cell in skeleton.cells:
        if cell.kind != "code" or cell.role == "answer" or cell.id == INSTALL_CELL:
            continue
        source = raw[claims[cell.id]].source if cell.id in claims else cell.source
        if cell.role in {"playground", "train"}:
            what = "for training" if cell.role == "train" else "to explore in"
            gone.append(TakenOut(f"a cell {what} ({cell.id}), which grading does not run", source))
        elif cell.id not in settled.kept and source.strip() != cell.source.strip():
            gone.append(TakenOut(f"the locked cell {cell.id}, which is restored before grading", source))
    return gone


def _notes(settled: _Settled, skeleton: Skeleton) -> tuple[str, ...]:
    raw, found, elsewhere = settled.raw, settled.found, settled.elsewhere
    notes: list[str] = []
    replaced: dict[tuple[str, bool], list[str]] = {}
    for cell in skeleton.cells:
        if cell.role not in {"answer", "check", "written", "given"} or cell.id == INSTALL_CELL:
            continue
        if cell.id in elsewhere.sources:
            was = "was empty" if cell.id in found.claims else "was missing"
            replaced.setdefault((was, cell.id in elsewhere.moved), []).append(cell.id)
        elif cell.id not in found.claims:
            notes.append(f"the {cell.role} cell {cell.id} was missing and was put back")
        else:
            notes += _changes(raw[found.claims[cell.id]], cell, cell.id in settled.kept)
    for (was, moved), ids in replaced.items():
        now = ", which runs before its check now" if moved else ""
        notes += [f"the answer cell {ids[0]} {was}, and what it asks for is in another cell{now}"] * (len(ids) == 1)
        if len(ids) > 1:
            listed = ", ".join(ids)
            now = ", which runs before the checks now" if moved else ""
            notes.append(
                f"the answer cells {listed} {was.replace('was', 'were')}, and their answers are elsewhere{now}"
            )
    positions = [found.claims[cell.id] for cell in skeleton.cells if cell.id in found.claims]
    if positions != sorted(positions):
        notes.append("cells had been reordered and stand in the release's order again")
    notes += [f"the cell {twice} stood there more than once" for twice in sorted(found.copies)]
    return tuple(notes)


def _changes(one: RawCell, cell: SkeletonCell, kept: bool) -> list[str]:
    notes = []
    if one.kind != cell.kind:
        notes.append(f"the cell {cell.id} had become {one.kind} and is {cell.kind} again")
    if not cell.is_students and not is_same(one.source, cell.source):
        below = ", and what it said stands below it" if cell.role == "written" else ""
        below = ", and what was added to it is in a cell of its own" if kept else below
        notes.append(f"the locked cell {cell.id} had been changed and was restored{below}")
    if cell.is_students and len(one.source) >= longest(one.kind):
        notes.append(f"the cell {cell.id} was longer than {longest(one.kind)} characters and was cut off")
    return notes


def _assemble(settled: _Settled, skeleton: Skeleton, student: str, notes: tuple[str, ...]) -> Rebuilt:
    raw, found = settled.raw, settled.found
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
            node.source = settled.elsewhere.sources.get(cell.id) or (one.source if one is not None else cell.source)
        if one is not None and cell.is_students and cell.kind == "markdown" and one.pictures:
            node.attachments = nbformat.from_dict(one.pictures)
        if one is not None and cell.kind == "code" and cell.role != "check":
            node.outputs = safe_outputs(one.outputs)
        nodes.append(node)
        touched = cell.is_students and bool(node.source.strip()) and not is_same(node.source, cell.source)
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
    elif one.pictures:
        node["attachments"] = one.pictures
    return nbformat.from_dict(node)
