"""Hands in files whose names can be read as copies of an attachment in 2 to the power of 30 ways."""

from tests.attacks.handin_files import into_zip


def make(folder):
    into_zip(
        folder,
        *(
            (f"best{copy * 30}x.{ending}", b"x")
            for copy in ("-copy-1", "_copy 1")
            for ending in ("safetensors", "json")
        ),
    )
