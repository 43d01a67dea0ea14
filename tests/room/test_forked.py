"""Rooms that are forked from the process that asks for them: in a process of its own, as one with threads may not."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.room import NONE

pytestmark = pytest.mark.room

ASK = f"""
import os, signal, sys, this_one
from autograder.room import Limits, open_room, use_places
from autograder.room.forked import ForkedPlace

use_places(ForkedPlace())

def room():
    opened = open_room({NONE!r}, (), Limits())
    assert opened.run("import os, sys\\nseen = [os.getpid(), os.getppid(), 'this_one' in sys.modules]").status == "ok"
    return opened, opened.ask({{"do": "get", "name": "seen"}})["value"]

"""


@pytest.fixture
def tmp_path(tmp_path_factory) -> Path:
    """A folder with a short name: below it lie sockets, whose paths have 107 characters at most."""
    return tmp_path_factory.mktemp("f")


def output_of(code: str, tmp_path) -> list[str]:
    (tmp_path / "this_one.py").write_text("")
    run = [sys.executable, "-c", ASK + code]
    here = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(run, capture_output=True, text=True, timeout=120, cwd=tmp_path, env=here)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_room_has_what_its_process_has_imported_and_is_another_each_time(tmp_path):
    code = """
first, (one, parent, imported) = room()
second, (other, same, _) = room()
print(imported, one != other, parent == same, parent != os.getpid())
"""
    assert output_of(code, tmp_path) == ["True"] * 4


def test_it_is_over_when_it_is_closed(tmp_path):
    code = """
import time
opened, (pid, *_) = room()
opened.close()
for _ in range(600):
    if not os.path.exists(f"/proc/{pid}"):
        print("gone")
        break
    time.sleep(0.1)
"""
    assert output_of(code, tmp_path) == ["gone"]


def test_a_template_takes_over_where_what_rooms_are_forked_from_was_killed(tmp_path):
    code = """
_, (_, parent, _) = room()
os.kill(parent, signal.SIGKILL)
os.waitpid(parent, 0)
_, (_, other, imported) = room()
print(parent != other, imported)
"""
    assert output_of(code, tmp_path) == ["True", "False"]


def test_nothing_is_left_when_the_process_has_ended(tmp_path):
    pid, parent = output_of("_, (pid, parent, _) = room()\nprint(pid, parent)\nos._exit(0)", tmp_path)
    assert ended(pid) and ended(parent)
    assert list(tmp_path.glob("room-*")) == []


def ended(pid: str, seconds: float = 20) -> bool:
    """Whether a process is gone, or is a zombie that nobody has buried, within some seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True).stdout.strip()
        if state[:1] in ("", "Z"):
            return True
        time.sleep(0.05)
    return False
