"""What the server of workers imports before it forks any, so that each has it without time or memory of its own."""

import gc
import sys
from importlib import import_module
from types import ModuleType
from typing import Any


def later(name: str) -> None:
    """Let a module be imported when something is first asked of it, and not when another module imports it.

    importlib's LazyLoader imports it for the second module that does.
    """
    stand_in = ModuleType(name)

    def load(attribute: str) -> Any:
        if sys.modules.get(name) is stand_in:
            del sys.modules[name]
        return getattr(import_module(name), attribute)

    stand_in.__getattr__ = load
    sys.modules[name] = stand_in


gc.disable()  # nearly all that comes now stays, and looking for what does not takes a while
later("pandas")  # otter prints its tables by it, which no worker does, and it takes a fifth of the time

import autograder.judge.judging  # noqa: E402
import autograder.run.grading  # noqa: E402

__all__ = ["autograder"]

gc.freeze()  # workers need not look at what is here now, and so do not copy it
gc.enable()
gc.set_threshold(50_000, 20, 100)  # what judging leaves behind is little, and looking for it takes a while
