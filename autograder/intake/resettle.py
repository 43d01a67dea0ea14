"""Answers and imports that stand in another place than the release has for them, and count all the same."""

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.course.skeleton import INSTALL_CELL, Skeleton, SkeletonCell
from autograder.intake.read import RawCell
from autograder.intake.recognise import CHECK_CALL, definitions, is_like

Places = dict[str, list[int]]
"""The id of a cell of the skeleton → the student's own cells behind it, by their places in the raw notebook."""


@dataclass(frozen=True)
class Elsewhere:
    """Answers that stood in other cells than their own.

    Attributes:
        sources: answer cell → what stands in its place, as the answer is in another cell.
        moved: those of them whose answer stood behind the check, and runs before it now.
    """

    sources: dict[str, str]
    moved: frozenset[str]


def keep_additions(
    raw: list[RawCell], skeleton: Skeleton, claims: dict[str, int], added: Places
) -> tuple[list[RawCell], frozenset[str]]:
    """What was added to locked cells that are otherwise unchanged, as cells of the student's own.

    Args:
        raw: the cells as they were handed in.
        skeleton: the notebook of the release.
        claims: cell id → its place in `raw`.
        added: changed: what stood in a check before its call comes to stand before the check.

    Returns:
        The cells with the new ones at the end, and the ids of the locked cells that they were taken from.
    """
    more = list(raw)
    kept = set()
    before = ""
    for cell in skeleton.cells:
        if cell.id in claims and cell.kind == "code" and cell.role in {"given", "check"} and cell.id != INSTALL_CELL:
            one = raw[claims[cell.id]]
            parts = None if is_like(one, cell) else _additions(one.source, cell)
            if parts is not None:
                kept.add(cell.id)
                above, below = parts
                if above:
                    added.setdefault(before, []).append(len(more))
                    more.append(RawCell("code", above))
                if below:
                    added.setdefault(cell.id, []).insert(0, len(more))
                    more.append(RawCell("code", below))
        before = cell.id
    return more, frozenset(kept)


def _additions(source: str, cell: SkeletonCell) -> tuple[str, str] | None:
    """The lines that a changed cell has before a check's call, and all others; None if more than that was changed."""
    ours = [line.rstrip() for line in cell.source.split("\n") if line.strip()]
    above: list[str] = []
    below: list[str] = []
    inside = False  # whether the last line was one of ours, and an indented one would belong to it
    for line in source.split("\n"):
        if ours and (line.rstrip() == ours[0] or _is_call_of(line, cell)):
            ours.pop(0)
            inside = True
        elif line.strip() and not CHECK_CALL.search(line):
            if inside and line[0].isspace():
                return None
            inside = False
            (above if ours and cell.role == "check" else below).append(line)
    return None if ours else ("\n".join(above), "\n".join(below))


def _is_call_of(line: str, cell: SkeletonCell) -> bool:
    call = CHECK_CALL.search(line)
    return cell.role == "check" and call is not None and call[1] == cell.question


def explored_answers(raw: list[RawCell], skeleton: Skeleton, claims: dict[str, int], added: Places) -> list[RawCell]:
    """What playground cells hold of answers whose own cells are as they were released, as cells of the student's own.

    Grading does not run playground cells, and a check in the student's notebook passes with such an answer.

    Args:
        raw: the cells as they were handed in.
        skeleton: the notebook of the release.
        claims: cell id → its place in `raw`.
        added: changed: a cell with such an answer comes to stand behind its playground cell.

    Returns:
        The cells with the new ones at the end.
    """
    names = frozenset(_unanswered(raw, skeleton, claims).values())
    names -= _definers(raw, skeleton, claims, added, names).keys()
    more = list(raw)
    for cell in skeleton.cells if names else ():
        one = raw[claims[cell.id]] if cell.role == "playground" and cell.id in claims else None
        if one and one.kind == "code" and not is_like(one, cell) and names.intersection(definitions(one.source)):
            added.setdefault(cell.id, []).insert(0, len(more))
            more.append(RawCell("code", one.source))
    return more


def answers_that_do_not_run(
    raw: list[RawCell], skeleton: Skeleton, claims: dict[str, int], settled: Iterable[str]
) -> list[tuple[str, str]]:
    """Where answers stand that cannot count: in text and in training cells.

    Args:
        raw: the cells as they were handed in.
        skeleton: the notebook of the release.
        claims: cell id → its place in `raw`.
        settled: the answer cells whose answers were found in cells that run.

    Returns:
        (question, a sentence that says where its answer stands and where to put it).
    """
    training = {claims[cell.id] for cell in skeleton.cells if cell.role == "train" and cell.id in claims}
    found = []
    done = frozenset(settled)
    for cell_id, name in _unanswered(raw, skeleton, claims).items():
        for index, one in enumerate(raw) if cell_id not in done else ():
            if (one.kind != "code" or index in training) and name in definitions(one.source):
                where = "a cell for training, which grading does not run" if one.kind == "code" else "a cell of text"
                found.append(
                    (skeleton.by_id[cell_id].question, f"{name} stands in {where}: put it into its answer cell.")
                )
                break
    return found


def _unanswered(raw: list[RawCell], skeleton: Skeleton, claims: dict[str, int]) -> dict[str, str]:
    """The answer cells that are missing, or as they were released: cell id → the name that each is to define."""
    return {
        cell.id: name
        for name, cell in skeleton.by_definition.items()
        if cell.id not in claims or is_like(raw[claims[cell.id]], cell)
    }


def answers_elsewhere(raw: list[RawCell], skeleton: Skeleton, claims: dict[str, int], added: Places) -> Elsewhere:
    """The answers of cells that are missing, or as they were released, and whose names another cell defines.

    The release's stub would undo the answer.

    Args:
        raw: the cells as they were handed in.
        skeleton: the notebook of the release.
        claims: cell id → its place in `raw`.
        added: changed: a cell with such an answer comes to stand before the check of the answer.
    """
    unanswered = _unanswered(raw, skeleton, claims)
    if not unanswered:
        return Elsewhere({}, frozenset())
    defined = _definers(raw, skeleton, claims, added, frozenset(unanswered.values()))
    order = {cell.id: place for place, cell in enumerate(skeleton.cells)}
    sources, moved = {}, set()
    for cell_id, name in unanswered.items():
        if name not in defined:
            continue
        sources[cell_id] = f"# {name} is in another cell"
        check = _check_of(skeleton, skeleton.by_id[cell_id])
        places = defined[name]
        if check and all(order.get(place, -1) >= order[check] for place, _ in places):
            _move_before(skeleton.cells[order[check] - 1].id, places[-1], claims, added)
            moved.add(cell_id)
            defined = _definers(raw, skeleton, claims, added, frozenset(unanswered.values()))
    return Elsewhere(sources, frozenset(moved))


def _definers(
    raw: list[RawCell], skeleton: Skeleton, claims: dict[str, int], added: Places, names: Iterable[str]
) -> dict[str, list[tuple[str, int]]]:
    """name → the cells of the student's own and the answers that define it: (behind or at which cell, place in raw)."""
    wanted = frozenset(names)
    found: dict[str, list[tuple[str, int]]] = {}
    for cell_id in ("", *(cell.id for cell in skeleton.cells)):
        cell = skeleton.by_id.get(cell_id)
        own = [claims[cell_id]] if cell and cell.role == "answer" and cell_id in claims else []
        own = [index for index in own if cell and not is_like(raw[index], cell)]
        for index in own + added.get(cell_id, []):
            if raw[index].kind == "code":
                for name in wanted.intersection(definitions(raw[index].source)):
                    found.setdefault(name, []).append((cell_id, index))
    return found


def _check_of(skeleton: Skeleton, answer: SkeletonCell) -> str:
    """The id of the check of an answer's question, or ""."""
    return next((cell.id for cell in skeleton.cells if cell.role == "check" and cell.question == answer.question), "")


def _move_before(place: str, definer: tuple[str, int], claims: dict[str, int], added: Places) -> None:
    """Have a cell of the student's own stand behind `place`; an answer to another question runs there as well."""
    behind, index = definer
    if index in added.get(behind, []):
        added[behind].remove(index)
    added.setdefault(place, []).append(index)
