"""What is planted around a grading run, and looked at afterwards: how an attack that succeeded is seen from outside."""

import hashlib
import json
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import scalelab
from tests.attacks.leftovers import SECONDS_TO_END, kill, left_over
from tests.compound import ROOT

ANSWER = b"2.0**phi"
"""What whoever connects is told: the right answer to the question that most attacks stand in."""

SECRET_NAME = "ANSWERS_OF_THE_COURSE"
"""A variable of the grader's own environment, which no room may see."""


SECONDS_TO_REMOVE = 3.0


@dataclass(frozen=True)
class Marks:
    """What the texts of attacks are filled with: @TOKEN@ and so on. An attacker is taken to know all of it.

    token: in the name of every file and process that an attack makes. outside: a folder that is nobody's room.
    port, abstract: where servers listen on this machine. marker, victim: ids of processes that nobody may look into,
    or end. handins, course, store: of the grading run.
    """

    token: str
    outside: str
    port: int
    abstract: str
    marker: int
    victim: int
    handins: str
    course: str
    store: str

    def fill(self, text: str, name: str) -> str:
        """A text of the attack called `name` with its marks filled in."""
        for mark, value in {"name": name, **asdict(self)}.items():
            text = text.replace(f"@{mark.upper()}@", str(value))
        return text


class Planted:
    """A folder with canaries, two servers and a process, and what has touched them. A context manager.

    seconds_to_end: how long what an attack has started may take to end by itself.
    """

    def __init__(self, seconds_to_end: float = SECONDS_TO_END) -> None:
        self._seconds_to_end = seconds_to_end

    def __enter__(self) -> "Planted":
        self.folder = Path(tempfile.mkdtemp(prefix="attacks-"))
        self.folder.chmod(0o755)
        self.outside = self.folder / "outside"
        for name in ("handins", "course", "store", "outside", "outside/private", "outside/public", "tmp"):
            (self.folder / name).mkdir()
        (self.outside / "public").chmod(0o1777)  # as /tmp is: whoever can reach it may write to it
        (self.folder / "tmp").chmod(0o1777)
        (self.outside / "private" / "keep.txt").write_text("as it was\n")
        token = "t" + secrets.token_hex(4)
        abstract = f"{token}-abstract"
        self._servers = [_listen(socket.AF_INET, ("127.0.0.1", 0)), _listen(socket.AF_UNIX, f"\0{abstract}")]
        self.callers: list[str] = []
        for server in self._servers:
            threading.Thread(target=self._serve, args=(server,), daemon=True).start()
        self._hears = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._hears.bind(f"\0{abstract}-datagrams")
        threading.Thread(target=self._hear, daemon=True).start()
        # Each waits for this process to end.
        waits = [sys.executable, "-c", "import sys; sys.stdin.read()"]
        self._processes = [subprocess.Popen(waits, stdin=subprocess.PIPE) for _ in range(2)]
        port = self._servers[0].getsockname()[1]
        places = [str(self.folder / name) for name in ("handins", "course", "store")]
        pids = [process.pid for process in self._processes]
        self.marks = Marks(token, str(self.outside), port, abstract, *pids, *places)
        (self.folder / "marks.json").write_text(json.dumps(asdict(self.marks)))
        self._environment = {name: os.environ.get(name) for name in (SECRET_NAME, "TMPDIR")}
        os.environ |= {SECRET_NAME: ANSWER.decode(), "TMPDIR": str(self.folder / "tmp")}
        tempfile.tempdir = None  # so that TMPDIR is looked at again
        return self

    def __exit__(self, *_) -> None:
        for name, value in self._environment.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        tempfile.tempdir = None
        for server in (*self._servers, self._hears):
            server.close()
        for process in self._processes:
            process.kill()
            process.wait()
        subprocess.run(["rm", "-rf", str(self.folder)], check=False)  # quicker than shutil with a million files

    def end_left_over(self) -> list[str]:
        """End the processes that have a mark, and return their command lines."""
        marks, own = (self.marks.token, str(self.folder)), {one.pid for one in self._processes}
        found = left_over(marks, own, self._seconds_to_end)
        for process, _ in found:
            kill(process)
        return [said for _, said in found]

    def begin(self) -> None:
        """Remember how the hand-ins stand, before they are graded."""
        self.callers.clear()
        self._before = self._hashes()

    def look(self, names: list[str]) -> dict[str, list[str]]:
        """What was touched since `begin`: an attack's name, or "?", → what. All of it is removed again."""
        touched: dict[str, list[str]] = {}

        def note(text: str, what: str) -> None:
            named = [name for name in names if f"{self.marks.token}-{name}" in text or text == name]
            touched.setdefault(max(named, key=len, default="?"), []).append(what)

        for caller in self.callers:
            note(caller, "a connection to the outside")
        for path in self._files_outside():
            note(path.name, f"file outside: {path}")
            path.unlink(missing_ok=True)
        for path, digest in self._hashes().items():
            if self._before.get(path, digest) != digest:
                note(path.read_text(errors="replace"), f"file changed: {path}")
        for table in self._tables():
            note(table, f"the gradebook has a table {table}")
        for process in self._processes:
            if process.poll() is not None:
                note("kill_process", f"the process {process.pid} was ended")
        for said in self.end_left_over():
            note(said, f"process left over: {said[:80]}")
        for path in _still_there(self.folder / "tmp", "room*"):
            note("", f"file left over: {path}")
        for name in names:
            if self._is_told(name):
                note(name, "hidden inputs were told to the student")
        return touched

    def _serve(self, server: socket.socket) -> None:
        with suppress(OSError):  # closed at the end
            while True:
                caller, _ = server.accept()
                with caller, suppress(OSError):
                    caller.settimeout(1)
                    self.callers.append(caller.recv(100).decode(errors="replace"))
                    caller.sendall(ANSWER)

    def _hear(self) -> None:
        with suppress(OSError):  # closed at the end
            while True:
                self.callers.append(self._hears.recv(100).decode(errors="replace"))

    def _files_outside(self) -> list[Path]:
        """All files with the token in their names, wherever an attack might want to leave one."""
        deep = [self.outside, self.folder / "handins", self.folder / "store", self.folder / "course"]
        home = Path.home()
        flat = [home, home / ".ipython/profile_default/startup", ROOT, Path(scalelab.__file__).parent]
        flat += [Path(sysconfig.get_path("purelib")), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path("/etc")]
        pattern = f"*{self.marks.token}-*"
        found = [path for place in deep for path in place.rglob(pattern)]
        return found + [path for place in flat if place.is_dir() for path in place.glob(pattern)]

    def _hashes(self) -> dict[Path, str]:
        places = (self.folder / "handins", self.outside / "private")
        files = [path for place in places for path in place.rglob("*") if path.is_file() and not path.is_symlink()]
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    def _tables(self) -> list[str]:
        """The tables in the gradebook that nbgrader has not made."""
        path = self.folder / "course" / "gradebook.db"
        if not path.exists():
            return []
        with sqlite3.connect(path) as gradebook:
            found = gradebook.execute("SELECT name FROM sqlite_master WHERE name LIKE ?", (f"{self.marks.token}%",))
            names = [name for (name,) in found]
            for name in names:
                gradebook.execute(f'DROP TABLE "{name}"')
        return names

    def _is_told(self, name: str) -> bool:
        """Whether what an attack made of its inputs stands in anything that the run has written. An attack turns
        the token around, so that its own source, which is there as well, is not mistaken for it.
        """
        told = f"{self.marks.token[::-1]}-{name}".encode()
        written = [path for place in ("store", "course") for path in (self.folder / place).rglob("*")]
        return any(told in path.read_bytes() for path in written if path.is_file())


def _still_there(folder: Path, pattern: str) -> list[Path]:
    """What a run that has ended has not removed in some seconds: the processes of its last rooms may still be at it."""
    until = time.monotonic() + SECONDS_TO_REMOVE
    while (found := list(folder.glob(pattern))) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def _listen(family: int, address) -> socket.socket:
    server = socket.socket(family, socket.SOCK_STREAM)
    server.bind(address)
    server.listen(50)
    return server
