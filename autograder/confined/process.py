"""The line to a confined process: started when first needed, started again when it has died."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO

from autograder.confined.framing import LENGTH, Message, framed
from autograder.errors import MachineTrouble

PACKAGE = Path(__file__).parents[1]
BEGIN = """
import sys
from importlib.util import module_from_spec, spec_from_file_location
found = spec_from_file_location("autograder", {package!r} + "/__init__.py", submodule_search_locations=[{package!r}])
sys.modules["autograder"] = module_from_spec(found)
found.loader.exec_module(sys.modules["autograder"])
from {module} import main
main()
"""
"""The process runs the very code that this one does, wherever that lies, and puts no folder of it on its path."""

START_SECONDS = 120.0
PART = 1 << 20
"""Bytes that are copied to the line at a time."""


class Gone(Exception):
    """The process has ended, or does not answer in time."""


class Confined:
    """A confined process, for the process that makes this. One request is under way at a time.

    Args:
        module: the one whose `main` runs in it.
        does: what it does, for messages: "renders what students wrote".
        wall_seconds: for an answer to come at all, on a machine that has much else to do.
        longest_answer: bytes.
    """

    def __init__(self, module: str, does: str, wall_seconds: float, longest_answer: int) -> None:
        self._module, self._does = module, does
        self._wall_seconds, self._longest = wall_seconds, longest_answer
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._ready = False
        self.walls = False

    @property
    def process_id(self) -> int | None:
        """The id of the process; None if there is none at the moment."""
        return None if self._child is None else self._child.pid

    def request(self, message: Message, file: BinaryIO | None = None, size: int = 0) -> Message:
        """What the process answers.

        Args:
            message: the request.
            file: what follows it on the line.
            size: so many bytes of the file, which may turn out to be shorter: zeros take the place of what is missing.

        Raises:
            Gone: if it died of it, or takes too long.
            OSError: if the file cannot be read.
            MachineTrouble: if no such process can be started.
        """
        with self._lock:
            child = self._running()
            ends = time.monotonic() + self._wall_seconds
            try:
                _write(child, framed(message), ends)
                while size > 0:
                    part = (file.read(min(PART, size)) if file is not None else b"") or bytes(min(PART, size))
                    _write(child, part, ends)
                    size -= len(part)
                return _receive(child, self._longest, ends)
            except BaseException:  # after anything else than an answer, the line is out of step
                self.close()
                raise

    def warm_up(self) -> None:
        """Start the process, and do not wait until it is ready: it imports for a while."""
        with self._lock:
            if self._child is None:
                self._child, self._ready = self._start(), False

    def close(self) -> None:
        """End the process, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            for line in (child.stdin, child.stdout, child.stderr):
                if line is not None:
                    line.close()
            child.wait()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child, self._ready = self._start(), False
        child = self._child
        if not self._ready:
            try:
                told = _receive(child, self._longest, time.monotonic() + START_SECONDS)
            except Gone:
                said = _last_line(child)
                self.close()
                raise MachineTrouble(f"the process that {self._does} does not start: {said}") from None
            self.walls = bool(told.get("walls"))
            self._ready = True
        return child

    def _start(self) -> "subprocess.Popen[bytes]":
        child = subprocess.Popen(
            [sys.executable, "-P", "-c", program_of(self._module), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd="/",
        )
        assert child.stdin is not None  # it was made with a pipe
        os.set_blocking(child.stdin.fileno(), False)
        return child


def program_of(module: str) -> str:
    """Python code for `python -c` that runs the `main` of a module of ours."""
    return BEGIN.format(package=str(PACKAGE), module=module)


def _write(child: "subprocess.Popen[bytes]", data: bytes, ends: float) -> None:
    """Raises Gone."""
    assert child.stdin is not None  # it was made with a pipe
    left = memoryview(data)
    while left:
        if not _is_ready(child.stdin.fileno(), select.POLLOUT, ends):
            raise Gone
        try:
            left = left[os.write(child.stdin.fileno(), left) :]
        except BlockingIOError:
            continue
        except OSError:
            raise Gone from None


def _receive(child: "subprocess.Popen[bytes]", longest: int, ends: float) -> Message:
    """One message, of a length that fits. Raises Gone."""
    length = int.from_bytes(_read(child, LENGTH, ends), "big")
    if length > longest:
        raise Gone
    try:
        message = json.loads(_read(child, length, ends))
    except (ValueError, RecursionError):
        raise Gone from None
    if not isinstance(message, dict):
        raise Gone
    return message


def _read(child: "subprocess.Popen[bytes]", length: int, ends: float) -> bytes:
    assert child.stdout is not None  # it was made with a pipe
    parts: list[bytes] = []
    while length:
        ready = _is_ready(child.stdout.fileno(), select.POLLIN, ends)
        part = os.read(child.stdout.fileno(), min(length, PART)) if ready else b""
        if not part:
            raise Gone
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _is_ready(descriptor: int, what: int, ends: float) -> bool:
    """Wait until a descriptor can be read or written; False at `ends`."""
    polled = select.poll()  # select itself takes no descriptor above 1023
    polled.register(descriptor, what)
    return bool(polled.poll(max(ends - time.monotonic(), 0) * 1000))


def _last_line(child: "subprocess.Popen[bytes]") -> str:
    """What it said last, having failed to start."""
    child.kill()
    said = child.stderr.read().decode("utf-8", "replace").strip() if child.stderr is not None else ""
    return said.split("\n")[-1] or "it ended without a word"
