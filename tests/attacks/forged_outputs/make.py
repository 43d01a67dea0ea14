"""Hands in check cells with outputs that show full marks, and tags that forbid to run them."""

from tests.attacks.handin_files import edit

SAYS = {"output_type": "execute_result", "data": {"text/plain": "6"}, "metadata": {}, "execution_count": 1}


def make(folder):
    def change(content):
        for cell in content["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = [SAYS]
                cell["metadata"]["tags"] = ["skip-execution", "otter_ignore", "raises-exception"]

    edit(folder, change)
