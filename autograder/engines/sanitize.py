"""What a student wrote in markdown, as HTML that can do nothing in a browser, with the pictures that stand in it."""

from nbformat import NotebookNode

from autograder.course.skeleton import OURS
from autograder.rendering import Texts

RENDERED = "rendered"
"""In our metadata of a cell: its text is HTML that was made here."""


def render_students_texts(notebook: NotebookNode) -> None:
    """Make every text cell of the student's own harmless, if it is not yet; ours keep their HTML.

    Raises:
        MachineTrouble: if no process can be started that renders.
    """
    texts = Texts()
    for cell in notebook.cells:
        ours = cell.metadata.get(OURS, {})
        if cell.cell_type == "code" or ours.get("role") not in {"answer", "added"} or ours.get(RENDERED):
            continue
        pictures = cell.pop("attachments", {})
        if cell.source.strip():
            cell.source = texts.html(cell.source, pictures)
            ours[RENDERED] = True
