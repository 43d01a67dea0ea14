"""What students get after the deadline: model answers, how the written ones are graded, and what all cells give."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from autograder.bars import Tell
from autograder.course import Course
from autograder.course.source import SourceCell, SourceNotebook, read_source
from autograder.errors import CourseError
from autograder.release.nbgrader_course import STUDENT_KERNEL
from autograder.release.solution_page import page_of

SOLUTIONS = """\
**These are the solutions.** Where you were asked for code stands one right answer of many. Below what you were asked to
write stands how it is graded, and an answer that gets all points. To run this notebook, put it beside your own: the
checks need what lies in `tests/` there."""
HANDING_IN = "\n## Handing in\n"
"""From here on a notebook tells how to hand in: of no use any more."""

WIDGET = "application/vnd.jupyter.widget-view+json"

METADATA = {"kernelspec": STUDENT_KERNEL, "language_info": {"name": "python", "pygments_lexer": "ipython3"}}


def write_solutions(course: Course, names: Sequence[str], folder: Path, run: bool, tell: Tell) -> list[Path]:
    """Write notebooks, solved, as notebooks and as pages.

    What was in the folder under these names is replaced when all is made.

    Args:
        course: that they are of.
        names: of the notebooks.
        folder: where they go.
        run: whether to run them in a real kernel as well, training included, so that they show their results.
        tell: called with a notebook's name, how many of its code cells have run, and how many there are.

    Returns:
        The files.

    Raises:
        CourseError: if a cell fails.
    """
    with tempfile.TemporaryDirectory() as scratch:
        made = []
        for name in names:
            notebook = solved_notebook(read_source(course.source(name)))
            if run:
                _run(notebook, name, course, tell)
            path = Path(scratch) / f"{name}_solutions.ipynb"
            nbformat.write(notebook, path)
            path.with_suffix(".html").write_text(page_of(notebook, f"{name}: solutions"), encoding="utf-8")
            made += [path, path.with_suffix(".html")]
        folder.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.copy(path, folder)) for path in made]


def solved_notebook(source: SourceNotebook) -> NotebookNode:
    """A source notebook as students see it when it is all over."""
    cells = [nbformat.v4.new_markdown_cell(SOLUTIONS, id="solutions")]
    for cell in source.cells:
        text, ends, _ = f"\n{cell.source}\n".partition(HANDING_IN)
        if text.strip():
            cells.append(_solved_cell(cell, text.strip("\n")))
        if ends:
            break
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA)


def _solved_cell(cell: SourceCell, text: str) -> NotebookNode:
    if cell.kind == "code":
        return nbformat.v4.new_code_cell(cell.answered, id=cell.id)
    if cell.role == "rubric":
        text = f"**How it is graded**, in points:\n\n{text}"
    elif cell.role == "answer":
        text = f"**Model answer**\n\n{text if cell.solution is None else cell.solution}"  # without a form to fill in
    return nbformat.v4.new_markdown_cell(text, id=cell.id)


def _run(notebook: NotebookNode, name: str, course: Course, tell: Tell) -> None:
    """Run all cells in a kernel of this Python, in a folder like a student's."""
    total = sum(cell.cell_type == "code" for cell in notebook.cells)
    begun: list[str] = []

    def begin(cell: NotebookNode, cell_index: int) -> None:
        if cell.cell_type == "code":
            tell(name, len(begun), total)
            begun.append(cell.id)

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as settings:
        shutil.copytree(course.release, folder, dirs_exist_ok=True)
        client = NotebookClient(
            notebook,
            timeout=None,
            kernel_name=STUDENT_KERNEL["name"],
            resources={"metadata": {"path": folder}},
            on_cell_start=begin,
            shutdown_kernel="immediate",  # or else a kernel that is interrupted writes a traceback between our lines
            extra_arguments=["--IPKernelApp.log_level=40"],  # no word on how this machine talks to itself
        )
        # A page has no sliders to move. And where nbclient plays a widget's other half, it can miss a reply, and waits
        # for good: it sends on the very socket that it waits at.
        client.comm_open_handlers = {}
        try:
            # Not `execute`, which takes Ctrl-C for itself. Without a home matplotlib would complain on the page.
            with client.setup_kernel(env=os.environ | {"MPLCONFIGDIR": settings}):
                for index, cell in enumerate(notebook.cells):
                    client.execute_cell(cell, index)
        except CellExecutionError as problem:
            raise CourseError(f"{name}: the cell {begun[-1]} raised {problem.ename}: {problem.evalue}") from None
        except DeadKernelError:
            raise CourseError(f"{name}: the cell {begun[-1]} ended the kernel") from None
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if WIDGET not in output.get("data", {})]
    tell(name, total, total)
