"""A file that is no notebook is called by its true name, and the student is told what to do."""

import gzip
import io
import json
import zipfile

import pytest

from autograder.intake.causes import kind_of
from autograder.intake.read import Unreadable, parse_notebook
from tests.intake.intake_files import code, notebook_bytes

WHOLE = notebook_bytes(code("x = 1"), code("y = 2")).decode()
INDENTED = json.dumps(json.loads(WHOLE), indent=1)


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("1.ipynb", WHOLE)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (
            INDENTED.replace(' "metadata"', '<<<<<<< HEAD\n "a": 1,\n=======\n "a": 2,\n>>>>>>> b\n "metadata"', 1),
            "git",
        ),
        (INDENTED.replace("\n ]", ",\n ]", 1), "a comma too many in line"),
        (WHOLE[:-1] + ",}", "a comma too many in line 1"),
        (WHOLE[: len(WHOLE) // 2], "was cut off"),
        (WHOLE[: WHOLE.index("y = 2") + 3], "was cut off"),
        (WHOLE[:-1], "was cut off"),
        (WHOLE + WHOLE, "more stands behind its end"),
        ("<!DOCTYPE html>\n<html></html>", "web page"),
        ("\n<html><body>Sign in</body></html>", "web page"),
        ("[InternetShortcut]\nURL=https://example.org\n", "shortcut"),
        ("[Desktop Entry]\nType=Link\n", "shortcut"),
        ('{"url": "https://example.org", "doc_id": "x", "email": "someone@example.org"}', "shortcut"),
        ("https://colab.research.google.com/drive/x\n", "shortcut"),
        ('<?xml version="1.0"?>\n<plist version="1.0"><dict><key>URL</key></dict></plist>', "shortcut"),
        (b"%PDF-1.4 ...", "PDF"),
        (rb"{\rtf1\ansi}", "text document"),
        (b"Rar!\x1a\x07\x01\x00", "RAR"),
        (b"7z\xbc\xaf'\x1c\0\0", "7z"),
        (zipped(), "archive"),
        (gzip.compress(WHOLE.encode()), "archive"),
        (b"\0" * 5000, "empty"),
        (b" \n\n", "empty"),
        ("# %%\nx = 1\n", "is a script"),
        ("import math\n", "is a script"),
        ("# Homework\n\nSorry!", "no notebook, or was changed by hand in line 1"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "Git LFS pointer"),
        (WHOLE.replace('"x = 1"', "'x = 1'"), "changed by hand"),
        ("metadata:\n  createdAt: x\nproject:\n  notebooks: []\n", "Deepnote"),
    ],
)
def test_the_true_cause_is_named(data, cause):
    with pytest.raises(Unreadable, match=cause) as raised:
        parse_notebook(data if isinstance(data, bytes) else data.encode())
    assert "\n" not in str(raised.value)


def test_a_conflict_is_found_by_its_line_and_no_conflict_is_seen_in_a_source_that_quotes_one():
    with pytest.raises(Unreadable, match="from line 3 on"):
        parse_notebook(b'{"cells": [],\n"a": 1,\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> b\n}')
    quoted = "<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> b"
    assert parse_notebook(notebook_bytes(code(quoted)))[0].source == quoted


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.zip", b"Rar!\x1a\x07\x01", "rar"),
        ("a.docx", b"PK\x03\x04", "document"),
        ("a.ZIP", b"PK\x03\x04", "zip"),
        ("a.7Z", b"x", "7z"),
        ("a.7z", b"", "empty"),
        ("a.html", b"", "empty"),
        ("a.py", b"", "script"),
        ("a.csv", b"", ""),
        ("1.ipynb", b"PK\3\4" + bytes(26) + b"[Content_Types].xml", "document"),
        ("a.zip", b"PK\3\4" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text", "document"),
        ("a.zip", b"PK\3\4" + bytes(26) + b"words/1.ipynb", "zip"),
        ("a.tar", b"\0" * 257 + b"ustar\0", "tar"),
        ("a.html ", b"anything", "html"),
        ("a.csv", b"1,2", ""),
        (".1.ipynb.icloud", b"bplist00", "shortcut"),
        ("1.webarchive", b"bplist00", "html"),
    ],
)
def test_first_bytes_say_more_than_a_name(name, head, kind):
    assert kind_of(name, head) == kind
