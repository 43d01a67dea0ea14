"""What the server of workers imports before it forks any, so that each has it without time or memory of its own."""

import gc

import autograder.judge.judging
import autograder.run.grading

__all__ = ["autograder"]

gc.collect()
gc.freeze()  # what is here now stays: workers need not look at it, and so do not copy it
gc.set_threshold(50_000, 20, 100)  # what judging leaves behind is little, and looking for it takes a while
