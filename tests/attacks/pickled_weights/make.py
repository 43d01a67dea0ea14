"""Hands in weights that run code when they are unpickled."""

from tests.attacks.handin_files import pickled


def make(folder):
    for name in ("best.safetensors", "best.json", "best_efficientnet.safetensors", "best_efficientnet.json"):
        (folder / name).write_bytes(pickled(folder, "pickled_weights"))
