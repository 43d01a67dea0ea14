"""Hands in a log of otter's that runs code when it is unpickled."""

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
    run = Run(f"touch {marks['outside']}/public/{marks['token']}-pickled_log")
    for name in (".OTTER_LOG", "results.pkl", "best.safetensors"):
        (folder / name).write_bytes(pickle.dumps(run))
