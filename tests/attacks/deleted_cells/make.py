"""Hands in a notebook without any answer, check or task."""

from tests.attacks.handin_files import edit


def make(folder):
    def change(content):
        content["cells"] = content["cells"][:3]

    edit(folder, change)
