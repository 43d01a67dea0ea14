"""Benchmarks are typed by hand, and seldom: the one that reaches deepest into the judge still runs."""

import subprocess
import sys

import pytest

from tests.compound import ROOT

pytestmark = [pytest.mark.room, pytest.mark.tool]


def test_the_parts_of_a_submissions_time_are_told():
    command = [sys.executable, "benchmarks/parts.py", "1_intuition"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("1_intuition: ") == 2 and " s  q1_2: " in done.stdout
