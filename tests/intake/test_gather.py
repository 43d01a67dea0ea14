"""Every entry of a hand-in is read or named: nobody, and nothing that a student handed in, vanishes."""

import gzip
import io
import os
import stat
import tarfile
import warnings
import zipfile

import pytest

from autograder.intake import gather as gathering
from autograder.intake.collect import clean, collect, gather_class
from autograder.intake.handed_over import read_class
from tests.intake.intake_files import hand_in, notebook_bytes

MARK = "*mine*"
NAME = "1_intuition"


@pytest.fixture
def gather(tmp_path, released):
    """Collects and cleans a class: student → (the notebooks with an answer, all that is said of the hand-in)."""

    def run(place):
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        found = {}
        for one in collect(place, scratch, released):
            submissions = [rebuilt.submission for rebuilt in clean(one, released).values()]
            marked = {s.notebook for s in submissions if any(c.source.startswith(MARK) for c in s.cells)}
            found[one.student] = marked, " ".join(text for s in submissions for text in (*s.notes, s.problem))
        return found

    return run


@pytest.fixture(scope="module")
def data(tmp_path_factory, skeletons):
    """An answered notebook's bytes."""
    return hand_in(skeletons[NAME], tmp_path_factory.mktemp("own") / "x.ipynb", MARK).read_bytes()


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(content, mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        info = tarfile.TarInfo(f"{NAME}.ipynb")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


READ = {
    f"{NAME}.ipynb.txt": lambda data: data,
    f"{NAME}.ipynb.json": lambda data: data,
    f"{NAME}.json": lambda data: data,
    f"{NAME}": lambda data: data,
    f"{NAME.upper()}.IPYNB": lambda data: data,
    f"{NAME}.ipynb ": lambda data: data,
    f"{NAME}.ipynb.crdownload": lambda data: data,
    f"Copy of {NAME}.ipynb": lambda data: data,
    "homework.tar.gz": tarred,
    "homework.tgz": tarred,
    "homework.tar": lambda data: tarred(data, "w"),
    "homework.tar.bz2": lambda data: tarred(data, "w:bz2"),
    f"{NAME}.ipynb.gz": gzip.compress,
    "homework.ZIP": lambda data: zipped(**{f"{NAME}.ipynb": data}),
    "homework.zip": lambda data: zipped(**{"a/inner.zip": zipped(**{f"{NAME}.ipynb": data})}),
    "tar.zip": lambda data: zipped(**{"a/inner.tgz": tarred(data)}),
    "text.zip": lambda data: zipped(**{f"{NAME}.ipynb.txt": data}),
    "notebook.zip": lambda data: data,
    f"{NAME}.ipynb.docx": lambda data: data,
    f"{NAME}.html": lambda data: data,
    f"{NAME}.ipyn": lambda data: b"\xef\xbb\xbf" + data,
    "homework.rar": lambda data: zipped(**{f"{NAME}.ipynb": data}),
    "homework.zip.txt": lambda data: zipped(**{f"{NAME}.ipynb": data}),
    "homework.zip (1)": lambda data: zipped(**{f"{NAME}.ipynb": data}),
    "homework.zip_": lambda data: zipped(**{f"{NAME}.ipynb": data}),
    "homework.tar.gz.bin": tarred,
    f"{NAME}.txt": lambda data: b"\xef\xbb\xbf\xef\xbb\xbf" + data,
    f"{NAME}.zip.ipynb": lambda data: zipped(**{f"{NAME}.ipynb": data}),
}


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_is_read_in_a_students_folder_and_in_a_flat_one(place, gather, data, name):
    content = READ[name](data)
    (place / "folders" / "ada").mkdir(parents=True)
    (place / "folders" / "ada" / name).write_bytes(content)
    (place / "folders" / "bob").mkdir()
    (place / "folders" / "bob" / f"{NAME}.ipynb").write_bytes(data)
    (place / "flat").mkdir()
    flat = f"carl_{NAME}.ipynb.{name}" if name.startswith("homework") else f"carl_{name}"
    (place / "flat" / flat.replace("carl_Copy of ", "Copy of carl_")).write_bytes(content)
    assert gather(place / "folders")["ada"][0] == {NAME}
    os.rename(place.parent / "scratch", place.parent / "scratch of folders")
    student, found = next(iter(gather(place / "flat").items()))
    assert found[0] == {NAME} and student.startswith(("carl",))


@pytest.mark.parametrize("name", ["ada.zip", "ada.zip (1)", "ada.zip_", "ada.zip.bin", "ada.ZIP.txt"])
def test_whose_an_archive_is_is_told_by_what_stands_before_its_ending(place, gather, data, name):
    (place / f"bob_{NAME}.ipynb").write_bytes(data)
    (place / name).write_bytes(zipped(**{f"{NAME}.ipynb": data}))
    (place / "cy").mkdir()
    (place / "cy" / name).write_bytes(zipped(**{f"{NAME}.ipynb": data}))
    found = gather(place)
    assert [(student, marked) for student, (marked, _) in found.items()] == [
        (who, {NAME}) for who in ("ada", "bob", "cy")
    ]


NAMED = {
    "homework.7z": (b"7z\xbc\xaf'\x1c", "7z archive"),
    "homework.rar": (b"Rar!\x1a\x07", "RAR archive"),
    "homework.zip": (b"Rar!\x1a\x07", "RAR archive"),
    "homework.tar.xz": (b"\xfd7zXZ\0", "not opened here"),
    f"{NAME}.html": (b"<html>", "web page"),
    f"{NAME}.ipynb.html": (b"<html>", "web page"),
    f"{NAME}.pdf": (b"%PDF-1.4", "PDF"),
    f"{NAME}.docx": (b"PK\3\4", "text document"),
    f"{NAME}.ipynb.url": (b"[InternetShortcut]\nURL=x", "shortcut"),
    f"{NAME}.ipynb.lnk": (b"L\0\0\0\x01\x14\x02\0", "shortcut"),
    f"{NAME}.gdoc": (b'{"doc_id": "x"}', "shortcut"),
    f"{NAME}.deepnote": (b"metadata:", "Deepnote"),
    f"{NAME}.ipynb": (b"", "is an empty file"),
    f"{NAME}.HTML": (b"", "is an empty file"),
    f"{NAME}.ipynb.pdf": (b"", "is an empty file"),
    "homework.zip ": (b"", "is an empty file"),
    "homework.RAR": (b"", "is an empty file"),
    f"{NAME}.ipynb.docx": (zipped(**{"[Content_Types].xml": b"<", "word/document.xml": b"<"}), "is a text document"),
    f"{NAME}.ipynb ": (zipped(**{"[Content_Types].xml": b"<", "word/document.xml": b"<"}), "is a text document"),
    "homework.tgz": (b"\x1f\x8b", "cut off"),
}


@pytest.mark.parametrize("name", NAMED)
def test_what_cannot_be_read_is_named_with_what_to_do_in_both_layouts(place, gather, data, name):
    content, cause = NAMED[name]
    for layout in ("folders", "flat"):
        (place / layout / "bob").mkdir(parents=True)
        (place / layout / "bob" / f"{NAME}.ipynb").write_bytes(data)
    (place / "folders" / "ada").mkdir()
    (place / "folders" / "ada" / name).write_bytes(content)
    (place / "flat" / f"ada_compound_scaling_{name}").write_bytes(content)
    for layout in ("folders", "flat"):
        found = gather(place / layout)
        os.rename(place.parent / "scratch", place.parent / f"scratch of {layout}")
        assert found["ada"][0] == set() and found["bob"] == ({NAME}, found["bob"][1])
        assert name in found["ada"][1] and cause in found["ada"][1]


def test_a_zip_beside_a_loose_notebook_is_read(place, gather, data, skeletons):
    hand_in(skeletons["2_compound_scaling"], place / "ada" / "2_compound_scaling.ipynb", MARK)
    (place / "ada" / "homework.zip").write_bytes(zipped(**{f"{NAME}.ipynb": data}))
    assert gather(place)["ada"] == ({NAME, "2_compound_scaling"}, gather_nothing(3))


def gather_nothing(missing):
    """What is said of a hand-in of which nothing is left out: of each missing notebook that it is missing."""
    return " ".join(["", "", *["Not handed in."] * missing]) if missing else ""


def test_the_students_own_modules_and_data_are_named_and_what_was_released_is_not(place, gather, data, released):
    (place / "ada" / "tests").mkdir(parents=True)
    (place / "ada" / f"{NAME}.ipynb").write_bytes(data)
    for path in (released.release / "tests").glob("*.py"):
        (place / "ada" / "tests" / path.name).write_bytes(path.read_bytes())
    for name in ("helpers.py", "mine.json", "plot.png", "q1_2.py"):
        (place / "ada" / name).write_text("own")
    marked, said = gather(place)["ada"]
    assert marked == {NAME}
    assert "helpers.py, mine.json, plot.png, q1_2.py were left out" in said and said.count(".py") == 2


def test_an_archive_three_levels_deep_a_deep_folder_and_an_empty_archive_are_named(place, gather, data):
    inner = zipped(**{"innermost.zip": zipped(**{f"{NAME}.ipynb": data})})
    (place / "ada").mkdir()
    (place / "ada" / "a.zip").write_bytes(zipped(**{"inner.zip": inner}))
    (place / "ada" / "empty.zip").write_bytes(zipped())
    deep = place / "ada" / "/".join("d" * 21)
    deep.mkdir(parents=True)
    (deep / f"{NAME}.ipynb").write_bytes(data)
    marked, said = gather(place)["ada"]
    assert marked == set()
    assert "innermost.zip lies in an archive in an archive" in said
    assert (
        "empty.zip holds no notebook that can be read; hand in the notebooks themselves" in said
        and "d lies too deep" in said
    )


def test_all_archives_of_a_student_share_one_budget(place, gather, data, monkeypatch):
    monkeypatch.setattr(gathering, "MAX_BYTES", int(2.5 * len(data)))
    (place / "ada").mkdir()
    (place / "bob").mkdir()
    for name in "abc":
        (place / "ada" / f"{name}.zip").write_bytes(zipped(**{f"{NAME}.ipynb": data}))
    (place / "bob" / "a.zip").write_bytes(zipped(**{f"{NAME}.ipynb": data}))
    found = gather(place)
    assert "c.zip would unpack to" in found["ada"][1] and "would unpack" not in found["bob"][1]
    assert found["ada"][0] == found["bob"][0] == {NAME}


def test_more_notebooks_than_anyone_hands_in_are_named_and_not_read(place, gather, data, monkeypatch):
    monkeypatch.setattr(gathering, "MAX_NOTEBOOKS", 2)
    (place / "ada").mkdir()
    for name in "abcd":
        (place / "ada" / f"{name}.ipynb").write_bytes(data)
    assert "more than 2 notebooks" in gather(place)["ada"][1]


def test_what_belongs_to_no_student_is_named_for_the_instructor(place, tmp_path, data, released):
    (place / f"ada_{NAME}.ipynb").write_bytes(data)
    for name in ("grades.csv", "index.html", "README.md", ".x", ".DS_Store"):
        (place / name).write_text("x")
    (place / "tests").mkdir()
    gathered = gather_class(place, tmp_path / "scratch", released)
    assert [one.student for one in gathered.handins] == ["ada"]
    assert {line.split()[0] for line in gathered.remarks} == {"grades.csv", "index.html", "tests", "README.md", ".x"}


def packed_oddly(path, data, method=zipfile.ZIP_STORED, kind=stat.S_IFREG, damaged=False):
    """An archive of a class: bob's notebook as it is, ada's so that it cannot be unpacked."""
    odd, good = zipfile.ZipInfo(path), zipfile.ZipInfo(f"bob_{NAME}.ipynb" if "/" not in path else f"bob/{NAME}.ipynb")
    odd.external_attr, odd.compress_type = (kind | 0o777) << 16, method
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(odd, data)
        archive.writestr(good, data)
    packed = bytearray(buffer.getvalue())
    packed[100] ^= damaged
    return bytes(packed)


def with_a_link(path, data):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, kind in ((path, tarfile.SYMTYPE), (path.replace("ada", "bob"), tarfile.REGTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.size = kind, len(data) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


@pytest.mark.parametrize("path", [f"ada/{NAME}.ipynb", f"ada/work/{NAME}.ipynb", f"ada_{NAME}.ipynb", "ada/w.zip"])
@pytest.mark.parametrize(
    ("pack", "cause"),
    [
        (lambda path, data: packed_oddly(path, data, zipfile.ZIP_BZIP2), "unusual way"),
        (lambda path, data: packed_oddly(path, data, zipfile.ZIP_LZMA), "unusual way"),
        (lambda path, data: packed_oddly(path, data, kind=stat.S_IFLNK), "symbolic link"),
        (lambda path, data: packed_oddly(path, data, damaged=True), "cannot be unpacked"),
        (with_a_link, "is a link"),
    ],
    ids=["bzip2", "LZMA", "a link", "damaged", "a link in a tar"],
)
def test_what_is_left_out_of_a_classs_archive_costs_no_student_a_row_and_is_told_to_them(
    place, tmp_path, gather, data, released, pack, cause, path
):
    (place / "class.archive.zip").write_bytes(pack(path, data))
    found = gather(place / "class.archive.zip")
    assert found["ada"][0] == set() and found["bob"][0] == {NAME}
    assert f"Not handed in. {path.split('/')[-1]} " in found["ada"][1] and cause in found["ada"][1]
    [remark] = gather_class(place / "class.archive.zip", tmp_path / "again", released).remarks
    assert remark.startswith(path) and cause in remark


def added_later(path, *versions):
    """A zip and a tar of a file that was packed several times."""
    zip_file, tar_file = io.BytesIO(), io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(zip_file, "w") as archive:
        warnings.simplefilter("ignore")  # duplicate names are what a test is about
        for content in versions:
            archive.writestr(path, content)
    with tarfile.open(fileobj=tar_file, mode="w:gz") as archive:
        for content in versions:
            info = tarfile.TarInfo(path)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return {"zip": zip_file.getvalue(), "tar": tar_file.getvalue()}


@pytest.mark.parametrize("kind", ["zip", "tar"])
@pytest.mark.parametrize("size", [0, 50_000])
def test_of_a_notebook_that_was_packed_twice_the_last_version_counts_and_the_student_is_told(
    place, tmp_path, data, skeletons, released, kind, size
):
    blank = hand_in(skeletons[NAME], tmp_path / "blank.ipynb").read_bytes()
    (place / "ada.zip").write_bytes(added_later(f"{NAME}.ipynb", blank + b" " * size, data + b" " * size)[kind])
    (place / "class").write_bytes(added_later(f"bob/{NAME}.ipynb", blank, data + b" " * size)[kind])
    for number, at in enumerate((place / "ada.zip", place / "class")):
        [one] = collect(at, tmp_path / str(number), released)
        submission = clean(one, released)[NAME].submission
        assert any(cell.source.startswith(MARK) for cell in submission.cells)
        assert any(f"{NAME}.ipynb has the name of a later entry" in note for note in submission.notes)


def test_a_classs_archive_of_which_nothing_can_be_unpacked_still_names_its_students(place, gather, data):
    with zipfile.ZipFile(place / "class.zip", "w", zipfile.ZIP_LZMA) as archive:
        for path in (f"ada/{NAME}.ipynb", f"bob/{'d/' * 21}{NAME}.ipynb"):
            archive.writestr(path, data)
    found = gather(place / "class.zip")
    assert "unusual way" in found["ada"][1] and "lies too deep" in found["bob"][1]


def test_a_classs_archive_that_points_out_of_itself_names_its_students_and_a_link_beside_them_is_none(
    place, gather, data
):
    link = zipfile.ZipInfo("export/latest")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(place / "class.zip", "w") as archive:
        archive.writestr(link, "ada")
        for path in ("export/ada", "../export/bob", "../../export/cy", "export/cy/../dan", "export/eve/other"):
            archive.writestr(f"{path}/{NAME}.ipynb", data)
    found = gather(place / "class.zip")
    assert list(found) == ["ada", "bob", "cy", "eve"] and found["ada"][0] == found["eve"][0] == {NAME}
    assert all("points out of the archive" in found[student][1] for student in ("bob", "cy"))


def test_an_export_of_which_nothing_can_be_read_is_not_called_another_assignments(place, tmp_path, data, released):
    with zipfile.ZipFile(place / "class.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(f"Ada_12_assignsubmission_file_/{NAME}.ipynb", data)
        archive.writestr("Bob_13_assignsubmission_file_/homework.rar", b"Rar!")
    ada, bob = read_class(place / "class.zip", tmp_path / "scratch", released).handins
    assert "unusual way" in ada.remarks[0] and "homework.rar" in bob.remarks[0]


@pytest.mark.parametrize(
    ("paths", "students"),
    [
        (["ada/compound_scaling/1_intuition.ipynb"], "ada"),
        (["ada/1_intuition.ipynb"], "ada"),
        (["ada/work/1_intuition.ipynb"], "ada"),
        (["ada/compound_scaling/1_intuition.ipynb", "ada/notes/x.csv"], "ada"),
        (["submissions/ada/1_intuition.ipynb"], "ada"),
        (["submitted/ada/compound_scaling/1_intuition.ipynb"], "ada"),
        (["submissions/ada_1_intuition.ipynb"], "ada"),
        (["submissions/ada_compound_scaling.zip"], "ada"),
        (["week1/ada/1_intuition.ipynb", "week1/bob/1_intuition.ipynb"], "ada bob"),
        (["compound_scaling/1_intuition.ipynb"], "eve"),
        (["1_intuition.ipynb"], "eve"),
        (["ada.zip"], "ada"),
    ],
    ids=str,
)
def test_a_class_zip_names_its_students_however_it_was_packed(place, tmp_path, data, released, paths, students):
    inner = zipped(**{f"{NAME}.ipynb": data})
    archive = place / "eve_compound_scaling.zip"
    archive.write_bytes(zipped(**{path: inner if path.endswith(".zip") else data for path in paths}))
    found = collect(archive, tmp_path / "scratch", released)
    assert " ".join(one.student for one in found) == students
    assert all(len(one.notebooks) == 1 for one in found)


def test_a_students_folder_that_was_named_by_mistake_is_one_student(place, tmp_path, data, released):
    (place / f"{NAME}.ipynb").write_bytes(data)
    (place / "runs").mkdir()
    (place / "runs" / "best.safetensors").write_bytes(b"w")
    [one] = collect(place, tmp_path / "scratch", released)
    assert one.student == "class" and [path.name for path in one.attachments] == ["best.safetensors"]


def test_names_of_files_reach_no_message_raw(place, gather):
    (place / "ada").mkdir()
    for name in ("a\x1b[31m\nb.ipynb", "c\x1b[2J.7z", "d\u202e.py", "e\n.zip"):
        (place / "ada" / name).write_bytes(notebook_bytes() if name.startswith("a") else b"x")
    said = gather(place)["ada"][1]
    assert all(char.isprintable() for char in said)
    assert all(name in said for name in ("a?[31m?b.ipynb", "c?[2J.7z", "d?.py", "e?.zip"))


def test_what_icloud_leaves_of_a_file_is_named_though_it_is_hidden(tmp_path, gather):
    for student, name in (("ada", f".{NAME}.ipynb.icloud"), ("bob", ".gitattributes")):
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / name).write_bytes(b"bplist00")
    found = gather(tmp_path / "class")
    assert "icloud is a shortcut, which only says where a file is" in found["ada"][1]
    assert ".gitattributes" not in found["bob"][1]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (f".work/{NAME}.ipynb", "begin with a dot, are not looked into"),
        (".hw.rar", "is a RAR archive"),
        (".notes", "was left out"),
        ("README.md", "README.md "),
    ],
)
def test_what_begins_with_a_dot_and_is_no_programs_is_named(place, gather, data, released, name, told):
    for student in ("ada", "bob"):
        (place / student / name).parent.mkdir(parents=True)
        (place / student / name).write_bytes(data if "/" in name else b"my answers")
    (place / "bob" / f"{NAME}.ipynb").write_bytes(data)
    (place / "bob" / ".git").mkdir()
    found = gather(place)
    assert found["bob"][0] == {NAME} and ".git" not in found["bob"][1]
    for _, said in found.values():
        assert f"{name.split('/')[0]}" in said and told in said


def test_the_readme_that_students_were_given_is_not_named(place, gather, data, released):
    (place / "ada").mkdir()
    (place / "ada" / f"{NAME}.ipynb").write_bytes(data)
    text = (released.folder / released.settings.students.readme).read_text(encoding="utf-8")
    (place / "ada" / "README.md").write_text(text.replace("{first}", f"{NAME}.ipynb"), encoding="utf-8")
    assert "README.md" not in gather(place)["ada"][1]
