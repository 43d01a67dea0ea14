"""Hands in every check cell many times, some of them with points for their source."""

import copy

from tests.attacks.handin_files import cell, edit


def make(folder):
    def change(content):
        for question in ("q2_2", "q2_3", "q3_1"):
            check = cell(content, question)
            for source in (check["source"], "6", "12"):
                content["cells"].append(copy.deepcopy(check) | {"source": source})

    edit(folder, change)
