"""A solved notebook as a page to read: without any script, and without a network."""

import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from nbformat import NotebookNode

from autograder.rendering import Refused, as_typed, renderer

TEMPLATES = Path(__file__).with_name("templates")
PICTURES = ("image/png", "image/jpeg")
STYLE = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
"""What colours text in a terminal."""


def page_of(notebook: NotebookNode, title: str) -> str:
    """The page.

    Args:
        notebook: solved, and run or not.
        title: of the page.

    Returns:
        HTML. Formulas are set as MathML.

    Raises:
        MachineTrouble: if no process can be started that renders texts.
    """
    return _template().render(title=title, cells=[_shown(cell) for cell in notebook.cells])


def _shown(cell: NotebookNode) -> dict[str, Any]:
    if cell.cell_type != "code":
        return {"html": _html(cell.source).replace("<h4>", "<h2>").replace("</h4>", "</h2>")}
    return {"code": cell.source, "outputs": [html for output in cell.get("outputs", []) if (html := _output(output))]}


def _html(markdown: str) -> str:
    made = renderer().html(markdown)
    return as_typed(markdown, made.reason) if isinstance(made, Refused) else made


def _output(output: NotebookNode) -> str:
    """One output: a picture, a table, or text; "" for what a page cannot show."""
    if output.output_type in {"stream", "error"}:
        text = output.get("text") or "\n".join(output.get("traceback", []))
        return f"<pre>{escape(TERMINAL.sub('', text))}</pre>"
    data = output.get("data", {})
    for kind in PICTURES:
        if kind in data:
            told = output.get("metadata", {}).get(kind, {}).get("alt") or data.get("text/plain", "a figure")
            return f'<img src="data:{kind};base64,{"".join(data[kind].split())}" alt="{escape(told)}">'
    if "<table" in data.get("text/html", ""):
        return _html(re.sub(r"\n\s*\n", "\n", STYLE.sub("", data["text/html"])).strip())
    if "text/markdown" in data:
        return _html(data["text/markdown"])
    return f"<pre>{escape(data['text/plain'])}</pre>" if data.get("text/plain") else ""


@lru_cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("solution.html.j2")
