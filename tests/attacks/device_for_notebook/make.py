"""Hands in named pipes and links to endless devices in the place of notebooks."""

import os

from tests.attacks.handin_files import NOTEBOOK


def make(folder):
    (folder / NOTEBOOK).unlink()
    os.mkfifo(folder / NOTEBOOK)
    (folder / "2_compound_scaling-2.ipynb").symlink_to("/dev/zero")
    (folder / "up").symlink_to("/")
    os.mkfifo(folder / "best.safetensors")
