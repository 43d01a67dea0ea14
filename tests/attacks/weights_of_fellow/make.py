"""Hands in a symbolic link to a fellow student's weights."""

from tests.attacks.classes import FELLOWS


def make(folder):
    (folder / "best.safetensors").unlink()
    (folder / "best.safetensors").symlink_to(folder.parents[1] / FELLOWS[0] / folder.name / "best.safetensors")
