"""Trains a network on images: one plain loop, and what makes it short, safe and resumable."""

from scalelab.training.loop import TrainingStopped, accuracy, fit
from scalelab.training.record import Epoch, Record

__all__ = ["Epoch", "Record", "TrainingStopped", "accuracy", "fit"]
