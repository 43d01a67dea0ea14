"""How long all code cells of the model solutions take, cell by cell in a real kernel, training cells included."""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from autograder.course import find_course
from autograder.course.source import read_source

COURSE = find_course(Path(__file__).parent)


def seconds_of(name: str, folder: Path) -> list[tuple[float, str]]:
    """Seconds of each code cell of a model solution, with the cell's first line."""
    source = read_source(COURSE.source(name))
    cells = [nbformat.v4.new_code_cell(cell.source) for cell in source.cells if cell.kind == "code"]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.comm_open_handlers = {}  # nbclient's half of a widget can lose a reply: see autograder/release/solutions.py
    taken = []
    with client.setup_kernel():
        for index, cell in enumerate(notebook.cells):
            started = time.monotonic()
            client.execute_cell(cell, index)
            taken.append((time.monotonic() - started, cell.source.split("\n")[0]))
    return taken


def main() -> None:
    """Print the sum for each notebook, and what takes longest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", default=list(COURSE.notebooks), help="names, such as 4_cifar")
    for name in parser.parse_args().notebooks:
        with tempfile.TemporaryDirectory() as folder:
            # What a student has there: `hand_in`, in the last cell, packs the notebooks.
            shutil.copytree(COURSE.release, folder, dirs_exist_ok=True)
            taken = seconds_of(name, Path(folder))
        print(f"{name}: {sum(seconds for seconds, _ in taken):.1f} s in {len(taken)} cells")
        for seconds, line in sorted(taken, reverse=True)[:3]:
            print(f"    {seconds:5.1f} s  {line}")


if __name__ == "__main__":
    main()
