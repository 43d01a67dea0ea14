"""Tables as spreadsheets and learning-management systems write them: whatever the encoding and the delimiter are."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.atomic import write_bytes
from autograder.errors import WrongCall

DELIMITERS = ",;\t"
MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class Table:
    """A table. rows: with its header, as texts. encoding, delimiter, line_end: as the file has them."""

    path: Path
    rows: tuple[tuple[str, ...], ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\n"

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns, without spaces around them."""
        return tuple(name.strip() for name in self.rows[0]) if self.rows else ()

    def column(self, *names: str) -> int | None:
        """The place of the first of these columns that there is, whatever its capital letters; or None."""
        known = {name.casefold(): place for place, name in reversed(list(enumerate(self.header)))}
        return next((known[name.casefold()] for name in names if name.casefold() in known), None)

    def need_column(self, *names: str) -> int:
        """The same as `column`.

        Raises:
            WrongCall: if the table has none of them.
        """
        place = self.column(*names)
        if place is None:
            wanted = " or ".join(map(repr, names))
            raise WrongCall(
                f"{self.path}: has no column {wanted}; it has {', '.join(map(repr, self.header)) or 'none'}"
            )
        return place

    def lines(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Each row below the header that is not blank: its number, counted from 1 with the header, and its cells.

        A row that ends early is filled up.
        """
        width = len(self.header)
        for number, row in enumerate(self.rows[1:], 2):
            if any(cell.strip() for cell in row):
                yield number, row + ("",) * (width - len(row))

    def exact_lines(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The same as `lines`.

        Raises:
            WrongCall: at a row with more cells than columns: its cells stand one too far.
        """
        width = len(self.header)
        for number, row in self.lines():
            if any(cell.strip() for cell in row[width:]):
                raise WrongCall(
                    f"{self.path}, line {number}: has more cells than the header has columns; put quotes around a "
                    f"text that holds {self.delimiter!r}"
                )
            yield number, row

    def with_cells(self, cells: dict[tuple[int, int], str]) -> "Table":
        """The same with other cells.

        Args:
            cells: (number of the row as in `lines`, place of the column) → text.
        """
        rows = [list(row) for row in self.rows]
        for (number, column), text in cells.items():
            row = rows[number - 1]
            row += [""] * (column + 1 - len(row))
            row[column] = text
        return replace(self, rows=tuple(tuple(row) for row in rows))

    def write(self, path: Path) -> None:
        """Write it, or leave the file as it was.

        Raises:
            OSError: if it cannot be written.
        """
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.delimiter, lineterminator=self.line_end).writerows(self.rows)
        write_bytes(path, text.getvalue().encode(self.encoding))


def read_table(path: Path) -> Table:
    """Read a table.

    Args:
        path: a text file with commas, semicolons or tabs, in UTF-8, UTF-16 with its mark, or Windows' encoding.

    Raises:
        WrongCall: in one line, if it cannot be read, is empty, or is no table.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise WrongCall(f"{path}: has more than {MAX_BYTES // 1_000_000} MB, which is no table of a class")
        data = path.read_bytes()
    except OSError as problem:
        raise WrongCall(f"{path}: cannot be read: {problem.strerror}") from None
    encoding, text = _decoded(path, data)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    rows = _rows(path, text, delimiter)
    while rows and not any(cell.strip() for cell in rows[0]):
        del rows[0]
    if not rows:
        raise WrongCall(f"{path}: is empty")
    return Table(path, tuple(tuple(row) for row in rows), encoding, delimiter, "\r\n" if "\r\n" in text else "\n")


def _rows(path: Path, text: str, delimiter: str) -> list[list[str]]:
    """The rows of a text. A quotation mark that is never closed would take all that follows into one cell."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            rows.append(row)
            begins = reader.line_num + 1
    except csv.Error as problem:
        raise WrongCall(
            f"{path}, line {begins}: cannot be read ({problem}); put a quotation mark before and behind a text that "
            "needs them, and write one that stands in such a text twice"
        ) from None
    return rows


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
    """The encoding of a file, and its text. A spreadsheet's own file, which is a zip, is no text."""
    if data.startswith(b"PK"):
        raise WrongCall(f"{path}: is a spreadsheet's own file; save it as CSV")
    candidates = ["utf-8", "cp1252", "latin-1"]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        candidates = ["utf-8-sig"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise WrongCall(f"{path}, line {line}: holds a zero byte, which no text has; save it as CSV in UTF-8")
        return encoding, text
    raise WrongCall(f"{path}: is no text in UTF-8; save it as CSV in UTF-8")
