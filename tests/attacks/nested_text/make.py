"""Writes small texts whose HTML takes minutes, gigabytes or megabytes to make, in its answer and in other cells."""

from tests.attacks.handin_files import cell, edit

SLOW = [
    "".join(f"<b a{number}>" for number in range(1200)) + "<p>a" * 1900,
    "[a]: http://" + "x" * 8000 + "\n\n" + "[a] " * 3000,
    "|" + "a|" * 4000 + "\n|" + "-|" * 4000 + "\n" + "|a|\n" * 900,
    "$" + "{" * 9000 + "}" * 9000 + "$",
    "\\begin{align}\n" * 1400,
]


def make(folder):
    def change(content):
        cell(content, "q2_1-answer")["source"] = SLOW[0]
        for text in SLOW:
            content["cells"].append({"cell_type": "markdown", "metadata": {}, "source": text})

    edit(folder, change)
