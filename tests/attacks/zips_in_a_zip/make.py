"""Hands in a zip of ten zips, each of which unpacks to 90 MB."""

import io
import os
import zipfile

from tests.attacks.handin_files import into_zip


def make(folder):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("noise.bin", os.urandom(500_000))
        archive.writestr("a.ipynb", bytes(90_000_000))
    into_zip(folder, *((f"{number}.zip", inner.getvalue()) for number in range(10)), with_notebook=False)
