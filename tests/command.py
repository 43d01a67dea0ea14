"""`autograder …` in a process of its own that is forked from one which has imported the program: that takes a second.

`python -m tests.command` is the process that forks. It has no threads, reads a call per line, and ends with its caller.
Tests of what happens before the program is imported start Python instead.
"""

import atexit
import importlib
import json
import os
import re
import runpy
import select
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import NoReturn

from tests.compound import ROOT

TIMED_OUT = "timed out"


def autograder(
    *arguments: str | Path, cwd: Path | None = None, timeout: float = 600, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command, as a person would type it.

    Args:
        arguments: what follows `autograder`.
        cwd: where it runs; here by default.
        timeout: after so many seconds it is killed.
        environment: variables that are added to those of this process.

    Raises:
        subprocess.TimeoutExpired: if it was killed.
    """
    words = [str(one) for one in arguments]
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("stdout", "stderr")]
        call = {
            "words": words,
            "cwd": str(cwd or Path.cwd()),
            "environment": os.environ | environment,
            "files": [str(file) for file in files],
            "timeout": timeout,
        }
        server = _server()
        server.stdin.write(json.dumps(call) + "\n")
        server.stdin.flush()
        status = json.loads(server.stdout.readline())
        said = [file.read_text(encoding="utf-8") for file in files]
    if status == TIMED_OUT:
        raise subprocess.TimeoutExpired(words, timeout, *said)
    return subprocess.CompletedProcess(words, status, *said)


@cache
def _server() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.command"]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(server.communicate)  # which closes its input, and so ends it
    return server


def _serve() -> None:
    """Fork for each line of standard input, and write how the process ended."""
    _import_what_commands_import()
    for line in sys.stdin:
        call = json.loads(line)
        process = os.fork()
        if not process:
            _become(**call)
        print(json.dumps(_status(process, call["timeout"])), flush=True)


def _import_what_commands_import() -> None:
    for file in sorted((ROOT / "autograder" / "cli").glob("*.py")):
        for module in re.findall(r"^ *from (autograder[\w.]*) import", file.read_text(encoding="utf-8"), re.MULTILINE):
            importlib.import_module(module)


def _status(process: int, timeout: float) -> int | str:
    ended = os.pidfd_open(process)
    in_time, _, _ = select.select([ended], [], [], timeout)
    os.close(ended)
    if not in_time:
        os.kill(process, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return status if in_time else TIMED_OUT


def _become(words: list[str], cwd: str, environment: dict[str, str], files: list[str], timeout: float) -> NoReturn:
    """Be the process that `python -m autograder` starts."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    for descriptor, file in enumerate(files, start=1):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[0] = cwd
    sys.argv = ["autograder", *words]
    runpy.run_module("autograder", run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    _serve()
