"""Hands in a log of otter's that runs code when it is unpickled."""

from tests.attacks.handin_files import pickled


def make(folder):
    for name in (".OTTER_LOG", "results.pkl", "best.safetensors"):
        (folder / name).write_bytes(pickled(folder, "pickled_log"))
