"""Puts the number of points into the check cells, in the place of the check."""

from tests.attacks.handin_files import edit


def make(folder):
    def change(content):
        for cell in content["cells"]:
            if cell["source"] and "grader.check" in "".join(cell["source"]):
                cell["source"] = str(int(cell["metadata"]["nbgrader"]["points"]))

    edit(folder, change)
