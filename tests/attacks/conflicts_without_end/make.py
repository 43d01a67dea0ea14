"""Hands in a notebook that begins a conflict of git's in each of fifty thousand lines, and ends none."""

from tests.attacks.handin_files import NOTEBOOK


def make(folder):
    (folder / NOTEBOOK).write_text('{"cells": [\n' + "<<<<<<< a\n" * 49_000)
