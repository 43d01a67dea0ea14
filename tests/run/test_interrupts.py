"""Ctrl-C ends a run even where the code that it hit goes on as if nothing had been."""

import os
import signal
from contextlib import suppress

import pytest

from autograder.run.interrupts import noticed_interrupts


def press():
    os.kill(os.getpid(), signal.SIGINT)


def test_an_interrupt_that_was_swallowed_is_raised_again():
    with pytest.raises(KeyboardInterrupt), noticed_interrupts() as notice:
        notice()
        with suppress(KeyboardInterrupt):
            press()
        notice()


def test_an_interrupt_is_raised_at_once_and_afterwards_python_listens_again():
    with pytest.raises(KeyboardInterrupt), noticed_interrupts():
        press()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_process_that_ignores_interrupts_goes_on_ignoring_them():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with noticed_interrupts() as notice:
            press()
            notice()
    finally:
        signal.signal(signal.SIGINT, before)
