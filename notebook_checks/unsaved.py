"""Which answers the kernel has run that the notebook's file lacks."""

import os
from pathlib import Path

from notebook_checks.notebook_state import Cell, NotebookState
from notebook_checks.ran_cells import RanCell, defined_in, ran_cells


def unsaved_in(folder: Path, states: dict[str, NotebookState]) -> dict[str, list[str]]:
    """The notebook of this kernel, if cells were run since it was saved that it does not hold in this form.

    Args:
        folder: where the notebooks are.
        states: file name → what was read in it.

    Returns:
        File name → the questions whose answers are not saved; none if it is another cell.
    """
    ran = ran_cells()
    name = _own_notebook(ran, states)
    if name is None:
        return {}
    saved, questions, is_unsaved = (folder / name).stat().st_mtime, [], False
    for one in ran:
        if one.when <= saved:
            continue
        cell = _cell_of(one, states[name].cells)
        if cell is None and one.id is None:
            continue  # of an editor that gives no ids, and no answer
        if cell is None or _text(cell.source) != _text(one.source):
            is_unsaved = True
            questions += [cell.question] if cell is not None and cell.is_solution else []
    return {name: list(dict.fromkeys(questions))} if is_unsaved else {}


def _own_notebook(ran: list[RanCell], states: dict[str, NotebookState]) -> str | None:
    """The notebook that this kernel runs: the one that Jupyter names, else the one that most of the cells are of."""
    named = Path(os.environ.get("JPY_SESSION_NAME", "")).name
    if named in states:
        return named
    votes = {name: sum(_cell_of(one, state.cells) is not None for one in ran) for name, state in states.items()}
    best = max(votes, key=lambda name: votes[name], default=None)
    return best if best is not None and votes[best] else None


def _cell_of(ran: RanCell, cells: tuple[Cell, ...]) -> Cell | None:
    """The cell in the file that was run: by its id; else the same text; else an answer that defines the same names."""
    if ran.id is not None:
        found = [cell for cell in cells if cell.id == ran.id]
        if found:
            return found[0]
    same = [cell for cell in cells if _text(cell.source) == _text(ran.source)]
    if same:
        return same[0]
    return next((cell for cell in cells if cell.is_solution and defined_in(cell.source) & ran.defined), None)


def _text(source: str) -> str:
    """What is compared: editors differ in what they do with the end of a line."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
