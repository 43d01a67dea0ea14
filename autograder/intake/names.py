"""Students' names as ids: what a folder, nbgrader and a log can carry. Different names stay different."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

MAX_BYTES = 250
"""What a folder's name may have on every file system in use, with something to spare."""

SEPARATORS = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode's categories of control characters, lone surrogates, and separators of lines and paragraphs."""

BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the writing direction of what follows."""

MARKUP = frozenset('<>"')
"""Characters by which a name becomes part of a page: nbgrader's formgrader writes names of students as they are."""

EDGES = re.compile(r"^[.\s]|\s$")
"""A dot in front, which hides a folder, and blanks at an end, which nbgrader takes away."""

WRITTEN_OUT = re.compile(r"\\(?=x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
"""The backslash of what looks like an escape of ours, and was typed."""


def student_id(name: str) -> str:
    r"""A student's name as an id: as it is, but for what no file, terminal or tool takes, which is written as \x1b.

    An accent counts as part of its letter: macOS writes it apart (NFD), and one person would become two.

    Args:
        name: of a folder or file.
    """
    name = composed(name)
    safe = _written_out(WRITTEN_OUT.sub(lambda found: _escaped(found[0]), name))
    if len(safe.encode()) <= MAX_BYTES:
        return safe
    digest = hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()[:16]
    return f"{safe.encode()[: MAX_BYTES - 20].decode('utf-8', 'ignore')}~{digest}"


def composed(name: str) -> str:
    """A name in which each letter has its accent in it (NFC), as keyboards and most systems write it."""
    return unicodedata.normalize("NFC", name)


def hardly_different(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Names that differ in capital letters or in blanks at their ends alone: one student may have written them.

    Args:
        names: students' ids.

    Returns:
        Each group of several, sorted.
    """
    groups: dict[str, set[str]] = {}
    for name in names:
        groups.setdefault(composed(name).casefold().replace(r"\x20", " ").strip(), set()).add(name)
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def is_student_id(text: str) -> bool:
    """Whether a text can be a student's id as it is."""
    return _written_out(text) == text and len(text.encode("utf-8", "backslashreplace")) <= MAX_BYTES


def _written_out(name: str) -> str:
    safe = "".join(_escaped(char) if _is_odd(char) else char for char in name)
    return EDGES.sub(lambda edge: _escaped(edge[0]), safe)


def _is_odd(char: str) -> bool:
    return unicodedata.category(char) in SEPARATORS or char in BIDI or char in MARKUP or char in "/\0"


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
