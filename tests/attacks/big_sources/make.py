"""Hands in a cell of thirty million characters."""

from tests.attacks.handin_files import cell, edit


def make(folder):
    edit(folder, lambda content: cell(content, "q2_2-conv_macs").update(source="x = 1\n" * 5_000_000))
