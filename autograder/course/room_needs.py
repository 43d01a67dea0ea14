"""What a course wants of the rooms that its students' code runs in."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RoomNeeds:
    """Plain data, the same for all rooms of a course.

    packages: distributions that a room may import. preload, preload_last, rehearsal, withheld_hint: as in course.toml.
    folders: (folder on the machine, its place below the folder of libraries in a room), read-only.
    secrets: folders that no room may see.
    """

    packages: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    preload_last: tuple[str, ...] = ()
    rehearsal: str = ""
    withheld_hint: str = ""
    folders: tuple[tuple[Path, str], ...] = ()
    secrets: tuple[Path, ...] = ()


BARE = RoomNeeds()
"""An ordinary kernel, of no course."""
