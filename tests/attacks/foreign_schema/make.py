"""Says that it is a notebook of format 9 with nbgrader's metadata in a schema of the future."""

from tests.attacks.handin_files import edit


def make(folder):
    def change(content):
        content |= {"nbformat": 9, "nbformat_minor": 99}
        for cell in content["cells"]:
            if "nbgrader" in cell["metadata"]:
                cell["metadata"]["nbgrader"] = {"schema_version": 99, "grade_id": cell["id"], "points": "NaN"}

    edit(folder, change)
