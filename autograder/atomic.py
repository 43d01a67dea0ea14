"""Files that are written as a whole or not at all: a reader never sees half a file."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autograder.errors import FULL

FOR_ALL, FOR_US = 0o666, 0o600
"""Who may read a new file: everyone whom the process's umask allows, or its own user alone."""


@contextmanager
def replacing(path: Path, mode: int = FOR_ALL) -> Iterator[Path]:
    """A context for writing a file in some way of its own: what was written takes the place of `path` at its end.

    Args:
        path: the file. Its folder is made if it is missing. A link is followed, and stays.
        mode: who may read the file.

    Yields:
        An empty file in the same folder. If the context ends with an exception, it is removed, and `path` is as it was.

    Raises:
        OSError: if the folder cannot be written to. It names `path`.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.partial")
    with _told_of(path):
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
    try:
        yield partial
        with _told_of(path):
            os.replace(partial, path)
    except BaseException as problem:
        with suppress(OSError):
            partial.unlink()
        if isinstance(problem, OSError) and problem.errno in FULL and problem.filename is None:
            raise OSError(problem.errno, problem.strerror, str(path)) from None  # writing names no file
        raise


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """The machine's refusal names the file that was asked for, and not the one that takes its place at the end."""
    try:
        yield
    except FileNotFoundError:  # the folder is there, and its file system takes no files: /proc
        raise PermissionError(errno.EPERM, "no file can be made there", str(path)) from None
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, str(path)) from None


def write_text(path: Path, text: str, mode: int = FOR_ALL) -> None:
    """Write a text in UTF-8, or leave the file as it was.

    Args:
        path: the file. Its folder is made if it is missing. A link is followed, and stays.
        text: its whole content. Ends of lines are written as they are.
        mode: who may read the file, if it is new or replaced: FOR_ALL or FOR_US.

    Raises:
        OSError: if it cannot be written.
    """
    write_bytes(path, text.encode("utf-8"), mode)


def write_bytes(path: Path, content: bytes, mode: int = FOR_ALL) -> None:
    """Write bytes, or leave the file as it was.

    Args:
        path: the file. Its folder is made if it is missing. A link is followed, and stays.
        content: all of it.
        mode: who may read the file, if it is new or replaced: FOR_ALL or FOR_US.

    Raises:
        OSError: if it cannot be written.
    """
    with replacing(path, mode) as partial:
        partial.write_bytes(content)
