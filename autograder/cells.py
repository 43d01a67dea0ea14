"""Texts of strangers as cells of our own sheets: no spreadsheet computes them, and we read what was written."""

import re

FORMULA = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
"""What a spreadsheet may take for the beginning of a formula, after apostrophes that stand there already.

OWASP's list ("CSV injection"): these signs, wide ones too, and a tab or an end of a line. Some programs pass over
blanks.
"""


def as_cell_text(text: str) -> str:
    """A text as a cell that no spreadsheet computes: with an apostrophe before it if it might."""
    return f"'{text}" if FORMULA.match(text) else text


def as_typed(cell: str) -> str:
    """What `as_cell_text` has made a cell of, exactly."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell
