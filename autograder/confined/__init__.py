"""Processes that read what strangers wrote, and can do nothing but compute: with limits, and behind a wall."""

from autograder.confined.process import Confined, Gone

__all__ = ["Confined", "Gone"]
