"""What this kernel has run, so that handing in can tell when the file on the disk is not what ran.

Forgetting to save is the commonest mistake: the checks pass, as they ask the kernel, and the file that is handed in
lacks the answer.
"""

import re
import sys
import time
from dataclasses import dataclass
from typing import Any

HAND_IN = re.compile(r"\bhand_in\s*\(")
DEFINED = re.compile(r"^(?:def|class) +(\w+)|^(\w+) *=(?!=)", re.MULTILINE)
"""What a cell defines outside of functions."""


@dataclass(frozen=True)
class RanCell:
    """A cell as it was last run. when: seconds since 1970. id: the notebook's, or None if the editor says none."""

    when: float
    id: str | None
    source: str

    @property
    def defined(self) -> set[str]:
        """The names that it defines."""
        return defined_in(self.source)


_ran: dict[str, RanCell] = {}


def watch() -> None:
    """Note what is run from now on. Only a notebook's kernel is watched, and once."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None or not hasattr(shell, "kernel") or getattr(shell, _MARK, False):
        return
    setattr(shell, _MARK, True)
    shell.events.register("pre_run_cell", _note)


_MARK = "_notebook_checks_watches"


def ran_cells() -> list[RanCell]:
    """Every cell that was run while this kernel was watched, as it was last run, but for those that hand in."""
    return [one for one in _ran.values() if not HAND_IN.search(one.source)]


def defined_in(source: str) -> set[str]:
    """The names that a cell defines outside of functions and classes."""
    return {first or second for first, second in DEFINED.findall(source)}


def _note(info: Any) -> None:
    source, cell = str(getattr(info, "raw_cell", "") or ""), getattr(info, "cell_id", None)
    if source.strip() and getattr(info, "store_history", True) and not getattr(info, "silent", False):
        _ran[str(cell or source)] = RanCell(time.time(), None if cell is None else str(cell), source)
