"""What the server of workers imports before it forks any, so that each has it without time or memory of its own."""

import gc
import signal
import sys

from notebook_checks.stand_in import StandIn

signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started the server, and ends this one
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # see holding_interrupts
gc.disable()  # nearly all that comes now stays, and looking for what does not takes a while
for name in ("pandas", "nbconvert"):  # otter prints and exports by them: no worker does, and they take much of the time
    sys.modules.setdefault(name, StandIn(name, is_package=True))

import autograder.judge.judging  # noqa: E402
import autograder.run.grading  # noqa: E402, F401

__all__ = ["autograder"]

gc.freeze()  # workers need not look at what is here now, and so do not copy it
gc.enable()
gc.set_threshold(50_000, 20, 100)  # what judging leaves behind is little, and looking for it takes a while
