"""Names of unix sockets that fit: the kernel takes 107 bytes, and the path of the temporary folder may be longer."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def short_name(folder: Path) -> tuple[int, str]:
    """A short name of a folder, for all programs of this user.

    Returns:
        A descriptor that the name lives as long as, and the name.

    Raises:
        OSError: if the folder is missing.
    """
    opened = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    return opened, f"/proc/{os.getpid()}/fd/{opened}"


@contextmanager
def name_of_socket(path: Path) -> Iterator[str]:
    """A short name of a path, to bind or to connect to while the block runs.

    Raises:
        OSError: if the folder of `path` is missing.
    """
    opened, folder = short_name(path.parent)
    try:
        yield f"{folder}/{path.name}"
    finally:
        os.close(opened)
