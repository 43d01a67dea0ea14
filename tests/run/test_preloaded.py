"""The server of workers imports no more than workers need, the command that grades less, and --help least."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.tool

CODE = """
import sys
import autograder.run.workers.preloaded
print(*(name in sys.modules for name in ("numpy", "torch", "sqlalchemy", "jupytext", "nbconvert.exporters")))
import otter.run.run_autograder
import pandas
import otter.export.exporters.via_html as exporter
from nbconvert.exporters import WebPDFExporter
print(otter.run.run_autograder.pd.DataFrame is pandas.DataFrame, pandas.DataFrame([1, 2]).size)
print(exporter.nbconvert.exporters.WebPDFExporter is WebPDFExporter)
"""


def test_what_otter_prints_and_exports_by_is_left_until_something_is_asked_of_it_and_then_it_is_the_real_one():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines() == ["False False False False False", "True 2", "True"], done.stderr


LOADING = """
import sys
import autograder.cli
print(*(name in sys.modules for name in ("IPython", "zmq", "nbformat", "sqlalchemy", "nbgrader", "otter")))
"""


def test_what_every_command_loads_is_no_kernel_no_notebooks_and_no_tool():
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["False"] * 6, done.stderr


COMMAND = """
import sys
from autograder.engines.grading import Grading
from autograder.run.run_record import grade_and_record
from autograder.run.workers.executor import LocalWorkers
import autograder.cli, autograder.run.gradebook.writing
print(*(name in sys.modules for name in ("otter", "pandas", "torch")))
"""


def test_the_command_that_grades_does_not_wait_for_what_workers_alone_need():
    done = subprocess.run([sys.executable, "-c", COMMAND], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["False"] * 3, done.stderr
