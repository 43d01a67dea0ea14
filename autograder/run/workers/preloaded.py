"""What the server of workers imports before it forks any, so that each has it without time or memory of its own."""

import gc
import sys

from notebook_checks.stand_in import StandIn

gc.disable()  # nearly all that comes now stays, and looking for what does not takes a while
# otter prints its tables by it, which no worker does, and it takes a fifth of the time.
sys.modules["pandas"] = StandIn("pandas", is_package=True)

import autograder.judge.judging  # noqa: E402
import autograder.run.grading  # noqa: E402, F401

__all__ = ["autograder"]

gc.freeze()  # workers need not look at what is here now, and so do not copy it
gc.enable()
gc.set_threshold(50_000, 20, 100)  # what judging leaves behind is little, and looking for it takes a while
