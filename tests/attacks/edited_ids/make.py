"""Gives a cell that has a value of its own the id of a check cell, and the check another one."""

from tests.attacks.handin_files import cell, edit


def make(folder):
    def change(content):
        answer, check = cell(content, "q2_2-conv_macs"), cell(content, "q2_2")
        answer["source"] = "6"
        answer["id"], check["id"] = check["id"], answer["id"]
        answer["metadata"], check["metadata"] = check["metadata"], answer["metadata"]

    edit(folder, change)
