"""The server of workers imports no more than workers need."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.tool

CODE = """
import sys
import autograder.run.workers.preloaded
print(*(name in sys.modules for name in ("numpy", "torch", "sqlalchemy")))
import otter.run.run_autograder
import pandas
print(otter.run.run_autograder.pd.DataFrame is pandas.DataFrame, pandas.DataFrame([1, 2]).size)
"""


def test_pandas_is_left_until_something_is_asked_of_it_and_then_it_is_the_real_one():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines() == ["False False False", "True 2"], done.stderr
