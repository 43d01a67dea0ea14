"""Hands in a notebook with a number of ten million digits, and with points of infinity."""

from tests.attacks.handin_files import NOTEBOOK


def make(folder):
    text = (folder / NOTEBOOK).read_text()
    text = text.replace('"points": 6', '"points": ' + "9" * 10_000_000).replace('"points": 12', '"points": 1e999')
    (folder / NOTEBOOK).write_text(text)
