"""Hands in a zip of 2 MB with three notebooks of 95 MB, which take gigabytes when they are read."""

import os

from tests.attacks.handin_files import into_zip

WIDE = ('{"cells": [], "x": "\N{PILE OF POO}' + "a" * 95_000_000 + '", "y": NaN}').encode()


def make(folder):
    noise = ("noise.bin", os.urandom(1_600_000))
    into_zip(folder, noise, *((f"{number}.ipynb", WIDE) for number in range(3)), with_notebook=False)
