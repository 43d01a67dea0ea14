"""A source notebook as nbgrader's instructor notebook: metadata, mark schemes, and the install cell."""

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.course.questions import Question
from autograder.course.skeleton import INSTALL_CELL, OURS
from autograder.course.source import SourceCell, SourceNotebook
from autograder.errors import CourseError
from autograder.release.wheels import packages_of, wheel_name

TEXT_STUB = "*Write your answer here.*"
INSTALL = """\
# Run this cell first: it installs what is missing.
# The course's packages, the checks and the data lie in student.zip.
import importlib.util
import os
import sys
import zipfile

PACKAGES = [
{packages}
]
if importlib.util.find_spec("{package}") is None:
    if not os.path.exists(PACKAGES[0]):
        if not os.path.exists("student.zip"):
{fetch}
        with zipfile.ZipFile("student.zip") as packed:  # what is here already stays as it is
            new = [name for name in packed.namelist() if not os.path.exists(name)]
            packed.extractall(members=new)
    get_ipython().run_line_magic("pip", "install --quiet " + " ".join(PACKAGES))"""
UPLOAD = """\
            if "google.colab" not in sys.modules:
                raise FileNotFoundError("put student.zip beside this notebook, and try again")
            from google.colab import files

            print("Choose student.zip, which you got from your instructor.")
            files.upload()"""
DOWNLOAD = """\
            import urllib.request

            urllib.request.urlretrieve(
                "{url}",
                "student.zip",
            )"""
BADGE = "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({address})"
COLAB = "https://colab.research.google.com/github/"
OTTER = "otter-grader==7.0.0"
SKIPPED_TAGS = ["skip-execution", "otter_ignore"]
"""Tags of cells that grading never runs, as papermill-like tools and otter call them."""


def install_cell(course: Course) -> str:
    """The source of the first cell of every notebook."""
    package = course.settings.library.package if course.settings.library else "notebook_checks"
    packages = [*(f"./{wheel_name(folder)}" for folder in packages_of(course)), OTTER]
    address = course.settings.students.zip_url
    fetch = DOWNLOAD.format(url=address) if address else UPLOAD
    return INSTALL.format(package=package, packages="\n".join(f'    "{one}",' for one in packages), fetch=fetch)


def badge_cells(course: Course, name: str) -> list[NotebookNode]:
    """The cell with a badge that opens a released notebook on Colab, if course.toml says where on GitHub it lies.

    Args:
        course: the course.
        name: of the notebook, without `.ipynb`.

    Returns:
        One cell or none.
    """
    place = course.settings.students.github
    if not place:
        return []
    text = BADGE.format(address=f"{COLAB}{place.strip('/')}/{name}.ipynb")
    return [nbformat.v4.new_markdown_cell(text, id="colab", metadata={OURS: {"role": "prose", "question": ""}})]


def instructor_notebook(course: Course, source: SourceNotebook, questions: dict[str, Question]) -> NotebookNode:
    """The notebook that nbgrader makes the student release from.

    Args:
        course: the course.
        source: the notebook's, with its solutions.
        questions: name → question, for all tested questions of the notebook at least.

    Raises:
        CourseError: if an answer cell has no solution, a check no test file, or a written question no rubric.
    """
    install = _given_cell(INSTALL_CELL, install_cell(course))
    install.metadata["jupyter"] = {"source_hidden": True}  # its first line stays: a notebook begins with its title
    cells = [*badge_cells(course, source.name), install]
    for index, cell in enumerate(source.cells):
        if cell.role == "rubric":
            continue
        cells.append(_build_cell(cell, index, source, questions))
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "name": course.kernel,
        "display_name": f"{course.title} room",
        "language": "python",
    }
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def _build_cell(cell: SourceCell, index: int, source: SourceNotebook, questions: dict[str, Question]) -> NotebookNode:
    if cell.role == "prose":
        return nbformat.v4.new_markdown_cell(cell.source, id=cell.id, metadata=_role(cell))
    if cell.role == "written":
        return _task_cell(cell, index, source)
    if cell.role == "answer" and cell.kind == "markdown":
        _need_answer(cell, cell.source if cell.solution is None else cell.solution, source)
        return nbformat.v4.new_markdown_cell(_cleared_text(cell), id=cell.id, metadata=_role(cell))
    if cell.role == "answer":
        return _answer_cell(cell, source)
    if cell.role == "check":
        return _check_cell(cell, source, questions)
    given = _given_cell(cell.id, cell.source)
    given.metadata.update(_role(cell))
    if cell.role in {"playground", "train"}:
        given.metadata["tags"] = SKIPPED_TAGS
        del given.metadata["nbgrader"]
    return given


def _role(cell: SourceCell) -> dict:
    """Our own metadata: what intake and the judge know a cell by."""
    return {OURS: {"role": cell.role, "question": cell.question}}


def _nbgrader(grade_id: str, **parts) -> dict:
    return {
        "grade": False,
        "grade_id": grade_id,
        "locked": False,
        "schema_version": 3,
        "solution": False,
        "task": False,
    } | parts


def _given_cell(cell_id: str, source: str) -> NotebookNode:
    metadata = {OURS: {"role": "given", "question": ""}, "nbgrader": _nbgrader(cell_id, locked=True)}
    return nbformat.v4.new_code_cell(source, id=cell_id, metadata=metadata)


def _need_answer(cell: SourceCell, answer: str, source: SourceNotebook) -> None:
    if not answer.strip():
        raise CourseError(f"{source.path.name}: the answer cell {cell.id} has no solution between its marks")


def _answer_cell(cell: SourceCell, source: SourceNotebook) -> NotebookNode:
    _need_answer(cell, cell.solution or "", source)
    metadata = _role(cell) | {"nbgrader": _nbgrader(cell.id, solution=True)}
    return nbformat.v4.new_code_cell(cell.source, id=cell.id, metadata=metadata)


def _check_cell(cell: SourceCell, source: SourceNotebook, questions: dict[str, Question]) -> NotebookNode:
    question = questions.get(cell.question)
    if question is None:
        raise CourseError(f"{source.path.name}: {cell.question} is checked, but has no test file")
    if cell.source.strip() != f'grader.check("{cell.question}")':
        raise CourseError(f"{source.path.name}: the check cell of {cell.question} does not only call its check")
    points = 0 if question.bonus else question.points
    nbgrader = _nbgrader(cell.question, grade=True, locked=True, points=points)
    return nbformat.v4.new_code_cell(cell.source, id=cell.id, metadata=_role(cell) | {"nbgrader": nbgrader})


def _task_cell(cell: SourceCell, index: int, source: SourceNotebook) -> NotebookNode:
    """Prompt, criteria and model answer in one task cell: nbgrader allows a mark scheme nowhere else."""
    following = source.cells[index + 1 : index + 3]
    if [c.role for c in following] != ["rubric", "answer"] or {c.question for c in following} != {cell.question}:
        raise CourseError(f"{source.path.name}: {cell.question} is not followed by its rubric and its answer")
    points = source.written_points(cell.question)
    if not points:
        raise CourseError(f"{source.path.name}: the rubric of {cell.question} has no criteria '- [points] …'")
    rubric, answer = following
    scheme = f"{rubric.source}\n\n**Model answer**\n\n{answer.source}"
    text = f"{cell.source}\n\n=== BEGIN MARK SCHEME ===\n\n{scheme}\n\n=== END MARK SCHEME ==="
    nbgrader = _nbgrader(cell.question, task=True, locked=True, points=points)
    return nbformat.v4.new_markdown_cell(text, id=cell.id, metadata=_role(cell) | {"nbgrader": nbgrader})


def _cleared_text(cell: SourceCell) -> str:
    """A markdown answer without its answer: the marked region, or else all of it, gives way to the stub."""
    if cell.solution is None:
        return TEXT_STUB
    kept, inside = [], False
    for line in cell.source.split("\n"):
        if "BEGIN SOLUTION" in line:
            inside = True
            kept.append(TEXT_STUB)
        elif "END SOLUTION" in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)
