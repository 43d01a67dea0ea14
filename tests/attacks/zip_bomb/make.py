"""Hands in a zip that unpacks to a thousand times its size."""

from tests.attacks.handin_files import into_zip

ZEROS = bytes(200_000_000)


def make(folder):
    into_zip(folder, *((f"{number}.ipynb", ZEROS) for number in range(3)), with_notebook=False)
