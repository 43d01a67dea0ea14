"""What a room is to be: plain data, sent from outside to the template."""

import json
import struct
from dataclasses import asdict, dataclass, field

NONE, BY_UID, BWRAP = "none", "uid", "bwrap"
KINDS = (BWRAP, BY_UID, NONE)
"""How strong the wall is, the best first."""

FAILED, GONE, MEMORY, DISK = "failed", "gone", "memory", "disk"
"""What the template says of a room that ended: it never stood, its process ended, it used up too much."""

TIMES = b"times"
"""Asks the template, on a room's connection, what the room has used: "times 3", answered by "times CPU WAITED 3", in
seconds. The number says which question it answers: whoever asked an earlier one may have ceased to wait."""

JUDGE = "judge"
"""The channel that is the judge's own: a connected socket, on which the responder answers."""

LENGTH = struct.Struct(">Q")
"""What stands before each message there, in both directions."""

WORK = "/room/work"
"""The working folder in a room of the kind bwrap."""

HOLDER = (
    "bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
    "--die-with-parent", "--hostname", "room", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev",
    "--remount-ro", "/dev", "--clearenv",
)  # fmt: skip
"""Makes a room's namespaces. What it runs holds them open, and says that they stand."""


@dataclass(frozen=True)
class Walls:
    """Of a template: the kind of its rooms, and what all of them may read.

    first_uid: the rooms of a template run by root are this user and those behind it. readable: what a room by uid
    may read, where Landlock is there to say so. tmp: whether /tmp can be the room's own; not where Python lies in it.
    preload, preload_last: modules to import before rooms are opened, the latter once withheld names are known.
    rehearsal: a module with `draw_numbers()` and `rehearse()`, or "". withheld_hint: said to whoever imports a withheld
    name. groups: descriptors of the folders in which rooms get control groups, by controller; empty if they get none.
    files: the folder that rooms without a disk of their own get their folders in, or "" for the usual one.
    """

    kind: str
    first_uid: int = 0
    uids: int = 0
    readable: tuple[str, ...] = ()
    tmp: bool = True
    preload: tuple[str, ...] = ()
    preload_last: tuple[str, ...] = ()
    rehearsal: str = ""
    withheld_hint: str = ""
    groups: dict[str, int] = field(default_factory=dict)
    files: str = ""

    def to_json(self) -> str:
        """This as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Walls":
        """What `to_json` wrote."""
        content = json.loads(text)
        lists = {name: tuple(content[name]) for name in ("readable", "preload", "preload_last")}
        return cls(**(content | lists))


@dataclass(frozen=True)
class Plan:
    """What one room is to be.

    Attributes:
        key: that signs its messages; "" if no room is wanted yet, but soon.
        channels: which the descriptors sent along are, in their order; behind them come folders whose content is copied
            into the working folder.
        without: names that cannot be imported.
        process_bytes: the most that the data of one process may take.
        memory_bytes: the most of all its processes, with what lies on the room's disk and is mapped.
        processes: how many there may be, threads counted.
        file_bytes: the most that one file may take.
        disk_bytes: the most that all files on the room's disk may take.
        files: how many files its disk may have.
        work: the folder to work in, for a room of the kind NONE alone.
    """

    key: str
    channels: tuple[str, ...] = (JUDGE,)
    without: tuple[str, ...] = ()
    process_bytes: int = 0
    memory_bytes: int = 0
    processes: int = 0
    file_bytes: int = 0
    disk_bytes: int = 0
    files: int = 0
    work: str = ""

    def to_json(self) -> str:
        """This as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """What `to_json` wrote."""
        content = json.loads(text)
        lists = {name: tuple(content[name]) for name in ("channels", "without")}
        return cls(**(content | lists))
