"""Reads the bytes of a handed-in notebook. Trusts nothing in them."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.intake.causes import HEAD, OPENED, WHAT, kind_of_bytes
from autograder.intake.notebook_json import SMALL, Each, Wanted, load
from autograder.intake.outputs import MAX_OUTPUTS, shown_output
from autograder.intake.pictures import REASON, take_out
from autograder.intake.reader import cells_in
from autograder.intake.unreadable import Unreadable

MAX_BYTES = 100_000_000
"""A notebook file may have so many bytes: one with 50 MB of output is still read, and its output dropped."""

MAX_CELLS = 2_000
MAX_SOURCE = 200_000
MAX_ALL_SOURCES = 10_000_000
"""Characters of one cell's source, of which the rest is cut off, and of all cells' together."""

MAX_TEXT = 20_000
MAX_ALL_TEXTS = 400_000
"""The same of cells that are no code: what renders them takes minutes for 200,000 characters of the wrong kind."""

MAX_ALL_OUTPUTS = 30_000_000
MAX_ALL_PICTURES = 60_000_000
"""Characters of a notebook's outputs and of the pictures in its texts, of which the rest is left out."""

MAX_NAME = 80
"""Characters of a file's name that messages show."""

BLANKS = re.compile(rb"[\0 \t\r\n]*+")

MARKDOWN = re.compile(r"%{1,2}(?:md-sandbox|md|markdown)\b(?!-)[^\S\n]*\n?")
"""How Databricks saves text: as a cell of code that begins so."""


@dataclass(frozen=True)
class RawCell:
    """A cell as it was handed in, brought to known types. id and grade_id: "" if it has none.

    pictures: of a text, as a notebook's attachments: name → {kind: base64}.
    """

    kind: str
    source: str
    id: str = ""
    grade_id: str = ""
    outputs: list[Any] = field(default_factory=list)
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)

    def parts(self) -> list[Any]:
        """What it is made of, as JSON can carry it."""
        return [self.kind, self.source, self.id, self.grade_id, self.outputs, self.pictures]


def read_notebook(path: Path) -> list[RawCell]:
    """The cells of a notebook file, a large one in a process with limits.

    Raises:
        Unreadable: if it is no notebook, or takes too much to be read.
        OSError: if the file cannot be read.
        MachineTrouble: if no such process can be started.
    """
    if path.is_symlink():
        raise Unreadable("is a symbolic link; hand in the file itself")
    if not path.is_file():
        raise Unreadable("is no file")
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("is an empty file")
    if size > MAX_BYTES:
        raise Unreadable(f"has {size / 1e6:.0f} MB, and {MAX_BYTES / 1e6:.0f} MB are the limit; clear its outputs")
    if size <= SMALL:
        return parse_notebook(path.read_bytes())
    return [RawCell(*parts) for parts in cells_in(path, size)]


def parse_notebook(data: bytes) -> list[RawCell]:
    """The cells of a notebook's bytes, read in this process.

    Raises:
        Unreadable: if they are no notebook's.
    """
    if BLANKS.fullmatch(data):
        raise Unreadable("is an empty file: it holds nothing but zeros or blanks; save it and hand it in again")
    if (kind := kind_of_bytes(data[:HEAD])) in WHAT:
        raise Unreadable(WHAT[kind])
    if kind in OPENED:
        raise Unreadable(f"is an archive ({kind}) with the name of a notebook; hand in the notebook itself")
    content = load(data, _wanted())
    if isinstance(content, str):  # a notebook's text as one string, as programs save what an API has given them
        content = load(content.encode("utf-8", "replace"), _wanted())
    cells = _find_cells(content)
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"has {len(cells)} cells, and {MAX_CELLS} are the limit")
    read = [cell for cell in cells if isinstance(cell, RawCell)]
    if sum(len(cell.source) for cell in read) > MAX_ALL_SOURCES:
        raise Unreadable(f"has more than {MAX_ALL_SOURCES / 1e6:.0f} million characters in its cells")
    if sum(len(cell.source) for cell in read if cell.kind != "code") > MAX_ALL_TEXTS:
        raise Unreadable(f"has more than {MAX_ALL_TEXTS} characters in its text cells")
    return read


def _wanted() -> Wanted:
    """What is kept of a notebook. Cells become RawCells as they are read, so that outputs are never all in memory."""
    shown = {"image/png": None, "image/jpeg": None, "text/plain": None}
    said = dict.fromkeys(("output_type", "text", "ename", "evalue", "traceback"))
    cell = {
        **dict.fromkeys(("cell_type", "source", "input", "id", "attachments")),
        "metadata": {"nbgrader": {"grade_id": None}},
        "outputs": Each({**said, "data": shown}, shown_output, MAX_OUTPUTS),
    }
    kept = _Kept()
    cells = Each(cell, lambda value: kept.cell(value) if isinstance(value, dict) else None, MAX_CELLS)
    notebook: dict[str, Wanted] = {
        "cells": cells,
        "worksheets": Each({"cells": cells}, lambda sheet: sheet, MAX_CELLS),
    }
    return notebook | {"content": notebook}


class _Kept:
    """What has been kept of one notebook so far."""

    def __init__(self) -> None:
        self._outputs = MAX_ALL_OUTPUTS
        self._pictures = MAX_ALL_PICTURES

    def cell(self, value: dict[str, Any]) -> RawCell:
        """A cell, with as many of its outputs and pictures as there is room for."""
        cell = _read_cell(value)
        outputs = []
        for output in cell.outputs:
            self._outputs -= len(repr(output))
            if self._outputs >= 0:
                outputs.append(output)
        for name, kinds in cell.pictures.items():
            self._pictures -= sum(map(len, kinds.values()))
            if self._pictures < 0:
                cell.pictures[name] = {REASON: "the notebook's pictures are too much together"}
        return replace(cell, outputs=outputs)


def _find_cells(content: Any) -> list[Any]:
    """The list of cells, of nbformat 4 or of an older format, which had worksheets. Raises Unreadable.

    Jupyter's contents API gives a notebook within an object that tells of its file.
    """
    if not isinstance(content, dict):
        raise Unreadable("is JSON, but no notebook")
    if isinstance(inside := content.get("content"), dict) and not content.keys() & {"cells", "worksheets"}:
        content = inside
    if isinstance(content.get("cells"), list):
        return content["cells"]
    sheets = content.get("worksheets")
    if not isinstance(sheets, list):
        raise Unreadable("is JSON, but no notebook: it has no cells")
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _read_cell(cell: dict[str, Any]) -> RawCell:
    kind = _text(cell.get("cell_type"))
    source = _source(cell.get("source", cell.get("input", "")))  # "input" is what older formats call a code cell's
    kind = kind if kind in {"code", "markdown", "raw"} else "raw"
    if kind == "code" and (said := MARKDOWN.match(source)):
        kind, source = "markdown", source[said.end() :]
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    outputs = cell.get("outputs")
    pictures: dict[str, dict[str, str]] = {}
    if kind != "code":
        source, pictures = take_out(source, cell.get("attachments"))
    return RawCell(
        kind=kind,
        source=_encodable(source[: longest(kind)]),
        id=_text(cell.get("id")),
        grade_id=_text(nbgrader.get("grade_id")) if isinstance(nbgrader, dict) else "",
        outputs=[one for one in outputs if one] if isinstance(outputs, list) else [],
        pictures=pictures,
    )


def _source(value: Any) -> str:
    """A cell's source with Unix line ends, whether it was saved as a text, as lines, or as lines without their ends."""
    if isinstance(value, list):
        lines = [part for part in value if isinstance(part, str)]
        ended = any("\n" in line or "\r" in line for line in lines)
        value = ("" if ended else "\n").join(lines)
    if not isinstance(value, str):
        return ""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def longest(kind: str) -> int:
    """Characters that the source of one cell of a kind may have."""
    return MAX_SOURCE if kind == "code" else MAX_TEXT


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def shown(name: str) -> str:
    """A file's name as a message shows it: one line, not too long, of characters that a file can hold."""
    printable = "".join(char if char.isprintable() else "?" for char in name)
    return printable if len(printable) <= MAX_NAME else printable[: MAX_NAME - 1] + "…"


def _encodable(text: str) -> str:
    """`text` without lone surrogates, which no file or message can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")
