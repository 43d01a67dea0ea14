"""Where a class's hand-ins are said to be."""

from pathlib import Path

from autograder.errors import NothingHandedIn


def need_place(place: Path) -> None:
    """See to it that there is a folder or a file, before anything is started for it.

    Raises:
        NothingHandedIn: if not.
    """
    if not place.exists():
        raise NothingHandedIn(f"{place}: there is no such file or folder; name the one that holds the hand-ins")
    if not place.is_file() and not place.is_dir():
        raise NothingHandedIn(f"{place}: is no folder and no zip; name the one that holds the hand-ins")
