"""What ends a kernel on a student's machine ends nothing in a room, so that whatever comes after it is judged.

quit() and exit() do nothing, as in a notebook while its cell still runs, and a breakpoint that was left in stops
nothing. What would end the process at once raises SystemExit in its place. Code that means to can still end its room,
and gains nothing by it.
"""

import os
import pdb
import signal
import sys

from IPython.core import debugger
from tornado.ioloop import IOLoop

FATAL = {
    getattr(signal, name)
    for name in ("SIGABRT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSEGV", "SIGTERM", "SIGUSR1", "SIGUSR2")
}
"""Signals that end a process which does nothing about them, or which can do nothing about them."""


def outlive(shell):
    """Have the room of this process outlive what would end it.

    Args:
        shell: IPython's.
    """
    shell.unobserve_all("exit_now")  # by which quit(), exit() and a kernel's do_shutdown stop the loop a moment later
    # Whoever stops the loop that they are in stops the kernel, a moment later.
    loop = getattr(IOLoop.current(), "asyncio_loop")  # noqa: B009
    setattr(loop, "stop", lambda: None)  # noqa: B010
    signal.signal(signal.SIGALRM, lambda *_: None)
    # Nobody is there to type.
    sys.breakpointhook = pdb.set_trace = debugger.set_trace = lambda *_, **__: None
    setattr(pdb.Pdb, "set_trace", pdb.set_trace)  # noqa: B010
    own = os.getpid()
    os._exit = _raising(os._exit, lambda *_: os.getpid() == own)  # not in a process that was forked off
    os.abort = _raising(os.abort, lambda: os.getpid() == own)
    os.kill = _raising(os.kill, lambda pid, number: pid == own == os.getpid() and _ends_us(number))
    signal.raise_signal = _raising(signal.raise_signal, lambda number: os.getpid() == own and _ends_us(number))


def forget_alarms():
    """Cancel what a cell or a call has set and not cancelled: it would go off in the middle of another one."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def _raising(real, is_meant):
    """`real`, which raises SystemExit where its arguments are such that it would end the room."""

    def instead(*arguments, **named):
        if is_meant(*arguments, **named):
            raise SystemExit
        return real(*arguments, **named)

    return instead


def _ends_us(number):
    return number in FATAL and signal.getsignal(number) in (signal.SIG_DFL, None)
