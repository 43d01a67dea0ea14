"""Asks for a kernel of another name, whose command line is in the hand-in."""

import json

from tests.attacks.handin_files import edit, known


def make(folder):
    def change(content):
        content["metadata"]["kernelspec"] = {"name": "mine", "display_name": "mine", "language": "python"}
        content["metadata"]["otter"] = {
            "OK_FORMAT": True,
            "tests": {"q2_2": {"name": "q2_2", "points": 6, "suites": []}},
        }

    edit(folder, change)
    marks = known(folder)
    touch = f"touch {marks['outside']}/public/{marks['token']}-foreign_kernel"
    for place in (folder, folder / "kernels" / "mine"):
        place.mkdir(parents=True, exist_ok=True)
        (place / "kernel.json").write_text(json.dumps({"argv": ["sh", "-c", touch], "display_name": "mine"}))
