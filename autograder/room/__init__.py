"""Where student code runs. The judge opens a room, plays cells in it, and asks it for values.

A room is an ordinary Jupyter kernel in a process of its own, forked from a warm template (`inside`). Its kind says
what stands between it and the machine: namespaces ("bwrap"), a user of its own ("uid"), or nothing ("none").
"""

from pathlib import Path

from autograder.room.inside.plan import BWRAP, BY_UID, GONE, KINDS, NONE
from autograder.room.limits import Limits
from autograder.room.pick import NoSuchRoom, pick_kind
from autograder.room.room import NoRoom, Outcome, Room, RoomGone, RoomLost, RoomTooSlow, close_all_rooms
from autograder.room.warm import Place, end_templates

__all__ = [
    "BWRAP",
    "BY_UID",
    "GONE",
    "KINDS",
    "NONE",
    "Limits",
    "NoRoom",
    "NoSuchRoom",
    "Outcome",
    "Place",
    "Room",
    "RoomGone",
    "RoomLost",
    "RoomTooSlow",
    "close_all_rooms",
    "end_templates",
    "open_room",
    "pick_kind",
    "place_of",
    "share_places",
    "use_place",
]

_places: dict[str, Place] = {}


def place_of(kind: str) -> Place:
    """Where this process gets its rooms of a kind from."""
    if kind not in _places:
        _places[kind] = Place(kind)
    return _places[kind]


def share_places(folders: dict[str, Path]) -> None:
    """Let this process get its rooms, by kind, where another process gets them: from one template."""
    _places.update({kind: Place(kind, folder) for kind, folder in folders.items()})


def use_place(place: Place) -> None:
    """Let this process get its rooms of the place's kind there."""
    _places[place.kind] = place


def open_room(kind: str, folders: tuple[Path, ...], limits: Limits, without: tuple[str, ...] = ()) -> Room:
    """Open a room whose working folder holds a copy of what is in `folders`, the later ones over the earlier.

    without: modules, and names in modules, that cannot be imported there. Raises ValueError for no known kind,
    RoomLost where another try may go better, and NoRoom.
    """
    if kind not in KINDS:
        raise ValueError(f"there is no room of the kind {kind!r}; there are {', '.join(KINDS)}")
    return Room(place_of(kind), folders, limits, without)
