"""What only the filter of system calls keeps from a room, and what its disk and limits hold."""

import subprocess
import sys

import pytest

from autograder.room import BWRAP, Limits, open_room
from tests.room.conftest import value

pytestmark = pytest.mark.room

FORBIDDEN = {
    "a new user namespace": "__import__('subprocess').run(['unshare', '-Ur', 'true']).returncode",
    "memory without a process": "os.memfd_create('x')",
    "a socket out of a virtual machine": "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)",
    "to hide from being measured": "ctypes.CDLL(None, use_errno=True).prctl(4, 0, 0, 0, 0)",
}


@pytest.mark.parametrize("expression", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_room_has_not(walled, expression):
    walled.run("import ctypes, os, socket")
    assert value(walled, expression) in ("PermissionError", 1, -1)


def test_a_room_sees_its_own_processes_and_no_package_of_the_graders(walled):
    assert value(walled, "len([name for name in __import__('os').listdir('/proc') if name.isdigit()])") <= 4
    for package in ("autograder", "nbgrader", "otter.run"):
        assert value(walled, f"__import__({package!r})") == "ModuleNotFoundError"


def test_a_virtual_environment_may_be_a_link_and_hides_as_much(tmp_path):
    (tmp_path / "link").symlink_to(sys.prefix, target_is_directory=True)
    asked = (
        "from autograder.room import BWRAP, Limits, open_room\nfrom autograder.room.visible_files import view\n"
        "print(view())\nopen_room(BWRAP, (), Limits()).close()\nprint('opened')"
    )
    said = [
        subprocess.run([python, "-c", asked], capture_output=True, text=True, timeout=120, check=True).stdout
        for python in (sys.executable, tmp_path / "link" / "bin" / "python")
    ]
    assert said[0] == said[1] and "opened" in said[0]


def test_a_rooms_disk_and_files_are_limited(walled):
    assert value(walled, "open('big', 'wb').write(bytes(250_000_000))") == "OSError"
    assert value(walled, "[open(f'{number}', 'w').close() for number in range(30_000)]") == "OSError"


def test_what_many_processes_use_up_together_ends_the_room_and_is_said():
    room = open_room(BWRAP, (), Limits(memory_bytes=600_000_000))
    code = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        held = bytearray(200_000_000)
        time.sleep(60)
        os._exit(0)
time.sleep(20)
"""
    try:
        assert room.run(code, 15).status == "memory"
    finally:
        room.close()
