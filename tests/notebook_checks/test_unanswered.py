"""*Run All* on a notebook with missing answers: a line for each cell that needs one, and no cell is left out."""

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.room

STUB = 'raise NotImplementedError("{}: what is it?")'
CELLS = {
    "grader": "from notebook_checks.notebook import Notebook\n\ngrader = Notebook()",
    "function": f"def add(a, b):\n    {STUB.format('add')}",
    "value": STUB.format("answer"),
    "calls": "import json\n\nsums = [add(1, 2)]\nfirst, second = sums",
    "calls by a library": "list(map(add, [1], [2]))",
    "needs a value": "answer + 1",
    "needs what a cell above lacks": "print(first)",
    "own mistake": "print(frist)",
    "answered": "def add(a, b):\n    return a + b",
    "calls again": "first = add(1, 2)\nprint(first)",
    "abstract": "class Own:\n    def size(self):\n        raise NotImplementedError\n\nOwn().size()",
}

MISTAKES = ("own mistake", "abstract")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each cell gives: ("error", its name), or the text that it prints."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    for cell, name in zip(cells, CELLS, strict=True):
        cell.metadata["tags"] = ["raises-exception"] if name in MISTAKES else []
    notebook = nbformat.v4.new_notebook(cells=cells)
    folder = tmp_path_factory.mktemp("notebook")
    NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()  # which ends at the first cell that fails in Jupyter's eyes, as Run All does
    shown = {}
    for name, cell in zip(CELLS, notebook.cells, strict=True):
        errors = [output.ename for output in cell.outputs if output.output_type == "error"]
        text = "".join(output.text for output in cell.outputs if output.output_type == "stream")
        shown[name] = ("error", *errors) if errors else text.strip()
    return shown


def test_a_missing_answer_is_one_line_and_no_error(outputs):
    assert outputs["value"] == "Not answered yet: `answer` (what is it?)"
    assert outputs["calls"] == outputs["calls by a library"] == "Not answered yet: `add` (what is it?)"


def test_a_name_that_waits_for_an_answer_is_told(outputs):
    assert outputs["needs a value"] == "Not yet: this cell needs `answer`, which a cell above will make."
    assert outputs["needs what a cell above lacks"] == (
        "Not yet: this cell needs `first`, which a cell above will make."
    )


def test_mistakes_of_ones_own_are_errors_as_ever(outputs):
    assert outputs["own mistake"] == ("error", "NameError")
    assert outputs["abstract"] == ("error", "NotImplementedError")


def test_an_answer_that_is_there_is_used(outputs):
    assert outputs["calls again"] == "3"
