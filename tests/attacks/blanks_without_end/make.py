"""Hands in cells of blanks and of empty lines alone, which a search reads again from each of them."""

from tests.attacks.handin_files import cell, edit

MANY = 190_000


def make(folder):
    def change(content):
        answer = cell(content, "q2_2-flops_multiplier")
        answer["source"] = " " * MANY + "x"
        for number, source in enumerate((" " * MANY + "x", "\n" * MANY + "x")):
            content["cells"].append(answer | {"id": f"more-{number}", "metadata": {}, "source": source})

    edit(folder, change)
