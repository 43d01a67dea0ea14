"""Hands in a notebook of 90 MB whose outputs are 45 million numbers."""

from tests.attacks.handin_files import NOTEBOOK


def make(folder):
    numbers = "[" + "1," * 45_000_000 + "1]"
    cell = '{"cell_type": "code", "source": "", "outputs": [{"output_type": "display_data", "data": {"text/plain": '
    (folder / NOTEBOOK).write_text('{"cells": [' + cell + numbers + "}}]}]}")
