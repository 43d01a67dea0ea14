"""Hands in a zip whose directory says ten bytes where the entry has two hundred million."""

import struct

from tests.attacks.handin_files import NOTEBOOK, into_zip


def make(folder):
    into_zip(folder, (NOTEBOOK, b" " * 200_000_000), with_notebook=False)
    data = (folder / "handin.zip").read_bytes()
    said = struct.pack("<I", 200_000_000)
    (folder / "handin.zip").write_bytes(data.replace(said, struct.pack("<I", 10)))
