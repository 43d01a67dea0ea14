"""log.txt of a run: every fault of ours with its traceback. No line of a submission or of a hidden test is in it.

The file is made when there is something to write. What it says of an exception is where it was raised and of which
class it is. Its text is left out where it may quote what a student wrote, and the source line of a place in the code is
left out where that is not this program's, Python's or an installed package's.
"""

import linecache
import logging
import re
import sys
import sysconfig
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

from autograder.errors import NotRecorded, UserError, machine_trouble
from autograder.passwords import url_without_password, without_passwords

NAME = "log.txt"
LOGGER = logging.getLogger("autograder")

OURS = Path(__file__).resolve().parent
INSTALLED = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]
SHOWN = tuple(
    f"{path}/"  # a virtual environment may be a link: both names of a folder occur
    for folder in (OURS, OURS.parent / "notebook_checks", *INSTALLED)
    for path in {folder, folder.resolve()}
)
"""The folders whose source lines a log may quote."""

OF_THE_MACHINE = (OSError, ImportError, MemoryError, RecursionError, ZeroDivisionError, BrokenProcessPool)
"""Exceptions whose texts come from Python, and quote nothing but names of files and modules."""

FRAME = re.compile(r'  File "[^"]*", line \d+, in [\w<>.]+$')
CLASS = re.compile(r"([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning))(?::|$)")

MAX_TEXT = 1000
MAX_CHAIN = 10
MAX_FRAMES = 60
LEFT_OUT = "(its text is left out: it may quote a submission or a test)"


def open_log(folder: Path, command: str) -> Path:
    """Append the faults of this process, from now on, to the folder's log.txt, with the date and the command.

    Args:
        folder: the --out of a run. It is made when there is something to write.
        command: what was called, for people.

    Returns:
        The path of the log.
    """
    close_log()
    handler = _Handler(folder / NAME, command)
    LOGGER.addHandler(handler)
    return folder / NAME


def close_log() -> None:
    """Write nothing more to the log."""
    for handler in [one for one in LOGGER.handlers if isinstance(one, _Handler)]:
        LOGGER.removeHandler(handler)
        handler.close()


def current_log() -> Path | None:
    """The log that is open, or None."""
    return next((one.path for one in LOGGER.handlers if isinstance(one, _Handler)), None)


def log_fault(what: str, trace: str) -> Path | None:
    """Write a fault down.

    Args:
        what: could not be done, in one line.
        trace: how that came about, of `trace_of`.

    Returns:
        The log, or None if none is open, when the fault is on standard error, or if it could not be written.
    """
    LOGGER.error("%s\n%s", without_passwords(what), without_passwords(trace))
    return next((one.path for one in LOGGER.handlers if isinstance(one, _Handler) and not one.failed), None)


class _Handler(logging.FileHandler):
    """Writes the command before its first record. A log that cannot be written does not end a run."""

    def __init__(self, path: Path, command: str):
        self.path = path
        super().__init__(path, encoding="utf-8", errors="backslashreplace", delay=True)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        self._command = command
        self._begun = self.failed = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, and before the first one the command."""
        try:
            if not self._begun:
                Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
                command = {"levelname": "COMMAND", "msg": "%s", "args": (self._command,)}
                super().emit(logging.makeLogRecord(record.__dict__ | command))
                self._begun = True
            super().emit(record)
        except OSError:
            self.failed = True

    def handleError(self, record: logging.LogRecord) -> None:
        """Called where a record cannot be written to the open file, as on a full disk."""
        self.failed = True

    def close(self) -> None:
        """Close the file. What could not be written is written once more then, and fails again on a full disk."""
        try:
            super().close()
        except OSError:
            self.failed = True


def trace_of(problem: BaseException) -> str:
    """An exception's traceback, and those of its causes, for a log."""
    parts: list[str] = []
    one: BaseException | None = problem
    while one is not None and len(parts) < MAX_CHAIN:
        details = getattr(one, "details", None)
        said = [details] if isinstance(details, str) and details else []
        parts.append("\n".join([*_frames(one.__traceback__), _headline(one), *said]))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n\nwhich led to\n\n".join(reversed(parts))


def told_of(problem: BaseException) -> str:
    """Why something could not be done, in one line for the instructor."""
    trouble = problem if isinstance(problem, UserError) else machine_trouble(problem)
    text = str(trouble) if trouble else f"{type(problem).__name__}: {problem}"
    return " ".join(text.split("\n")[0].split())


def text_of(problem: BaseException) -> str:
    """What an exception says, as far as a log may repeat it."""
    frames = list(walk_tb(problem.__traceback__))
    file, line = (frames[-1][0].f_code.co_filename, frames[-1][1]) if frames else ("", 0)
    if isinstance(problem, UserError):
        told = not isinstance(problem, NotRecorded)  # which repeats what nbgrader says, and that may be anything
    elif isinstance(problem, OF_THE_MACHINE):
        told = not file or _is_shown(file)  # and not raised by a test
    else:  # by a `raise` of ours: no such text quotes a submission
        told = file.startswith(f"{OURS}/") and linecache.getline(file, line).strip().startswith("raise ")
    return str(problem)[:MAX_TEXT] if told else LEFT_OUT


def without_texts(said: str) -> str:
    """What another program wrote of its exceptions: the places in the code, and the classes, without any text."""
    lines = []
    for line in said.splitlines():
        if FRAME.match(line):
            lines.append(line)
        elif found := CLASS.match(line):
            lines.append(f"{found[1]}: {LEFT_OUT}")
    return "\n".join(lines)


def _headline(problem: BaseException) -> str:
    cls = type(problem)
    module = "" if cls.__module__ == "builtins" else f"{cls.__module__}."
    return f"{module}{cls.__qualname__}: {text_of(problem)}"


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = [(frame.f_code.co_filename, line, frame.f_code.co_name) for frame, line in walk_tb(traceback)]
    if len(frames) > MAX_FRAMES:
        frames = [*frames[: MAX_FRAMES // 2], ("…", 0, "…"), *frames[-MAX_FRAMES // 2 :]]
    lines = []
    for file, number, function in frames:
        lines.append(f'  File "{file}", line {number}, in {function}')
        if _is_shown(file) and (source := linecache.getline(file, number).strip()):
            lines.append(f"    {source}")
    return lines


def _is_shown(file: str) -> bool:
    return file.startswith(SHOWN)


def command_line() -> str:
    """What was typed, for a log."""
    return " ".join(["autograder", *map(url_without_password, sys.argv[1:])])
