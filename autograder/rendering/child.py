"""The process that renders: it reads texts and pictures, and gives back what can do nothing in a browser.

It begins with limits on memory and open files, imports all that it needs, and then may ask the system for nothing but
memory, the time, and bytes on the two lines to the process that started it. Whatever else is tried in it, even by a
decoder that has been taken over, is refused by the kernel.
"""

import base64
import ctypes
import json
import os
import resource
import signal
import sys
import warnings
from typing import BinaryIO

from autograder.rendering.limits import (
    KILL_AFTER,
    MEMORY_BYTES,
    PICTURE_BYTES,
    PICTURE_SECONDS,
    TEXT_SECONDS,
)
from autograder.rendering.markdown import TooMuch, html_of
from autograder.rendering.pictures import NoPicture, written_anew

PR_SET_PDEATHSIG = 1
ORIENTATION = 0x0112
"""The EXIF tag by which a camera says how it was held."""

LENGTH = 8
"""Bytes that say how long a message is."""

CALLS = (
    *("read", "write", "readv", "writev", "close", "lseek", "fstat", "newfstatat"),
    *("mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "futex", "sched_yield", "getrandom"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "setitimer", "getitimer", "restart_syscall"),
    *("clock_gettime", "gettimeofday", "getpid", "gettid", "exit", "exit_group"),
)
"""All that the kernel does for it once it is ready."""

SAMPLE = """# x

*a* **b** `c` ~~d~~ <b>e</b> [f](https://g) ![h](attachment:i) &amp;

- j

| k |
| - |
| $\\frac{1}{2}$ |

$$\\begin{pmatrix} a & b \\end{pmatrix} \\text{is} \\left( x \\right) \\sqrt{y} \\sum_{i=1}^n \\alpha_i$$
"""


class TookTooLong(BaseException):
    """A text or a picture has used up its seconds. Nothing but `_answer` catches it."""


def main() -> None:
    """Answer requests until the other side closes the line."""
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    signal.signal(signal.SIGVTALRM, _too_long)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    _end_with_parent()
    _rehearse()
    walls = close_walls()
    send(answers, {"ready": True, "walls": walls})
    while (request := receive(requests)) is not None:
        send(answers, _answer(request))


def send(line: BinaryIO, message: dict) -> None:
    """Write one message."""
    data = json.dumps(message).encode()
    line.write(len(data).to_bytes(LENGTH, "big") + data)
    line.flush()


def receive(line: BinaryIO) -> dict | None:
    """Read one message; None at the end of the line."""
    head = line.read(LENGTH)
    if len(head) < LENGTH:
        return None
    return json.loads(line.read(int.from_bytes(head, "big")))


def _answer(request: dict) -> dict:
    is_text = "text" in request
    seconds = TEXT_SECONDS if is_text else PICTURE_SECONDS
    try:
        # The first stops what is written in Python; the second, which nothing here handles, ends the process.
        signal.setitimer(signal.ITIMER_PROF, seconds + KILL_AFTER)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        return {"html": html_of(request["text"])} if is_text else _picture(request["picture"])
    except (TooMuch, NoPicture) as problem:
        return {"refused": str(problem)}
    except TookTooLong:
        return {"refused": f"it takes more than {seconds:g} s"}
    except (MemoryError, RecursionError):
        return {"refused": "it takes too much memory"}
    except Exception as problem:  # a library's own mistake with an odd text
        return {"refused": f"it cannot be read ({type(problem).__name__})"}
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)


def _picture(encoded: str) -> dict:
    try:
        data = base64.b64decode(encoded)
    except ValueError:
        raise NoPicture("it is damaged") from None
    if len(data) > PICTURE_BYTES:
        raise NoPicture(f"it has {len(data) / 1e6:.0f} MB, which is too much")
    kind, shown, width, height = written_anew(data)
    return {"kind": kind, "data": base64.b64encode(shown).decode(), "width": width, "height": height}


def _too_long(*_: object) -> None:
    raise TookTooLong


def _rehearse() -> None:
    """Have everything imported and read that is imported when it is first used: no file can be opened later."""
    from io import BytesIO

    from PIL import Image

    html_of(SAMPLE)
    turned = Image.Exif()
    turned[ORIENTATION] = 6
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        file = BytesIO()
        Image.new("RGB", (2, 2)).save(file, kind, exif=turned)
        written_anew(file.getvalue())


def _end_with_parent() -> None:
    """Have the kernel end this process when the one that started it ends, in whatever way."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != int(sys.argv[1]):
            os._exit(0)  # it has ended already


def close_walls() -> bool:
    """Let the kernel do nothing but CALLS for this process. Returns whether it could be done here (libseccomp)."""
    try:
        import pyseccomp as libseccomp
    except (ImportError, RuntimeError, OSError):
        return False
    from errno import EPERM

    rules = libseccomp.SyscallFilter(libseccomp.ERRNO(EPERM))
    for call in CALLS:
        try:
            rules.add_rule(libseccomp.ALLOW, call)
        except (OSError, ValueError):
            continue  # this machine has no such call
    try:
        rules.load()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
