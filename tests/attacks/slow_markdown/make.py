"""Writes text that turns into HTML very slowly, in its written answer and in cells of its own."""

from tests.attacks.handin_files import cell, edit

SLOW = ["a" + " " * 190_000 + "b", "&" * 190_000, "<div>" * 38_000, r"\begin{a}" * 20_000]


def make(folder):
    def change(content):
        cell(content, "q2_1-answer")["source"] = SLOW[0]
        for text in SLOW:
            content["cells"].append({"cell_type": "markdown", "metadata": {}, "source": text})

    edit(folder, change)
