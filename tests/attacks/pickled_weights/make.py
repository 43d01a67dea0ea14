"""Hands in weights that run code when they are unpickled."""

import os
import pickle

from tests.attacks.handin_files import known


class Run:
    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


def make(folder):
    marks = known(folder)
    run = Run(f"touch {marks['outside']}/public/{marks['token']}-pickled_weights")
    (folder / "best.safetensors").write_bytes(pickle.dumps({"weight": run}))
    (folder / "best.json").write_bytes(pickle.dumps(run))
