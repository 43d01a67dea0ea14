"""Hands in a zip of 70,000 entries, whose ends say one, and the true number only where wide zips have it."""

import struct

from tests.attacks.handin_files import into_zip

END = b"PK\5\6"


def make(folder):
    into_zip(folder, *((f"{number}", b"") for number in range(70_000)), with_notebook=False)
    data = bytearray((folder / "handin.zip").read_bytes())
    struct.pack_into("<HH", data, data.rindex(END) + 8, 1, 1)
    (folder / "handin.zip").write_bytes(data)
