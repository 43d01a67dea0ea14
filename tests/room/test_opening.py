"""Whatever goes wrong while a room is opened, no process of bwrap is left: what it forks would wait for it for ever."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.compound import ROOT

pytestmark = pytest.mark.room

OPENS = """
from autograder.room.inside import opening
from autograder.room.inside.plan import BWRAP, Plan, Walls
opening.SECONDS_TO_STAND = {seconds}
try:
    opening.open_room(Walls(BWRAP), Plan("key"), 0, [], None)
except opening.CannotOpen as problem:
    print(problem)
"""


class HalfOpen:
    """A process that opens a room with a bwrap that stays as the real one is for a moment, while it makes namespaces.

    opens: the process. waits: what bwrap has forked, which has the same standard streams and waits for a word of its.
    """

    def __init__(self, folder: Path, seconds: float):
        told = folder / "told"
        fake = folder / "bwrap"
        fake.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {told}.new\nmv {told}.new {told}\nwait\n")
        fake.chmod(0o755)
        environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", OPENS.format(seconds=seconds)]
        self.opens = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        while not told.exists():
            assert self.opens.poll() is None
            time.sleep(0.02)
        self.waits = psutil.Process(int(told.read_text()))

    def is_gone(self) -> bool:
        """Whether what waits ends, in time."""
        with suppress(psutil.TimeoutExpired):
            self.waits.wait(20)
        return not self.waits.is_running()


@pytest.fixture
def half_open(tmp_path) -> Iterator[type]:
    made = []

    def make(seconds: float) -> HalfOpen:
        made.append(HalfOpen(tmp_path, seconds))
        return made[-1]

    yield make
    for one in made:
        with suppress(psutil.NoSuchProcess):
            one.waits.kill()
        one.opens.kill()
        one.opens.communicate()


def test_a_template_that_is_killed_while_it_opens_a_room_leaves_no_process_of_bwrap(half_open):
    one = half_open(seconds=600)
    one.opens.kill()
    assert one.is_gone()


def test_a_bwrap_that_does_not_answer_is_ended_with_all_that_it_has_started(half_open):
    one = half_open(seconds=0.2)
    assert one.opens.communicate(timeout=60)[0] == "bwrap did not answer\n"
    assert one.is_gone()
