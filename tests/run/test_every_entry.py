"""A class with one of every type of file, and with every kind of name, graded by the real command: nobody vanishes."""

import csv
import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from nbformat import writes

from autograder.cells import as_typed
from autograder.course import Course
from autograder.course.answered import fill, model_answers
from autograder.course.skeleton import load_skeletons
from tests.command import autograder
from tests.tiny import FIRST, hand_in, release_tiny

pytestmark = pytest.mark.room

FULL = "6"
"""What tests give for the first notebook."""

ODD_NAMES = {
    **{name: name for name in ("[a-z]*", "who?", "x" * 250, "Ada", "ada", "=1+1")},
    **{".ada": r"\x2eada", ".seed": r"\x2eseed", " blank ": r"\x20blank\x20"},
    **{'<img src="x">': r"\x3cimg src=\x22x\x22\x3e", r"\x2eada": r"\x5cx2eada"},
    **{"esc\x1b[31mred": r"esc\x1b[31mred", "new\nline": r"new\x0aline"},
}
"""Students' folders, and the names that they are graded by."""


def zipped(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def files_of(notebook: bytes) -> dict[str, tuple[bytes, str]]:
    """What everyone hands in, a file each: student → its name's end, its bytes, and what is said of it or ""."""
    inside = f"{FIRST}.ipynb"
    crlf = notebook.replace(b"\\n", b"\\r\\n")
    return {
        "kim": (f"{FIRST}.ipynb.txt", notebook, ""),
        "lee": (f"{FIRST}.ipynb.json", notebook, ""),
        "may": (f"{FIRST}.IPYNB", notebook, ""),
        "ned": ("tiny.tar.gz", tarred(inside, notebook), ""),
        "oda": ("tiny.ZIP", zipped(inside, notebook), ""),
        "pam": ("tiny.zip", zipped("tiny.zip", zipped(inside, notebook)), ""),
        "ray": (f"{FIRST}.ipynb.gz", gzip.compress(notebook), ""),
        "sue": (f"{FIRST}.ipynb", notebook.decode().encode("utf-16"), ""),
        "tim": (f"{FIRST}.ipynb", crlf, ""),
        "una": ("tiny.7z", b"7z\xbc\xaf'\x1c\0", "7z archive"),
        "vic": ("tiny.rar", b"Rar!\x1a\x07\x01", "RAR archive"),
        "wes": (f"{FIRST}.html", b"<!DOCTYPE html><html></html>", "web page"),
        "xia": (f"{FIRST}.ipynb.url", b"[InternetShortcut]\nURL=https://example.org\n", "shortcut"),
        "yan": (f"{FIRST}.pdf", b"%PDF-1.4", "PDF"),
        "zoe": (f"{FIRST}.ipynb", notebook[: len(notebook) // 2], "cut off"),
        "abe": (f"{FIRST}.ipynb", notebook.replace(b"{", b"<<<<<<< HEAD\n=======\n>>>>>>> b\n{", 1), "git"),
        "bea": (f"{FIRST}.ipynb", notebook.rstrip(b"}\n ") + b",}", "comma"),
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    return release_tiny(tmp_path_factory.mktemp("course")).course


@pytest.fixture(scope="module")
def files(course) -> dict[str, tuple[bytes, str]]:
    return files_of(writes(fill(load_skeletons(course)[FIRST], model_answers(course))).encode())


def grade(course: Course, handins: Path, out: Path, engine: str) -> tuple[list[dict[str, str]], str]:
    """The rows of scores.csv, and all that was printed. The command must grade everyone."""
    options = ["--out", out, "--engine", engine, "--seed", "3"]
    ran = autograder("--course", course.folder, "grade", handins, *options)
    assert ran.returncode == 0, ran.stderr
    with (out / "scores.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file)), ran.stdout + ran.stderr


@pytest.mark.parametrize(("engine", "layout"), [("nbgrader", "flat"), ("otter", "folders")])
def test_every_file_of_a_class_is_graded_or_named_in_scores_and_report(course, files, tmp_path, engine, layout):
    handins = tmp_path / "handins"
    for student, (name, data, _) in files.items():
        path = handins / (f"{student}_{name}" if layout == "flat" else f"{student}/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name in ODD_NAMES:
        hand_in(course, handins / name, model_answers(course), FIRST)
    (handins / "grades.csv").write_text("a,b")
    rows, printed = grade(course, handins, tmp_path / "out", engine)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert not (tmp_path / "out" / "log.txt").exists(), "nothing failed"
    assert {as_typed(row["student"]) for row in rows} == {*files, *ODD_NAMES.values()}
    scores = {as_typed(row["student"]): row for row in rows if row["question"] == "q1"}
    for student, (name, _, cause) in files.items():
        row = scores[student]
        if cause:
            assert row["score"] == "0" and cause in row["message"] and name in row["message"]
            assert cause in page.split(f'<td class="long">{student}</td>')[1].split("</tr>")[0]
        else:
            assert row["score"] == FULL and "changed" not in row["message"], row
    assert {scores[student]["score"] for student in ODD_NAMES.values()} == {FULL}
    assert "LEFT OUT: grades.csv belongs to no student" in printed and "grades.csv belongs to no student" in page
    assert "\x1b[31mred" not in printed and "\nline" not in printed  # no name reaches a terminal as it is
