"""Where student code runs. The judge opens a room, plays cells in it, and asks it for values.

A room is an ordinary Jupyter kernel in a process of its own, forked from a warm template (`inside`). Its kind says
what stands between it and the machine: namespaces ("bwrap"), a user of its own ("uid"), or nothing ("none").
"""

from pathlib import Path

from autograder.course import BARE, RoomNeeds
from autograder.room.inside.plan import BWRAP, BY_UID, GONE, KINDS, NONE
from autograder.room.kinds import pick_kind
from autograder.room.limits import Limits
from autograder.room.meter import Allowed, Times, was_starved
from autograder.room.place import Place, end_templates
from autograder.room.room import NoRoom, Outcome, Reply, Room, RoomGone, RoomLost, RoomTooSlow, close_all_rooms

__all__ = [
    "BWRAP",
    "BY_UID",
    "GONE",
    "KINDS",
    "NONE",
    "Allowed",
    "Limits",
    "NoRoom",
    "Outcome",
    "Place",
    "Reply",
    "Room",
    "RoomGone",
    "RoomLost",
    "RoomTooSlow",
    "Times",
    "close_all_rooms",
    "end_templates",
    "open_room",
    "pick_kind",
    "place_of",
    "use_places",
    "was_starved",
]

_places: dict[tuple[str, RoomNeeds], Place] = {}


def place_of(kind: str, needs: RoomNeeds = BARE) -> Place:
    """Where this process gets its rooms of a kind from, for a course with these needs: always the same place.

    Args:
        kind: one of KINDS.
        needs: of the course. Two courses with other needs have other templates.
    """
    if (kind, needs) not in _places:
        _places[kind, needs] = Place(kind, needs)
    return _places[kind, needs]


def use_places(*places: Place) -> None:
    """Let this process get its rooms there: from the template of another process, say."""
    _places.update({(place.kind, place.needs): place for place in places})


def open_room(
    kind: str,
    folders: tuple[Path, ...],
    limits: Limits,
    without: tuple[str, ...] = (),
    needs: RoomNeeds = BARE,
) -> Room:
    """Open a room.

    Args:
        kind: one of KINDS.
        folders: its working folder holds a copy of what is in them, the later ones over the earlier.
        limits: what it may use up.
        without: modules, and names in modules, that cannot be imported there.
        needs: of the course.

    Raises:
        ValueError: if the kind is unknown.
        RoomLost: if another try may go better.
        NoRoom: if it will not.
    """
    if kind not in KINDS:
        raise ValueError(f"there is no room of the kind {kind!r}; there are {', '.join(KINDS)}")
    return Room(place_of(kind, needs), folders, limits, without)
