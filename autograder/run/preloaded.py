"""What the server of workers imports before it forks any, so that each has it without time or memory of its own."""

import gc

import scalelab.checking.filled  # isort: skip  # first: it makes torchvision importable beside a CPU build of torch
import safetensors.torch
import torchvision.models.efficientnet

import autograder.run.grading

__all__ = ["autograder", "safetensors", "scalelab", "torchvision"]

gc.collect()
gc.freeze()  # what is here now stays: workers need not look at it, and so do not copy it
