"""The folder that rooms without a disk of their own have their folders in: nothing of it outlives a template."""

import fcntl
import os
import stat
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "room-files-"

ENTER_ONLY = 0o711
"""Other users, which rooms are, get into folders of their own there, and do not see which there are."""


class FilesOfRooms:
    """A new folder, and the lock of it, which says whether its template lives. A context manager: it closes the lock.

    Whoever has the lock's descriptor holds it, so that a template which inherits that holds it until it ends. The
    template removes the folder then. What a killed one has left is removed when the next folder is made.
    """

    def __init__(self) -> None:
        for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            with suppress(OSError):
                _remove_if_left(left)
        while not self._made():
            pass
        self.folder.chmod(ENTER_ONLY)

    def _made(self) -> bool:
        """Make and lock the folder. Another run that saw it without a lock may have removed it: returns False then."""
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self.lock = (self.folder / "lock").open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        if (self.folder / "lock").exists():
            return True
        self.lock.close()
        return False

    def __enter__(self) -> "FilesOfRooms":
        return self

    def __exit__(self, *_: object) -> None:
        self.lock.close()


def _remove_if_left(folder: Path) -> None:
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid():
        return
    with (folder / "lock").open("r") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], check=False)
