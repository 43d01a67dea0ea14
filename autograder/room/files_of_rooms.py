"""The folder that rooms without a disk of their own have their folders in: nothing of it outlives a template."""

from autograder.scratch import LockedFolder

PREFIX = "room-files-"

ENTER_ONLY = 0o711
"""Other users, which rooms are, get into folders of their own there, and do not see which there are."""


def files_of_rooms() -> LockedFolder:
    """A new folder. Its template inherits the lock, and removes the folder when it ends."""
    return LockedFolder(PREFIX, ENTER_ONLY)
