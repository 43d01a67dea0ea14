"""The line to the process that renders: started when first needed, started again when it has died."""

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import MachineTrouble
from autograder.rendering.limits import HTML_CHARACTERS, WALL_SECONDS

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

LENGTH = 8
LONGEST_ANSWER = 40_000_000
START_SECONDS = 120.0


@dataclass(frozen=True)
class Refused:
    """Nothing was made. reason: why not, to stand after "because"."""

    reason: str


class Gone(Exception):
    """The process has ended, or does not answer in time."""


class Renderer:
    """A process that renders, for the process that makes this. One request is under way at a time."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._ready = False
        self.walls = False

    @property
    def process_id(self) -> int | None:
        """The id of the process; None if there is none at the moment."""
        return None if self._child is None else self._child.pid

    def ask(self, request: dict) -> dict | Refused:
        """What the process answers.

        Args:
            request: {"text": markdown} or {"picture": base64}.

        Returns:
            The answer, or why there is none: the text is too much, or the process died of it.

        Raises:
            MachineTrouble: if no such process can be started.
        """
        with self._lock:
            child = self._running()
            try:
                _send(child, request)
                answer = _receive(child, WALL_SECONDS)
            except Gone:
                self.close()
                return Refused("it takes too much time or memory")
        return Refused(str(answer["refused"])) if "refused" in answer else answer

    def html(self, markdown: str) -> str | Refused:
        """A text as HTML; see `autograder.rendering.markdown.html_of`. Raises MachineTrouble."""
        answer = self.ask({"text": markdown})
        if isinstance(answer, Refused):
            return answer
        html = answer.get("html")
        return html if isinstance(html, str) and len(html) <= HTML_CHARACTERS else Refused("it became too large a page")

    def warm_up(self) -> None:
        """Start the process, and do not wait until it is ready: it imports for a while."""
        with self._lock:
            if self._child is None:
                self._child, self._ready = _start(), False

    def close(self) -> None:
        """End the process, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            for line in (child.stdin, child.stdout, child.stderr):
                if line is not None:
                    line.close()
            child.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child, self._ready = _start(), False
        child = self._child
        if not self._ready:
            try:
                self.walls = bool(_receive(child, START_SECONDS).get("walls"))
            except Gone:
                said = _last_line(child)
                self.close()
                raise MachineTrouble(f"the process that renders what students wrote does not start: {said}") from None
            self._ready = True
        return child


def program_of(module: str) -> str:
    """Python code for `python -c` that runs the `main` of a module of ours."""
    return BEGIN.format(package=str(PACKAGE), module=module)


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-c", program_of("autograder.rendering.child"), str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd="/",
    )


def _send(child: subprocess.Popen[bytes], message: dict) -> None:
    data = json.dumps(message).encode()
    data = len(data).to_bytes(LENGTH, "big") + data
    assert child.stdin is not None  # it was made with a pipe
    try:
        while data:
            data = data[child.stdin.write(data) or 0 :]
    except OSError:
        raise Gone from None


def _receive(child: subprocess.Popen[bytes], seconds: float) -> dict:
    """One message, of a length that fits. Raises Gone."""
    ends = time.monotonic() + seconds
    length = int.from_bytes(_read(child, LENGTH, ends), "big")
    if length > LONGEST_ANSWER:
        raise Gone
    try:
        message = json.loads(_read(child, length, ends))
    except ValueError:
        raise Gone from None
    if not isinstance(message, dict):
        raise Gone
    return message


def _read(child: subprocess.Popen[bytes], length: int, ends: float) -> bytes:
    assert child.stdout is not None  # it was made with a pipe
    parts: list[bytes] = []
    while length:
        ready, _, _ = select.select([child.stdout], [], [], max(ends - time.monotonic(), 0))
        part = os.read(child.stdout.fileno(), min(length, 1 << 20)) if ready else b""
        if not part:
            raise Gone
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _last_line(child: subprocess.Popen[bytes]) -> str:
    """What it said last, having failed to start."""
    child.kill()
    said = child.stderr.read().decode("utf-8", "replace").strip() if child.stderr is not None else ""
    return said.split("\n")[-1] or "it ended without a word"


_renderers: dict[int, Renderer] = {}


def renderer() -> Renderer:
    """The one of this process. After a fork each process has its own."""
    if os.getpid() not in _renderers:
        _renderers.clear()
        _renderers[os.getpid()] = Renderer()
        atexit.register(_renderers[os.getpid()].close)
    return _renderers[os.getpid()]
