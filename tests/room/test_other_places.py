"""Rooms where the grader is not root, in a container that may not make namespaces, and where there can be none."""

import errno
import os
import sys

import pytest

from autograder.engines.table_version import newest_version
from tests.compound import COURSE, ROOT
from tests.room.other_places import ORDINARY, run_as, run_command

pytestmark = pytest.mark.room

LOOK = """
    import json, os, resource, socket
    from pathlib import Path
    from autograder.course import load_course
    from autograder.room import Limits, open_room, pick_kind

    secret = Path("/tmp/secret")
    secret.write_text("4711")
    secret.chmod(0o600)
    resource.setrlimit(resource.RLIMIT_SIGPENDING, (500, 500))  # which nobody here may raise again
    course = load_course(Path(%r))
    kind = pick_kind(needs=course.room_needs)
    room = open_room(kind, (), Limits(), needs=course.room_needs)

    def value(expression):
        room.run(f"try:\\n    seen = {expression}\\nexcept BaseException as err:\\n    seen = type(err).__name__")
        return room.ask({"do": "get", "name": "seen"}).get("value")

    room.run("import os, pathlib, resource, socket, subprocess")
    print(json.dumps({
        "kind": kind,
        "timers": value("resource.getrlimit(resource.RLIMIT_SIGPENDING)[0]"),
        "sum": value("1 + 1"),
        "uid": value("os.getuid()"),
        "secret": value("pathlib.Path('/tmp/secret').read_text()"),
        "home": value("pathlib.Path('/tmp/x').write_text('x')"),
        "here": value("pathlib.Path('x').write_text('x')"),
        "tests": value(f"len(os.listdir({str(course.questions)!r}))"),
        "network": value("socket.create_connection(('127.0.0.1', 1), 1)"),
        "rights": value("[line.split()[1] for line in open('/proc/self/status') if line.startswith('CapEff')][0]"),
        "users": value("subprocess.run(['unshare', '-Ur', 'true']).returncode"),
        "nowhere": value("open(os.devnull, 'w').write('x')"),
        "shell": value("get_ipython().system('echo x > /dev/null; exit 3')"),
        "status": value("_exit_code"),
        "torch": value("str(__import__('torch').ones(2).sum().item())"),
    }))
    room.close()
""".replace("%r", repr(str(COURSE.folder)))

REFUSED = {"PermissionError", "FileNotFoundError", "OSError", "ConnectionRefusedError"}

needs_root = pytest.mark.usefixtures("_root")


@pytest.fixture
def _root():
    assert os.geteuid() == 0, "these tests make other users' places, which takes root"


@needs_root
def test_an_ordinary_user_has_rooms_made_of_namespaces():
    seen = run_as(LOOK, user=ORDINARY)
    assert (seen["kind"], seen["sum"], seen["torch"]) == ("bwrap", 2, "2.0")
    assert {seen["secret"], seen["tests"], seen["network"]} <= REFUSED
    assert seen["here"] == seen["nowhere"] == 1
    assert (seen["shell"], seen["status"], seen["timers"]) == (None, 3, 500)
    assert int(seen["rights"], 16) == 0 and seen["users"] != 0


@needs_root
def test_root_in_a_container_without_namespaces_has_rooms_by_user():
    seen = run_as(LOOK)
    assert (seen["kind"], seen["sum"], seen["torch"]) == ("uid", 2, "2.0")
    assert seen["uid"] not in (0, None)
    assert {seen["secret"], seen["tests"], seen["network"], seen["home"]} <= REFUSED
    assert seen["here"] == seen["nowhere"] == 1
    assert (seen["shell"], seen["status"], seen["timers"]) == (None, 3, 500)
    assert int(seen["rights"], 16) == 0 and seen["users"] != 0


@needs_root
def test_where_no_room_can_be_had_grading_refuses_in_one_line():
    released = f"""
import os, sqlite3
os.mkdir("/tmp/class")
with sqlite3.connect("/tmp/gradebook.db") as book:
    book.execute("CREATE TABLE assignment (name)")
    book.execute("INSERT INTO assignment VALUES ({COURSE.name!r})")
    book.execute("CREATE TABLE alembic_version (version_num)")
    book.execute("INSERT INTO alembic_version VALUES ({newest_version()!r})")
from autograder.cli import main
main()
"""
    command = [sys.executable, "-c", released, "grade", "/tmp/class", "--out=/tmp/out"]
    command += ["--nbgrader-course=/tmp", f"--course={COURSE.folder}"]
    done = run_command(command, user=ORDINARY, path="/nowhere")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "bubblewrap" in done.stderr and "--room none" in done.stderr


@needs_root
def test_two_rooms_by_user_are_two_users_and_leave_no_process_behind():
    seen = run_as(
        """
        import json, os, time
        from autograder.room import Limits, end_templates, open_room

        rooms = [open_room("uid", (), Limits()) for _ in range(2)]
        uids = []
        for room in rooms:
            room.run("import os, subprocess; uid = os.getuid()")
            room.run("subprocess.Popen(['setsid', 'sleep', '600'])")
            uids.append(room.ask({"do": "get", "name": "uid"})["value"])

        def owner(pid):
            try:
                return os.stat(f"/proc/{pid}").st_uid
            except FileNotFoundError:  # it has ended meanwhile
                return None

        def left(uid):
            return [pid for pid in os.listdir("/proc") if pid.isdigit() and owner(pid) == uid]

        before = [len(left(uid)) for uid in uids]
        rooms[0].close()
        end = time.monotonic() + 60
        while left(uids[0]) and time.monotonic() < end:
            time.sleep(0.05)
        print(json.dumps({"uids": uids, "before": before, "after": [len(left(uid)) for uid in uids]}))
        rooms[1].close()
        """
    )
    assert len(set(seen["uids"])) == 2
    assert min(seen["before"]) >= 2
    assert seen["after"][0] == 0 and seen["after"][1] >= 2


@needs_root
def test_a_room_that_stands_is_no_other_rooms_user_however_many_come_after_it():
    seen = run_as(
        """
        import json
        from autograder.room import Limits, NoRoom, RoomLost, open_room, place

        place._ranges_of_users = lambda: (1 << 28, 4, 1 << 20)  # three users for rooms

        def user(room):
            room.run("import os; uid = os.getuid()")
            return room.ask({"do": "get", "name": "uid"})["value"]

        with open_room("uid", (), Limits()) as judges:
            judges.run("kept = 4711")
            passing = []
            for _ in range(5):
                with open_room("uid", (), Limits()) as room:
                    passing.append(user(room))
            with open_room("uid", (), Limits()), open_room("uid", (), Limits()):
                try:
                    open_room("uid", (), Limits()).close()
                    said = "opened"
                except RoomLost as problem:
                    said = str(problem)
            kept = judges.ask({"do": "get", "name": "kept"})
            print(json.dumps({"kept": kept, "own": user(judges), "passing": passing, "said": said}))
        """
    )
    assert seen["kept"] == {"value": 4711}
    assert seen["own"] not in seen["passing"] and len(set(seen["passing"])) == 2
    assert "all 3 users that rooms can be are in use" in seen["said"]


@needs_root
def test_a_template_ends_no_room_of_another_that_the_same_process_has():
    seen = run_as(
        """
        import json
        from autograder.room import Limits, Place, Room

        with Room(Place("uid"), (), Limits()) as first, Room(Place("uid"), (), Limits()) as second:
            for room in (first, second):
                room.run("import os; uid = os.getuid()")
            print(json.dumps([room.ask({"do": "get", "name": "uid"})["value"] for room in (first, second)]))
        """
    )
    assert len(set(seen)) == 2


HOARD = """
import os, socket
held, file = [], os.open("/usr/bin/env", os.O_RDONLY)
try:
    while True:
        ours, theirs = socket.socketpair()
        held += [ours, theirs]
        try:
            while True:
                socket.send_fds(ours, [b"x"], [file] * 50, socket.MSG_DONTWAIT)
        except BlockingIOError:
            pass
except OSError as problem:
    found = problem.errno
"""


@needs_root
def test_a_room_with_too_many_descriptors_on_their_way_stops_no_other_and_is_ended():
    """All are one user. Here the grader may have fewer files open than its rooms, so that what a room holds is felt."""
    seen = run_as(
        f"""
        import json, resource
        from autograder.room import Limits, RoomGone, open_room

        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
        honest, hoards = (open_room("bwrap", (), Limits()) for _ in range(2))
        honest.run("x = 1")
        hoards.run({HOARD!r})
        found = hoards.ask({{"do": "get", "name": "found"}})
        resource.setrlimit(resource.RLIMIT_NOFILE, (300, hard))
        third = open_room("bwrap", (), Limits())
        ran = third.run("y = 1").status
        try:
            hoards.ask({{"do": "get", "name": "found"}})
            ended = "stands"
        except RoomGone as gone:
            ended = gone.how
        kept = honest.ask({{"do": "get", "name": "x"}})
        print(json.dumps({{"found": found, "ran": ran, "ended": ended, "honest": kept}}))
        """,
        user=ORDINARY,
    )
    assert seen["found"] == {"value": errno.ETOOMANYREFS}
    assert (seen["ran"], seen["ended"], seen["honest"]) == ("ok", "gone", {"value": 1})


@needs_root
@pytest.mark.parametrize("attack", ["unnamed_files", "deep_paths"])
def test_what_a_room_by_user_writes_is_counted_wherever_it_is(attack):
    source = (ROOT / "tests" / "attacks" / attack / "attack.py").read_text()
    seen = run_as(
        f"""
        import json, os
        from autograder.room import Limits, end_templates, open_room

        with open_room("uid", (), Limits()) as room:
            status = room.run({source!r}, 60).status
        end_templates()
        print(json.dumps([status, [name for name in os.listdir("/tmp") if name.startswith("room-")]]))
        """
    )
    assert seen == ["disk", []]


UNMAPPED = """
import mmap
ONES = b"\\1" * 10_000_000
held = []
for _ in range(9):
    shared = mmap.mmap(-1, 10 * len(ONES))
    for _ in range(10):
        shared.write(ONES)
    shared.madvise(mmap.MADV_DONTNEED)
    held.append(shared)
import time
time.sleep(5)
"""

IN_SOCKETS = """
import socket, time
held = []
for _ in range(450):
    held += socket.socketpair()
time.sleep(5)
"""


@needs_root
def test_memory_that_no_process_has_mapped_is_counted_where_there_are_no_control_groups():
    seen = run_as(
        f"""
        import json
        from autograder.room import Limits, open_room

        said = []
        for code in ({UNMAPPED!r}, {IN_SOCKETS!r}):
            with open_room("uid", (), Limits(memory_bytes=350_000_000)) as room:
                said.append(room.run(code, 60).status)
        print(json.dumps(said))
        """
    )
    assert seen == ["memory", "memory"]
