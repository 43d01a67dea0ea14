"""Ctrl-C ends a run even where the code that it hit goes on as if nothing had been."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import nullcontext, suppress

import pytest

from autograder.__main__ import main
from autograder.cli.boundary import run
from autograder.engines.grading import Grading
from autograder.run import grading
from autograder.run.gradebook import writing as gradebook
from autograder.run.workers.interrupts import holding_interrupts, noticed_interrupts
from tests.tiny import FIRST


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


class PressedMeanwhile:
    """What looks for modules, and is interrupted as it looks for the command line."""

    def find_spec(self, name, *_):
        if name == "autograder.cli":
            raise KeyboardInterrupt


def test_ctrl_c_while_the_program_is_loaded_is_one_line(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "autograder.cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [PressedMeanwhile(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().err) == (130, "autograder: stopped.\n")


@pytest.mark.parametrize("chained", [True, False])
def test_an_error_of_what_cleans_up_after_ctrl_c_is_no_fault_of_the_program(chained, capsys):
    def clean_up_badly():
        try:
            press() if chained else None
        finally:
            raise ZeroDivisionError

    with pytest.raises(SystemExit) as ended:
        run(lambda standalone_mode: clean_up_badly())
    assert ended.value.code == (130 if chained else 70)
    assert capsys.readouterr().err.endswith("autograder: stopped.\n") == chained


def test_an_error_after_an_interrupt_that_was_swallowed_is_the_interrupt():
    with pytest.raises(KeyboardInterrupt), noticed_interrupts():
        with suppress(KeyboardInterrupt):
            press()
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), noticed_interrupts():
        raise ZeroDivisionError


def test_an_interrupt_waits_while_something_is_started_and_is_not_lost():
    reached, over = [], threading.Event()
    threading.Thread(target=over.wait).start()  # the kernel gives the signal to whichever thread does not block it
    with pytest.raises(KeyboardInterrupt), holding_interrupts():
        press()
        time.sleep(0.01)
        reached.append(True)
    over.set()
    assert reached == [True]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


DEAF_SERVER = """
import sys
from multiprocessing import forkserver
from autograder.run.workers.pool import start_server
start_server()
with open(f"/proc/{forkserver._forkserver._forkserver_pid}/status") as file:
    print(*(line.split()[1] for line in file if line.startswith(("SigBlk", "SigIgn"))))
"""


@pytest.mark.tool
def test_interrupts_do_not_reach_the_server_of_workers_while_it_imports():
    done = subprocess.run([sys.executable, "-c", DEAF_SERVER], capture_output=True, text=True, check=True)
    blocked, ignored = (int(signals, 16) for signals in done.stdout.split())
    assert (blocked | ignored) & 1 << signal.SIGINT - 1


@pytest.mark.room
def test_a_run_ends_where_a_library_swallows_the_interrupt(tiny, tmp_path, monkeypatch):
    def record(*_):
        with suppress(KeyboardInterrupt):
            press()
        return defaultdict(dict)

    record.troubles = list  # of the database: none
    monkeypatch.setattr(gradebook, "open_for_class", lambda *_: nullcontext(record))
    shutil.copytree(tiny.dist / "nbgrader", tmp_path / "course")
    folder = tmp_path / "submitted" / "ada" / tiny.name
    folder.mkdir(parents=True)
    (folder / f"{FIRST}.ipynb").write_text("no notebook")
    known = Grading(tmp_path / "results", tiny, 1)
    whole = grading.Run(tmp_path / "submitted", known, "nbgrader", tmp_path / "course", 1)
    with pytest.raises(KeyboardInterrupt):
        grading.grade_class(whole, lambda *_: None)
