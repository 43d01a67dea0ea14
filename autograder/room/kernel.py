"""A room as a Jupyter kernel in a process of its own."""

import builtins
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zmq
from jupyter_client import KernelManager

from autograder.room import responder, withheld
from autograder.room.limits import Limits

INSTALL = """\
import types as _types
_room = _types.ModuleType("room_responder")
exec(compile({source!r}, "<room>", "exec"), _room.__dict__)
_room.{call}
del _types, _room
"""

KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "SSL_CERT_FILE")
"""Environment variables that a room sees. Whatever else the grader's environment holds is none of its business."""


WAITING = 4
"""So many messages of a room are held until they are looked at; the room waits with what comes behind them."""

_rooms: set["Room"] = set()


class RoomGone(Exception):
    """The room's process has ended: student code killed it, or it exited."""


class NoRoom(Exception):
    """No room could be opened: a fault of ours or of the machine, and never the student's."""


class RoomTooSlow(Exception):
    """The room did not answer in time, and was thrown away."""


@dataclass(frozen=True)
class Outcome:
    """How a cell ended. status: "ok", "error", "timeout" or "died". error: a built-in exception's name, or ""."""

    status: str
    error: str = ""


class Room:
    """One kernel, one student, one notebook. Made by `open_room`; `close` throws it away with its disk."""

    def __init__(self, manager: KernelManager, folder: Path, limits: Limits):
        self._manager = manager
        self._folder = folder
        self._limits = limits
        self._open = True
        _rooms.add(self)
        self._client = manager.client()
        # Before any socket is made: jupyter_client itself sets no limit to what a kernel may send.
        self._client.context.setsockopt(zmq.MAXMSGSIZE, limits.answer_bytes)
        self._client.context.setsockopt(zmq.LINGER, 0)
        self._client.context.setsockopt(zmq.RCVHWM, WAITING)
        self._client.start_channels(shell=True, iopub=False, stdin=False, hb=False, control=False)
        self._session = self._client.session
        self._socket = self._client.shell_channel.socket

    def run(self, source: str, seconds: float | None = None) -> Outcome:
        """Run a cell, for at most `seconds`. A room in which a cell did not end in time is closed."""
        content = {
            "code": source,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        try:
            reply = self._request("execute_request", content, "execute_reply", seconds or self._limits.cell_seconds)
        except RoomTooSlow:
            return Outcome("timeout")
        except RoomGone:
            return Outcome("died")
        if reply.get("status") == "ok":
            return Outcome("ok")
        return Outcome("error", exception_name(reply.get("ename")))

    def ask(self, request: dict[str, Any], seconds: float | None = None) -> dict[str, Any]:
        """The answer to one of the responder's requests: a dict of JSON data, none of it to be trusted.

        Raises RoomTooSlow or RoomGone; the room is closed then.
        """
        content = {"request": json.dumps(request)}
        reply = self._request(responder.REQUEST, content, responder.ANSWER, seconds or self._limits.call_seconds)
        try:
            answer = json.loads(reply["answer"])
        except (KeyError, TypeError, ValueError, RecursionError):
            answer = None
        return answer if isinstance(answer, dict) else {"novalue": "object"}

    def close(self) -> None:
        """End every process of the room and remove its files. May be called twice."""
        self._open = False
        _rooms.discard(self)
        with suppress(Exception):
            self._client.stop_channels()
        kill_group(self._manager)
        with suppress(Exception):
            self._manager.cleanup_resources()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _request(self, kind: str, content: dict, wanted: str, seconds: float) -> dict[str, Any]:
        """Send a message and wait for its own reply. Everything else that comes is dropped."""
        if not self._open:
            raise RoomGone
        message = self._session.msg(kind, content)
        self._session.send(self._socket, message)
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not self._socket.poll(min(left, 0.2) * 1000):
                if not self._manager.provisioner or self._manager.provisioner.process.poll() is not None:
                    self.close()
                    raise RoomGone
                continue
            reply = self._receive()
            if reply is None or reply["msg_type"] != wanted or not isinstance(reply["content"], dict):
                continue
            parent = reply["parent_header"]
            if isinstance(parent, dict) and parent.get("msg_id") == message["header"]["msg_id"]:
                return reply["content"]
        self.close()
        raise RoomTooSlow

    def _receive(self) -> dict[str, Any] | None:
        try:
            return self._session.recv(self._socket, mode=zmq.NOBLOCK, copy=True)[1]
        except Exception:  # whatever a malformed message makes the session stumble over
            return None


def open_room(kind: str, folders: tuple[Path, ...], limits: Limits, without: tuple[str, ...] = ()) -> Room:
    """Open a room whose working folder holds a copy of what is in `folders`, the later ones over the earlier.

    kind: "none" is the one kind there is so far. without: modules, and names in modules, that cannot be imported
    there. Raises NoRoom where no kernel comes up.
    """
    if kind != "none":
        raise ValueError(f"there is no room of the kind {kind!r} yet; 'none' is the one there is")
    folder = Path(tempfile.mkdtemp(prefix="room-"))
    work = folder / "work"
    work.mkdir()
    for source in folders:
        shutil.copytree(source, work, symlinks=True, dirs_exist_ok=True)
    manager = KernelManager(kernel_name="python3", transport="ipc", connection_file=str(folder / "k.json"))
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    environment |= {"OMP_NUM_THREADS": "1", "IPYTHONDIR": str(folder / "ipython"), "MPLBACKEND": "Agg"}
    manager.start_kernel(
        cwd=str(work),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        extra_arguments=["--HistoryManager.enabled=False"],
    )
    room = Room(manager, folder, limits)
    for module, call in ((responder, "install(get_ipython())"), (withheld, f"withhold({without!r})")):
        text = Path(module.__file__).read_text()
        outcome = room.run(INSTALL.format(source=text, call=call), limits.start_seconds)
        if outcome.status != "ok":
            room.close()
            raise NoRoom(f"the room's kernel did not start ({outcome.status} {outcome.error})".strip())
    return room


def close_all_rooms() -> None:
    """Throw away every room of this process, which is about to end."""
    for room in list(_rooms):
        room.close()


def kill_group(manager: KernelManager) -> None:
    """Kill the kernel and all that it started: it leads a process group of its own."""
    process = getattr(manager.provisioner, "process", None) if manager.has_kernel else None
    if process is None:
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(Exception):
        process.wait(timeout=5)


def exception_name(name: Any) -> str:
    """`name` where it is a built-in exception's, else "Exception"."""
    known = getattr(builtins, name, None) if isinstance(name, str) else None
    return name if isinstance(known, type) and issubclass(known, BaseException) else "Exception"
