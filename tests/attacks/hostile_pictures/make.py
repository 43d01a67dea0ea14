"""Attaches pictures that unpack to gigabytes, are damaged, are no pictures, or hold scripts, to its written answer."""

import base64
import struct
import zlib

from tests.attacks.handin_files import cell, edit, known

SIDE = 30_000


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb() -> bytes:
    """A PNG of 900 million pixels in some hundred kilobytes."""
    rows = zlib.compress(bytes(1 + SIDE // 8) * SIDE, 9)
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def make(folder):
    told = f"{known(folder)['token'][::-1]}-hostile_pictures"
    pictures = {
        "bomb.png": bomb(),
        "cut.png": bomb()[:60],
        "script.svg": f"<svg xmlns='http://www.w3.org/2000/svg' onload='{told}'><script>{told}</script></svg>".encode(),
        "page.png": f"<script>document.title = '{told}'</script>".encode(),
        "program.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run\n",
    }

    def change(content):
        answer = cell(content, "q2_1-answer")
        answer["source"] = (
            " ".join(f"![{name}](attachment:{name})" for name in pictures) + " ![gone](attachment:gone.png)"
        )
        answer["attachments"] = {
            name: {"image/png": base64.b64encode(data).decode()} for name, data in pictures.items()
        }

    edit(folder, change)
