"""`autograder …`, `nbgrader …` and `otter …` in processes forked from one that has imported the program already.

Importing it takes seconds. `python -m tests.command PROGRAM` is the process that forks. It has no threads, reads a call
per line, and ends with its caller. Tests of what happens before the program is imported start Python instead.
"""

import atexit
import gc
import importlib
import importlib.metadata
import json
import os
import re
import runpy
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NoReturn

from tests.compound import ROOT

TIMED_OUT = "timed out"


IMPORTED = {
    "autograder": (),  # and what its commands import
    "nbgrader": (
        "nbgrader.apps.nbgraderapp",
        "nbgrader.apps.autogradeapp",
        "nbgrader.apps.exportapp",
        "nbgrader.apps.generatefeedbackapp",
        "autograder.engines.nbgrader",
    ),
    "otter": ("otter.cli", "otter.run.run_autograder", "autograder.engines.otter"),
    "python": ("scalelab", "torch"),
    "python in a room": ("scalelab.checking.in_rooms", "torch"),
    "python that trains": ("scalelab.small", "scalelab.training", "torch._dynamo"),  # which every optimizer imports
}
"""Programs, and the modules that each of their processes finds imported. A Python runs the text that it is given
first."""


def autograder(
    *arguments: str | Path, cwd: Path | None = None, timeout: float = 600, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command; see `run`."""
    return run("autograder", *arguments, cwd=cwd, timeout=timeout, **environment)


def run(
    program: str, *arguments: str | Path, cwd: Path | None = None, timeout: float = 600, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a program, as a person would type it.

    Args:
        program: one of those above.
        arguments: what follows it.
        cwd: where it runs; here by default.
        timeout: after so many seconds it is killed.
        environment: variables that are added to those of this process. A sitecustomize.py on PYTHONPATH is run.

    Raises:
        subprocess.TimeoutExpired: if it was killed.
    """
    words = [program, *map(str, arguments)]
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("stdout", "stderr")]
        call = {
            "words": words,
            "cwd": str(cwd or Path.cwd()),
            "environment": os.environ | environment,
            "files": [str(file) for file in files],
            "timeout": timeout,
        }
        server = _server(program)
        server.stdin.write(json.dumps(call) + "\n")
        server.stdin.flush()
        status = json.loads(server.stdout.readline())
        said = [file.read_text(encoding="utf-8") for file in files]
    if status == TIMED_OUT:
        raise subprocess.TimeoutExpired(words, timeout, *said)
    return subprocess.CompletedProcess(words, status, *said)


@cache
def _server(program: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.command", program]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(server.communicate)  # which closes its input, and so ends it
    return server


def _serve(program: str) -> None:
    """Fork for each line of standard input, and write how the process ended."""
    gc.disable()  # nearly all that comes now stays, and looking for what does not takes a quarter of the time
    for module in IMPORTED[program] or _imported_by_commands():
        importlib.import_module(module)
    if program == "autograder":
        _prepare()
    gc.freeze()  # what is forked need not look at what is here now, and so does not copy it
    gc.enable()
    for line in sys.stdin:
        call = json.loads(line)
        process = os.fork()
        if not process:
            _become(**call)
        print(json.dumps(_status(process, call["timeout"])), flush=True)


def _imported_by_commands() -> Iterator[str]:
    for file in sorted((ROOT / "autograder" / "cli").glob("*.py")):
        yield from re.findall(r"^ *(?:from|import) (autograder[\w.]*)", file.read_text(encoding="utf-8"), re.MULTILINE)


def _prepare() -> None:
    """Do what nearly every command of ours does, and remembers as long as its process lives."""
    import nbformat

    from autograder.room.visible_files import view

    nbformat.validate(nbformat.v4.new_notebook())  # which compiles the schema
    view()


def _status(process: int, timeout: float) -> int | str:
    ended = os.pidfd_open(process)
    in_time, _, _ = select.select([ended], [], [], timeout)
    os.close(ended)
    if not in_time:
        os.kill(process, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return status if in_time else TIMED_OUT


def _become(words: list[str], cwd: str, environment: dict[str, str], files: list[str], timeout: float) -> NoReturn:
    """Be the process that `python -m autograder` starts, or the script of another program."""
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
    sys.argv, sys.orig_argv = words, [sys.executable, *words]
    sys.path[0] = cwd if words[0] == "autograder" else str(Path(sys.executable).parent)  # as of a script
    _customize(environment.get("PYTHONPATH", ""))
    if words[0].startswith("python"):
        sys.argv = ["-c", *words[2:]]
        exec(compile(words[1], "<string>", "exec"), {"__name__": "__main__"})
        sys.exit()
    if words[0] == "autograder":
        runpy.run_module("autograder", run_name="__main__", alter_sys=True)
        sys.exit()
    [command] = importlib.metadata.entry_points(group="console_scripts", name=words[0])
    sys.exit(command.load()())


def _customize(path: str) -> None:
    """Do what Python does at its start: import what lies there by the name of sitecustomize."""
    folders = [folder for folder in path.split(os.pathsep) if Path(folder, "sitecustomize.py").is_file()]
    if folders:
        sys.path[1:1] = folders
        sys.modules.pop("sitecustomize", None)
        importlib.invalidate_caches()
        importlib.import_module("sitecustomize")


if __name__ == "__main__":
    _serve(sys.argv[1])
