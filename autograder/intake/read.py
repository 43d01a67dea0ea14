"""Reads the bytes of a handed-in notebook. Trusts nothing in them."""

import codecs
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.intake.causes import HEAD, OPENED, WHAT, kind_of_bytes, why_no_json
from autograder.intake.outputs import safe_outputs
from autograder.intake.pictures import take_out

MAX_BYTES = 100_000_000
"""A notebook file may have so many bytes: one with 50 MB of output is still read, and its output dropped."""

MAX_CELLS = 2_000
MAX_SOURCE = 200_000
MAX_ALL_SOURCES = 10_000_000
"""Characters of one cell's source, of which the rest is cut off, and of all cells' together."""

MAX_TEXT = 20_000
MAX_ALL_TEXTS = 400_000
"""The same of cells that are no code: what renders them takes minutes for 200,000 characters of the wrong kind."""

MAX_PARTS = 1_000_000
MAX_VALUES = 8_000_000
MAX_STRINGS = 3_000_000
"""Lists and objects in a file, values in these, and strings: a few bytes of it each, and here up to some hundred."""

STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)

MAX_NAME = 80
"""Characters of a file's name that messages show."""

MARKS = (
    *((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32")),
    *((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig")),
)
UNMARKED = ((b"{\0\0\0", "utf-32-le"), (b"\0\0\0{", "utf-32-be"), (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))
"""How a JSON object begins in each of Unicode's encodings, with a byte order mark and without one."""

MARKDOWN = re.compile(r"%{1,2}(?:md-sandbox|md|markdown)\b(?!-)[^\S\n]*\n?")
"""How Databricks saves text: as a cell of code that begins so."""


class Unreadable(Exception):
    """The file is no notebook that could be graded. Its text is one line for the student."""


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
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable("is an empty file: it holds nothing but zeros or blanks; save it and hand it in again")
    if (kind := kind_of_bytes(data[:HEAD])) in WHAT:
        raise Unreadable(WHAT[kind])
    if kind in OPENED:
        raise Unreadable(f"is an archive ({kind}) with the name of a notebook; hand in the notebook itself")
    content = _json_of(_in_utf8(data))
    cells = _find_cells(content)
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"has {len(cells)} cells, and {MAX_CELLS} are the limit")
    read = [_read_cell(cell) for cell in cells if isinstance(cell, dict)]
    if sum(len(cell.source) for cell in read) > MAX_ALL_SOURCES:
        raise Unreadable(f"has more than {MAX_ALL_SOURCES / 1e6:.0f} million characters in its cells")
    if sum(len(cell.source) for cell in read if cell.kind != "code") > MAX_ALL_TEXTS:
        raise Unreadable(f"has more than {MAX_ALL_TEXTS} characters in its text cells")
    return read


def _in_utf8(data: bytes) -> bytes:
    """The same text in UTF-8 without a mark, whichever encoding an editor saved it in. Raises Unreadable."""
    encoding = next((name for mark, name in (*MARKS, *UNMARKED) if data.startswith(mark)), "")
    try:
        if encoding:
            return data.decode(encoding).encode("utf-8", "replace")
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeError:
        if encoding:
            raise Unreadable(f"is not JSON: it is damaged, as its text is not in {encoding.upper()}") from None
        return data.decode("cp1252", "replace").encode("utf-8")  # what Windows' editors save
    return data


def _json_of(data: bytes) -> Any:
    """The JSON value of a text, with outputs cut down as they are read. Raises Unreadable."""
    if _has_too_much(data):
        raise Unreadable("has more parts than any notebook; clear its outputs")
    text = data.decode("utf-8")
    try:
        return json.loads(text, object_hook=_without_large_outputs)
    except (ValueError, RecursionError) as problem:
        raise Unreadable(why_no_json(text, problem)) from None


def _without_large_outputs(value: dict[str, Any]) -> dict[str, Any]:
    """An output as it is shown later, so that a notebook's outputs are never all in memory; other objects unchanged."""
    if "output_type" in value and "cell_type" not in value:
        return next(iter(safe_outputs([value])), {})
    return value


def _has_too_much(data: bytes) -> bool:
    """Whether a JSON text holds more parts, strings or values than are allowed, told before any is made."""
    parts, values = _parts_and_values(data, 0, len(data))
    if parts <= MAX_PARTS and values <= MAX_VALUES and data.count(b'"') <= 2 * MAX_STRINGS:
        return False
    for number, string in enumerate(STRING.finditer(data)):  # what stands in a string is none
        inside = _parts_and_values(data, *string.span())
        parts, values = parts - inside[0], values - inside[1]
        if number >= MAX_STRINGS:
            return True
    return parts > MAX_PARTS or values > MAX_VALUES


def _parts_and_values(data: bytes, start: int, end: int) -> tuple[int, int]:
    return data.count(b"[", start, end) + data.count(b"{", start, end), data.count(b",", start, end)


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
        outputs=outputs if isinstance(outputs, list) else [],
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
