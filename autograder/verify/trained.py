"""What other students' training may have left behind: how a copy of the model's files comes to it, by name."""

from collections.abc import Callable
from pathlib import Path

from scalelab.handing_in import RECORD, WEIGHTS

Change = Callable[[Path], None]


def _without(*names: str) -> Change:
    def change(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return change


CHANGES: dict[str, Change] = {
    "": lambda folder: None,
    "none": _without(WEIGHTS, RECORD),
    "no record": _without(RECORD),
}
"""The names that the bank's `trained="…"` knows."""
