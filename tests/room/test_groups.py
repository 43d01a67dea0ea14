"""The kernel itself holds what a room uses up, where control groups are available, and nothing of a room is left."""

import os
import subprocess
import sys
import textwrap
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from autograder.room import BWRAP, Limits, Room, open_room
from autograder.room.groups import POLLING, groups_here
from autograder.room.inside.groups import PREFIX, V2, RoomGroup, have_shares
from autograder.room.inside.plan import Plan
from autograder.room.room import SECONDS_TO_SAY
from tests.compound import ROOT

pytestmark = [
    pytest.mark.room,
    pytest.mark.skipif(groups_here() == POLLING, reason="rooms can have no control groups on this machine"),
]

UNMAPPED = """
import mmap
held = []
for _ in range(9):
    shared = mmap.mmap(-1, 100_000_000)
    for page in range(0, 100_000_000, 4096):
        shared[page] = 1
    shared.madvise(mmap.MADV_DONTNEED)
    held.append(shared)
"""

IN_SOCKETS = """
import socket
held = []
for _ in range(200):
    held += socket.socketpair()
    for one in held[-2:]:
        one.setblocking(False)
        try:
            while True:
                one.send(bytes(50_000))
        except BlockingIOError:
            pass
"""

BUSY = """
import os
for _ in range(40):
    if os.fork() == 0:
        os.setsid()
        while True:
            pass
"""

TURNING = """
import time
from pathlib import Path
began, turns = time.monotonic(), 0
while time.monotonic() < began + 2:
    turns += 1
used = time.process_time()
"""


@pytest.mark.parametrize("code", [UNMAPPED, IN_SOCKETS], ids=["shared pages that were given back", "sockets"])
def test_memory_that_no_process_is_seen_to_have_is_counted(code):
    with open_room(BWRAP, (), Limits(memory_bytes=64_000_000)) as room:
        assert room.run(code).status == "memory"


def test_what_a_template_says_late_of_a_rooms_end_is_waited_for():
    room, groups = opened_with_groups(Limits(memory_bytes=150_000_000))
    with room:
        processes = next(iter(groups)) / "cgroup.procs"
        warm = psutil.Process(int(processes.read_text().split()[0])).parent()
        warm.suspend()
        resumed = threading.Timer(2 * SECONDS_TO_SAY, warm.resume)
        resumed.start()
        assert room.run("held = bytearray(300_000_000)").status == "memory"
        resumed.join()


def test_many_busy_processes_of_a_room_get_the_share_of_one():
    with open_room(BWRAP, (), Limits()) as busy, open_room(BWRAP, (), Limits()) as honest:
        assert busy.run(BUSY).status == "ok"
        before = busy.times()
        assert honest.run("import time; used = -time.process_time()").status == "ok"
        assert honest.run(TURNING.replace("used = ", "used += ")).status == "ok"
        used = honest.ask({"do": "get", "name": "used"})["value"]
        assert (busy.times() - before).cpu < 6 * used


NICENESS = """
import os
told = str(os.getpriority(os.PRIO_PROCESS, 0)) + " " + os.popen("nice").read()
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="root's alone may go before others")
def test_of_a_room_the_kernel_goes_first_and_what_it_starts_is_as_any_process_is():
    with open_room(BWRAP, (), Limits()) as room:
        assert room.run(NICENESS).status == "ok"
        kernel, started = map(int, room.ask({"do": "get", "name": "told"})["value"].split())
    assert kernel < started == 0


def test_groups_are_gone_when_rooms_are():
    room, groups = opened_with_groups(Limits())
    room.run(BUSY)
    room.close()
    assert groups and not still_there(groups)


def test_a_command_that_is_killed_leaves_no_group_and_no_folder(tmp_path):
    opens = """
        from autograder.room import Limits, open_room
        rooms = [open_room(kind, (), Limits()) for kind in ("bwrap", "none")]
        print("open", flush=True)
        input()
    """
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", textwrap.dedent(opens)]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout.readline() == "open\n"
        there = groups_of(psutil.Process(killed.pid)) | set(tmp_path.glob("room-*"))
        killed.kill()
    assert len(there) > 1 and not still_there(there)


def test_the_temporary_folder_may_have_a_long_path(tmp_path):
    temporary = tmp_path / ("t" * 150)
    temporary.mkdir()
    opens = """
        from autograder.room import Limits, open_room
        for kind in ("bwrap", "none"):
            with open_room(kind, (), Limits()) as room:
                print(room.run("1").status)
    """
    environment = os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", textwrap.dedent(opens)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout == "ok\nok\n", done.stderr


def test_groups_that_cannot_be_made_leave_nothing_behind(tmp_path):
    folder = os.open(tmp_path, os.O_RDONLY)  # in which the kernel makes no files of its own
    with pytest.raises(FileNotFoundError):
        RoomGroup.make({"memory": folder}, "x", Plan("key", memory_bytes=1))
    os.close(folder)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("given", "shares"), [("cpu memory pids\n", True), ("cpuset memory\n", False), ("\n", False)])
def test_groups_of_version_2_have_shares_where_the_controller_is_given_to_them(tmp_path, given, shares):
    (tmp_path / "cgroup.subtree_control").write_text(given)
    folder = os.open(tmp_path, os.O_RDONLY)
    assert have_shares({V2: folder}) is shares
    os.close(folder)


def opened_with_groups(limits: Limits) -> tuple[Room, set[Path]]:
    """A new room and its groups; tests before this one may have left rooms open for those to come."""
    before = groups_of(psutil.Process())
    room = open_room(BWRAP, (), limits)
    return room, groups_of(psutil.Process()) - before


def groups_of(process: psutil.Process) -> set[Path]:
    """The groups of the rooms that a process has open; others on this machine may open rooms meanwhile."""
    found = set()
    for one in process.children(recursive=True):
        with suppress(OSError):  # it has ended
            found |= groups_that_have(one.pid)
    return found


def groups_that_have(pid: int) -> set[Path]:
    """The folders of a room's groups that a process is in: those of version 1 by controller, the one of version 2."""
    v1 = dict(groups_here().folders)
    found = set()
    for line in Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        if Path(path).name.startswith(PREFIX):
            of_version_1 = [v1[name] / Path(path).name for name in controllers.split(",") if name in v1]
            found |= set(of_version_1) if controllers else {Path("/sys/fs/cgroup" + path)}
    return found


def still_there(paths: set[Path]) -> list[Path]:
    """Those that have not gone after a while."""
    for _ in range(200):
        if not any(path.exists() for path in paths):
            break
        subprocess.run(["sleep", "0.05"], check=True)
    return [path for path in paths if path.exists()]
