"""Trains a network on images: one plain loop, and what makes it short, safe and resumable."""

from scalelab.training.chosen import NoSuchRun, keep, runs
from scalelab.training.loop import accuracy, fit
from scalelab.training.record import Epoch, Record
from scalelab.training.run import TrainingStopped
from scalelab.training.stopping import Stopped

__all__ = ["Epoch", "NoSuchRun", "Record", "Stopped", "TrainingStopped", "accuracy", "fit", "keep", "runs"]
