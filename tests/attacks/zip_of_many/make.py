"""Hands in a zip of thirty thousand files."""

from tests.attacks.handin_files import into_zip


def make(folder):
    into_zip(folder, *((f"{number}.txt", b"") for number in range(30_000)))
