"""Hands in a zip in which the notebook is a symbolic link to a fellow student's."""

import stat
import zipfile

from tests.attacks.classes import FELLOWS
from tests.attacks.handin_files import NOTEBOOK, into_zip


def make(folder):
    link = zipfile.ZipInfo(NOTEBOOK)
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    target = folder.parents[1] / FELLOWS[0] / folder.name / NOTEBOOK
    into_zip(folder, (link, str(target).encode()), with_notebook=False)
