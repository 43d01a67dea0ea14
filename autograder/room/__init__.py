"""Where student code runs. The judge opens a room, plays cells in it, and asks it for values.

A room is an ordinary Jupyter kernel in another process (`--room none`): what it gets and gives is plain data,
but it runs with the rights of whoever grades. The sandboxed kernel takes its place behind the same four calls:
`open_room`, `Room.run`, `Room.ask` and `Room.close`.
"""

from autograder.room.kernel import NoRoom, Outcome, Room, RoomGone, RoomTooSlow, close_all_rooms, open_room
from autograder.room.limits import Limits

__all__ = ["Limits", "NoRoom", "Outcome", "Room", "RoomGone", "RoomTooSlow", "close_all_rooms", "open_room"]
