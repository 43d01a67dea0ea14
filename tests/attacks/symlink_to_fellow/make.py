"""Hands in a symbolic link to a fellow student's notebook."""

from tests.attacks.classes import FELLOWS
from tests.attacks.handin_files import NOTEBOOK


def make(folder):
    (folder / NOTEBOOK).unlink()
    (folder / NOTEBOOK).symlink_to(folder.parents[1] / FELLOWS[0] / folder.name / NOTEBOOK)
