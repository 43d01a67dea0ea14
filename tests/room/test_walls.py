"""What only the filter of system calls keeps from a room, and what its disk and limits hold."""

import errno
import mmap
import subprocess
import sys

import pytest

from autograder.room import BWRAP, Limits, open_room
from autograder.room.inside.child import COVERED
from tests.compound import COURSE
from tests.room.conftest import value

pytestmark = pytest.mark.room

FORBIDDEN = {
    "a new user namespace": "__import__('subprocess').run(['unshare', '-Ur', 'true']).returncode and -1",
    "memory without a process": "os.memfd_create('x')",
    "a socket out of a virtual machine": "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)",
    "to hide from being measured": "ctypes.CDLL(None, use_errno=True).prctl(4, 0, 0, 0, 0)",
    "the same, with a number above the part that the kernel looks at": "libc.prctl(ctypes.c_long(1 << 32 | 4), 0)",
    "a family of sockets behind such a number": "libc.socket(ctypes.c_long(1 << 32 | 40), 1, 0)",
    "a socket of the network": "socket.socket()",
    "messages between processes by netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 2)",
    "pages of a file put out of memory": "os.posix_fadvise(FILE, 0, 0, os.POSIX_FADV_DONTNEED)",
    "pages of a file put into memory": "libc.readahead(FILE, 0, 4096)",
    "a read that tells whether a page is in memory": "os.preadv(FILE, [bytearray(1)], 0, os.RWF_NOWAIT)",
    "a write that tells": "os.pwritev(os.open('own', os.O_RDWR | os.O_CREAT), [b'x'], 0, os.RWF_DSYNC)",
    "what pages are in memory": "libc.mincore(BUFFER, 4096, BUFFER)",
    "how many pages are in memory": "libc.syscall(451, FILE, BUFFER, ctypes.byref(BUFFER, 64), 0)",
    "where pages are": "libc.syscall(279, 0, 1, BUFFER, None, BUFFER, 0)",
    "a mapping that loads pages": "mmap.mmap(FILE, 4096, prot=mmap.PROT_READ, flags=mmap.MAP_PRIVATE | 0x8000)",
    "a lock of a whole file": "fcntl.flock(FILE, fcntl.LOCK_SH)",
    "a lock of a part": "fcntl.lockf(FILE, fcntl.LOCK_SH)",
    "a lock of an open file": "fcntl.fcntl(FILE, 37, bytes(32))",
    "a lease": "fcntl.fcntl(FILE, fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "a note of changes": "fcntl.fcntl(os.open('/usr', os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_ACCESS)",
    "a hint that stays with a file": "fcntl.fcntl(FILE, 1036, (3).to_bytes(8, 'little'))",
    "a watch": "libc.inotify_init1(0)",
    "pages that the machine has set aside": "libc.mmap(None, 1 << 21, 3, 0x40022, -1, 0)",
    "a table in the kernel of any size": "libc.prctl(78, 1, 1 << 10, 0, 0)",
    "names of memory": "libc.prctl(0x53564D41, 0, BUFFER, 4096, b'x')",
    "a property that no kernel has yet": "libc.prctl(1000, 0, 0, 0, 0)",
    "where a file lies": "fcntl.ioctl(FILE, 0xC020660B, bytes(32))",
    "a key of the disk, which stays": "fcntl.ioctl(FILE, 0xC0506617, bytes(80))",
    "whether somebody has left one": "fcntl.ioctl(FILE, 0xC080661A, bytes(128))",
    "another limit of crash reports": "libc.setrlimit(4, bytes(16))",
    "the same in newer words": "libc.prlimit(0, 4, bytes(16), None)",
} | {
    f"advice {number} about memory": f"mmap.mmap(FILE, 4096, prot=mmap.PROT_READ).madvise({number})"
    for number in (mmap.MADV_WILLNEED, mmap.MADV_MERGEABLE, 20, 21, 22, 23, 25)
}
"""What a room must not have, as an expression that uses it. libc: its functions. FILE: one that all rooms read."""

KEPT = {
    "memory given back": "mmap.mmap(-1, 4096).madvise(mmap.MADV_DONTNEED)",
    "large pages": "mmap.mmap(-1, 1 << 22).madvise(mmap.MADV_HUGEPAGE)",
    "a read at a place": "os.preadv(FILE, [bytearray(1)], 0) and None",
    "a mapped file": "mmap.mmap(FILE, 4096, prot=mmap.PROT_READ).close()",
    "a pair of sockets": "[one.close() for one in socket.socketpair()] and None",
    "a database in memory": "sqlite3.connect(':memory:').execute('CREATE TABLE t (c)').close()",
    "workers that load data": "len(list(DataLoader(list(range(8)), num_workers=2))) - 8 or None",
    "weights that are mapped": "torch.save(torch.ones(1), 'w') or torch.load('w', mmap=True).item() - 1 or None",
    "a command of the shell": "get_ipython().system('exit 3')",
    "what came of it": "_exit_code - 3 or None",
    "limits that can be asked for": "resource.getrlimit(resource.RLIMIT_CORE) != (1, 1) or None",
    "limits that can be lowered": "resource.setrlimit(3, resource.getrlimit(3))",
    "a name": "libc.prctl(15, b'name', 0, 0, 0) or None",
    "few threads": "torch.set_num_threads(2)",
    "the memory that it may use": "psutil.virtual_memory().total // 3_000_000_000 or None",
}
"""What honest code uses, as expressions whose value is None."""

TOOLS = """
import ctypes, fcntl, mmap, os, resource, socket, sqlite3, psutil, torch
from torch.utils.data import DataLoader
libc = ctypes.CDLL(None, use_errno=True)
FILE = os.open('/usr/bin/env', os.O_RDONLY)
BUFFER = ctypes.create_string_buffer(1 << 16)
"""


@pytest.fixture(scope="module")
def equipped():
    """A room with TOOLS."""
    with open_room(BWRAP, (), Limits(), needs=COURSE.room_needs) as opened:
        assert opened.run(TOOLS).status == "ok"
        yield opened


@pytest.mark.parametrize("expression", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_room_has_not(equipped, expression):
    equipped.run("ctypes.set_errno(0)")
    assert value(equipped, expression) in ("PermissionError", -1)
    assert value(equipped, "ctypes.get_errno()") in (0, errno.EPERM)


@pytest.mark.parametrize("expression", KEPT.values(), ids=KEPT)
def test_a_room_has(equipped, expression):
    assert value(equipped, expression) is None


def test_a_room_has_no_terminals(equipped):
    assert value(equipped, "os.openpty()") in ("FileNotFoundError", "OSError")
    assert value(equipped, "os.listdir('/dev/pts')") == []


def test_a_rooms_proc_tells_nothing_of_the_machines_memory_and_disks(equipped):
    for name in COVERED:
        assert value(equipped, f"os.path.isdir('/proc/{name}') or len(open('/proc/{name}').read())") in (
            True,
            0,
            "FileNotFoundError",
        )
    assert value(equipped, "os.listdir('/proc/pressure') if os.path.exists('/proc/pressure') else []") == []


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
