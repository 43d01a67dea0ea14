"""Handing in says when the kernel has run what the file lacks: the checks pass then, and the zip goes without it."""

import json
import os
import time
from types import SimpleNamespace

import pytest

from notebook_checks import ran_cells
from notebook_checks.notebook_state import read_notebook
from notebook_checks.unsaved import unsaved_in
from tests.notebook import Notebook

STUB = "# YOUR CODE HERE\nraise NotImplementedError('f: write this')"


def cell(source, id, solution=False):
    nbgrader = {"grade_id": id, "solution": solution} if solution else {}
    return {"cell_type": "code", "id": id, "metadata": {"nbgrader": nbgrader}, "outputs": [], "source": source}


def save(folder, name="2_b.ipynb", answer=STUB, at=None):
    """A notebook, saved so many seconds from now."""
    cells = [cell("import math", "given-1"), cell(answer, "q2_2-f", solution=True), cell("f(3)", "q2_2")]
    (folder / name).write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}))
    saved = time.time() + (at or 0)
    os.utime(folder / name, (saved, saved))


@pytest.fixture
def run(monkeypatch):
    """Runs cells as far as the watcher sees it."""
    monkeypatch.setattr(ran_cells, "_ran", {})
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return lambda source, id=None: ran_cells._note(SimpleNamespace(raw_cell=source, cell_id=id, store_history=True))


def unsaved(folder):
    return unsaved_in(folder, {file.name: read_notebook(file) for file in sorted(folder.glob("*.ipynb"))})


def test_an_answer_that_ran_after_the_file_was_saved_is_unsaved(tmp_path, run):
    save(tmp_path, at=-60)
    run("import math", "given-1")
    assert unsaved(tmp_path) == {}
    run("def f(x): return 2 * x", "q2_2-f")
    assert unsaved(tmp_path) == {"2_b.ipynb": ["q2_2"]}


def test_what_is_saved_is_not(tmp_path, run):
    run("def f(x): return 1", "q2_2-f")
    run("def f(x): return 2 * x  ", "q2_2-f")
    run("scalelab.hand_in()", "new")
    save(tmp_path, answer="def f(x): return 2 * x\n", at=-60)
    assert unsaved(tmp_path) == {}
    save(tmp_path, answer="def f(x): return 3", at=60)  # changed and saved since it ran
    assert unsaved(tmp_path) == {}
    save(tmp_path, answer="def f(x): return 3", at=-60)
    assert unsaved(tmp_path) == {"2_b.ipynb": ["q2_2"]}


def test_a_cell_of_ones_own_that_is_not_saved_is_told_without_a_question(tmp_path, run):
    save(tmp_path, at=-60)
    run("import math", "given-1")
    run("helper = 3", "8f3a-77")
    assert unsaved(tmp_path) == {"2_b.ipynb": []}


def test_an_editor_that_gives_no_ids_is_understood_by_what_is_defined(tmp_path, run):
    save(tmp_path, at=-60)
    run("import math")
    run("print(1)")
    assert unsaved(tmp_path) == {}
    save(tmp_path, answer="def f(x):\n    return 1", at=-60)
    run("def f(x):\n    return 2")
    assert unsaved(tmp_path) == {"2_b.ipynb": ["q2_2"]}


def test_the_notebook_is_the_one_that_jupyter_names(tmp_path, run, monkeypatch):
    for name in ("1_a.ipynb", "2_b.ipynb"):
        save(tmp_path, name, at=-60)
    run("def f(x): return 2", "q2_2-f")
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "2_b.ipynb"))
    assert unsaved(tmp_path) == {"2_b.ipynb": ["q2_2"]}


def test_a_kernel_that_ran_nothing_of_these_notebooks_has_nothing_to_say(tmp_path, run):
    save(tmp_path, at=-60)
    run("print('another folder')", "zzz")
    assert unsaved(tmp_path) == {}


@pytest.mark.room
def test_a_real_kernel_tells_of_it_once_it_has_loaded_the_library(tmp_path):
    (tmp_path / "hand_in.json").write_text('{"name": "sums", "notebooks": ["2_b.ipynb"], "attachments": {}}')
    save(tmp_path, answer="def f(x): return 1", at=-60)
    with Notebook(tmp_path) as notebook:
        notebook.run("import notebook_checks", "given-1")
        notebook.run("def f(x): return 2", "q2_2-f")
        said = notebook.run("notebook_checks.hand_in();", "end").text
        warning = "UNSAVED: you have unsaved changes in 2_b.ipynb (q2_2). Press Ctrl+S (Cmd+S on a Mac), then run"
        assert said.splitlines()[-3].startswith(warning)
        save(tmp_path, answer="def f(x): return 2", at=5)
        assert "UNSAVED" not in notebook.run("notebook_checks.hand_in();", "end").text
