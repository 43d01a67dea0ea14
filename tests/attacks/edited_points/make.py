"""Gives its check cells a thousand points each, and its answers some as well."""

from tests.attacks.handin_files import edit


def make(folder):
    def change(content):
        for cell in content["cells"]:
            if "nbgrader" in cell["metadata"]:
                cell["metadata"]["nbgrader"] |= {"points": 1000, "grade": True, "locked": False}
            cell["metadata"]["otter"] = {"points": 1000}

    edit(folder, change)
