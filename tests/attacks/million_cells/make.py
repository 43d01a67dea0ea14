"""Hands in a notebook of a million cells."""

from tests.attacks.handin_files import edit


def make(folder):
    edit(folder, lambda content: content["cells"].extend([{"cell_type": "code", "source": ""}] * 1_000_000))
