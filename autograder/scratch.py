"""Folders for what is there only while something runs. Those of what was killed go when the next one is made."""

import fcntl
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.util import Finalize
from pathlib import Path


class LockedFolder:
    """A new folder in the temporary folder, and the lock of it, which says whether its owner lives.

    A context manager, which closes the lock. Whoever has the lock's descriptor holds it, so that a process which
    inherits it holds it until it ends. What owners that were killed have left is removed when the next folder is made.

    Args:
        prefix: of the folder's name. Folders of one prefix are for one purpose.
        mode: who may enter it.
    """

    def __init__(self, prefix: str, mode: int = 0o700):
        for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            with suppress(OSError):
                _remove_if_left(left)
        while not self._made(prefix):
            pass
        self.folder.chmod(mode)

    def _made(self, prefix: str) -> bool:
        """Make and lock the folder. Another run that saw it without a lock may have removed it: returns False then."""
        self.folder = Path(tempfile.mkdtemp(prefix=prefix))
        self.lock = (self.folder / "lock").open("w", encoding="ascii")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        if (self.folder / "lock").exists():
            return True
        self.lock.close()
        return False

    def __enter__(self) -> "LockedFolder":
        return self

    def __exit__(self, *_: object) -> None:
        self.lock.close()


_until_exit: list[LockedFolder] = []
"""Folders of this process, locked until it ends."""


def folder_until_exit(prefix: str) -> Path:
    """A folder that is gone when this process has ended, or else, where it was killed, when the next is made.

    Args:
        prefix: see LockedFolder.
    """
    made = LockedFolder(prefix)
    _until_exit.append(made)
    # After multiprocessing has removed its own folder, which may be in this one (exitpriority -100).
    Finalize(None, shutil.rmtree, (made.folder,), {"ignore_errors": True}, exitpriority=-200)
    return made.folder


@contextmanager
def scratch_folder(prefix: str) -> Iterator[Path]:
    """An empty folder that is gone after the block, or else, where this process was killed, when the next is made.

    Args:
        prefix: see LockedFolder.
    """
    with LockedFolder(prefix) as made:
        inner = made.folder / "files"  # the lock is no file of the block's
        inner.mkdir()
        try:
            yield inner
        finally:
            shutil.rmtree(made.folder, ignore_errors=True)


def _remove_if_left(folder: Path) -> None:
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid():
        return
    with (folder / "lock").open("r", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Not by Python, which recurses: how deep folders nest is up to student code.
        subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], check=False)
