"""Reads the bytes of a handed-in notebook. Trusts nothing in them."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MAX_BYTES = 100_000_000
"""A notebook file may have so many bytes: one with 50 MB of output is still read, and its output dropped."""

MAX_CELLS = 2_000
MAX_SOURCE = 200_000
MAX_ALL_SOURCES = 10_000_000
"""Characters of one cell's source, of which the rest is cut off, and of all cells' together."""

MAX_TEXT = 20_000
MAX_ALL_TEXTS = 400_000
"""The same of cells that are no code: what renders them takes minutes for 200,000 characters of the wrong kind."""

MAX_PARTS = 4_000_000
"""Lists and objects in a file: two bytes of it, and each becomes some hundred bytes of memory here."""

STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)

MAX_NAME = 80
"""Characters of a file's name that messages show."""


class Unreadable(Exception):
    """The file is no notebook that could be graded. Its text is one line for the student."""


@dataclass(frozen=True)
class RawCell:
    """A cell as it was handed in, brought to known types. id and grade_id: "" if it has none."""

    kind: str
    source: str
    id: str = ""
    grade_id: str = ""
    outputs: list[Any] = field(default_factory=list)


def read_notebook(path: Path) -> list[RawCell]:
    """The cells of a notebook file. Raises Unreadable."""
    if path.is_symlink():
        raise Unreadable("is a symbolic link; hand in the file itself")
    if not path.is_file():
        raise Unreadable("is no file")
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("is an empty file")
    if size > MAX_BYTES:
        raise Unreadable(f"has {size / 1e6:.0f} MB, and {MAX_BYTES / 1e6:.0f} MB are the limit; clear its outputs")
    return parse_notebook(path.read_bytes())


def parse_notebook(data: bytes) -> list[RawCell]:
    """The cells of a notebook's bytes. Raises Unreadable."""
    if _count_parts(data) > MAX_PARTS and _count_parts(STRING.sub(b"", data)) > MAX_PARTS:
        raise Unreadable("has more parts than any notebook; clear its outputs")
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Unreadable("is not JSON: it is no notebook, or was cut off") from None
    cells = _find_cells(content)
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"has {len(cells)} cells, and {MAX_CELLS} are the limit")
    read = [_read_cell(cell) for cell in cells if isinstance(cell, dict)]
    if sum(len(cell.source) for cell in read) > MAX_ALL_SOURCES:
        raise Unreadable(f"has more than {MAX_ALL_SOURCES / 1e6:.0f} million characters in its cells")
    if sum(len(cell.source) for cell in read if cell.kind != "code") > MAX_ALL_TEXTS:
        raise Unreadable(f"has more than {MAX_ALL_TEXTS} characters in its text cells")
    return read


def _count_parts(data: bytes) -> int:
    return data.count(b"[") + data.count(b"{")


def _find_cells(content: Any) -> list[Any]:
    """The list of cells, of nbformat 4 or of an older format, which had worksheets. Raises Unreadable."""
    if not isinstance(content, dict):
        raise Unreadable("is JSON, but no notebook")
    if isinstance(content.get("cells"), list):
        return content["cells"]
    sheets = content.get("worksheets")
    if not isinstance(sheets, list):
        raise Unreadable("is JSON, but no notebook: it has no cells")
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _read_cell(cell: dict[str, Any]) -> RawCell:
    kind = _text(cell.get("cell_type"))
    source = cell.get("source", cell.get("input", ""))  # "input" is what older formats call a code cell's
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        source = ""
    kind = kind if kind in {"code", "markdown", "raw"} else "raw"
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    outputs = cell.get("outputs")
    return RawCell(
        kind=kind,
        source=_encodable(source[: longest(kind)]),
        id=_text(cell.get("id")),
        grade_id=_text(nbgrader.get("grade_id")) if isinstance(nbgrader, dict) else "",
        outputs=outputs if isinstance(outputs, list) else [],
    )


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
