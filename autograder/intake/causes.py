"""What a handed-in file is where it is no notebook, and what the student can do about it.

A file's first bytes say what it is; its name only where they say nothing.
"""

import json
import re
from pathlib import Path

HEAD = 2048
"""So many bytes of a file are looked at to tell what it is."""

ZIP, TAR, GZIP, BZIP2 = "zip", "tar", "gzip", "bzip2"
OPENED = frozenset({ZIP, TAR, GZIP, BZIP2})
"""The archives that are opened."""

RAR, SEVEN_ZIP, OTHER_ARCHIVE, POINTER, EMPTY = "rar", "7z", "archive", "pointer", "empty"
HTML, PDF, DOCUMENT, SHORTCUT, SCRIPT, PICTURE, DEEPNOTE = (
    *("html", "pdf", "document", "shortcut"),
    *("script", "picture", "deepnote"),
)

ITSELF = "hand in the notebook itself (.ipynb)"
WHAT = {
    RAR: "is a RAR archive, which is not opened here; hand in a zip, or the notebooks themselves",
    SEVEN_ZIP: "is a 7z archive, which is not opened here; hand in a zip, or the notebooks themselves",
    OTHER_ARCHIVE: "is an archive of a kind that is not opened here; hand in a zip, or the notebooks themselves",
    HTML: f"is a web page (HTML) and not the notebook; {ITSELF}",
    PDF: f"is a PDF and not the notebook; {ITSELF}",
    DOCUMENT: f"is a text document and not the notebook; {ITSELF}",
    SHORTCUT: "is a shortcut, which only says where a file is; hand in the file itself",
    POINTER: "is a Git LFS pointer, not the file; run 'git lfs pull' and hand in the file itself",
    SCRIPT: f"is a script and not the notebook; {ITSELF}",
    PICTURE: f"is a picture and not the notebook; {ITSELF}",
    EMPTY: "is an empty file; save it and hand it in again",
    DEEPNOTE: "is in Deepnote's own format; export the notebook as .ipynb and hand that in",
}
"""What is said of a file that is read by nobody."""

MAGIC = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\x1f\x8b", GZIP),
    (b"BZh", BZIP2),
    (b"Rar!\x1a\x07", RAR),
    (b"7z\xbc\xaf'\x1c", SEVEN_ZIP),
    (b"\xfd7zXZ", OTHER_ARCHIVE),
    (b"\x28\xb5\x2f\xfd", OTHER_ARCHIVE),
    (b"%PDF", PDF),
    (b"\xd0\xcf\x11\xe0", DOCUMENT),
    (b"{\\rtf", DOCUMENT),
    (b"L\0\0\0\x01\x14\x02\0", SHORTCUT),
    (b"version https://git-lfs.github.com/", POINTER),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
)

ENDINGS = {
    "zip": ZIP,
    "tar": TAR,
    **dict.fromkeys(("gz", "tgz"), GZIP),
    **dict.fromkeys(("bz2", "tbz", "tbz2"), BZIP2),
    "rar": RAR,
    "7z": SEVEN_ZIP,
    **dict.fromkeys(("xz", "txz", "zst", "lzma", "cab", "arj", "lzh", "dmg", "sit"), OTHER_ARCHIVE),
    **dict.fromkeys(("html", "htm", "xhtml", "mht", "mhtml", "webarchive"), HTML),
    "pdf": PDF,
    **dict.fromkeys(("doc", "docx", "odt", "rtf", "pages", "xls", "xlsx", "ods", "ppt", "pptx", "odp"), DOCUMENT),
    **dict.fromkeys(("url", "webloc", "lnk", "desktop", "gdoc", "gsheet", "gslides", "gdrive", "website"), SHORTCUT),
    **dict.fromkeys(("alias", "icloud"), SHORTCUT),
    **dict.fromkeys(("py", "r", "jl", "md", "rmd", "qmd"), SCRIPT),
    **dict.fromkeys(("png", "jpg", "jpeg", "heic", "gif", "webp", "bmp"), PICTURE),
    "deepnote": DEEPNOTE,
}
"""What files are called; the ending stands without its dot, in small letters."""

SAVED_BY_OFFICE = re.compile(
    rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/\.rels|docProps/|(?:word|xl|ppt)/\w+\.xml|Index/\w+\.iwa"
    rb"|mimetypeapplication/vnd\.oasis)",
    re.DOTALL,
)
"""How a zip begins that is a document of Word's, LibreOffice's or Pages': with the name of its first entry."""

WEB_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
SHORTCUTS = re.compile(
    rb"\s*(?:\[InternetShortcut\]|\[Desktop Entry\]|<\?xml.{0,300}<plist.{0,300}<key>URL</key>"
    rb"|\{[^{}]{0,1000}\"(?:doc_id|url)\"\s*:[^{}]{0,1000}\}\s*$|https?://\S+\s*$)",
    re.DOTALL,
)
DEEPNOTES = re.compile(rb"(?:metadata|project|version):\s.{0,2000}^(?:project|  notebooks):", re.DOTALL | re.MULTILINE)

PYTHON = re.compile(r"\s*(?:#!|# ?%%|# -\*- coding|# coding|import \w|from [\w.]+ import |def \w+\()")
"""How a script begins that was called a notebook."""

CONFLICT, IN_CONFLICT = re.compile(r"^<{7} ", re.MULTILINE), re.compile(r"^={7}[ \t\r]*$", re.MULTILINE)
"""How a conflict of git's begins, and what follows behind it. One pattern for both would read from each beginning to
the text's end."""


def ending_of(name: str) -> str:
    """The ending of a file's name without its dot, in small letters, or ""."""
    return Path(name.strip()).suffix.lower().removeprefix(".")


def kind_of(name: str, head: bytes) -> str:
    """What a file is, by its first bytes and its name: one of the kinds above, or "" if neither says it.

    Args:
        name: the file's, without a folder.
        head: its first bytes, HEAD of them or all.
    """
    named = ENDINGS.get(ending_of(name), "")
    told = kind_of_bytes(head)
    if not head and named not in {"", SCRIPT, PICTURE}:
        return EMPTY
    if told == ZIP and named == DOCUMENT:  # what office programs save is a zip
        return DOCUMENT
    return told or named


def kind_of_bytes(head: bytes) -> str:
    """What begins with these bytes, or ""."""
    if SAVED_BY_OFFICE.match(head):
        return DOCUMENT
    for beginning, kind in MAGIC:
        if head.startswith(beginning):
            return kind
    if head[257:262] == b"ustar":
        return TAR
    text = head[:HEAD].removeprefix(b"\xef\xbb\xbf")
    if WEB_PAGE.match(text):
        return HTML
    if SHORTCUTS.match(text):
        return SHORTCUT
    return DEEPNOTE if DEEPNOTES.match(text) else ""


def why_no_json(text: str, problem: Exception) -> str:
    """Why a notebook's text could not be read, in one line for the student that goes on after the file's name.

    Args:
        text: of the whole file.
        problem: what json.loads raised for it.
    """
    if (conflict := CONFLICT.search(text)) and IN_CONFLICT.search(text, conflict.end()):
        line = text.count("\n", 0, conflict.start()) + 1
        return (
            f"is not JSON: git left a conflict in it, from line {line} on; take out the lines that begin with "
            "<<<<<<<, ======= and >>>>>>>, with one of the two versions, and hand it in again"
        )
    if PYTHON.match(text):
        return WHAT[SCRIPT]
    if not isinstance(problem, json.JSONDecodeError):
        return "is not JSON: its parts lie too deep in each other, or a number in it is too long"
    end = len(text.rstrip())
    before = text[: problem.pos].rstrip()
    if problem.pos >= end or problem.msg.startswith("Unterminated string"):
        return "is not JSON: it was cut off, as when saving or loading it was broken off; save it and hand it in again"
    if problem.msg.startswith("Extra data"):
        return f"is not JSON: more stands behind its end in line {problem.lineno}, as of a second file; {ITSELF}"
    if before.endswith(",") or text[problem.pos] == "," or "trailing comma" in problem.msg:
        return f"is not JSON: there is a comma too many in line {problem.lineno}; take it out and hand it in again"
    return f"is not JSON: it is no notebook, or was changed by hand in line {problem.lineno}; {ITSELF}"
