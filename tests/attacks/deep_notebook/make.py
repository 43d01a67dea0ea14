"""Hands in a notebook whose metadata nest a million levels deep."""

from tests.attacks.handin_files import NOTEBOOK


def make(folder):
    (folder / NOTEBOOK).write_text('{"cells": ' + "[" * 1_000_000 + "]" * 1_000_000 + "}")
