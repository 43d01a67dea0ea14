import errno
import os
import stat
import struct
import tempfile
import tracemalloc
import warnings
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.intake import unpack as unpacking
from autograder.intake.read import Unreadable
from autograder.intake.unpack import Budget, unpack


def make_zip(path, *entries, method=zipfile.ZIP_DEFLATED):
    """entries: (name or ZipInfo, content)."""
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", method) as archive:
        warnings.simplefilter("ignore")  # duplicate names are what a test is about
        for name, content in entries:
            archive.writestr(name, content)
    return path


def typed(name, kind):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (kind | 0o777) << 16
    return entry


def files_in(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if not p.is_dir()}


def test_files_and_their_times_are_unpacked(tmp_path):
    made = make_zip(tmp_path / "a.zip", (zipfile.ZipInfo("b/ü [1].ipynb", (2026, 1, 2, 3, 4, 6)), b"x"))
    assert unpack(made, tmp_path / "out") == []
    assert files_in(tmp_path / "out") == {"b/ü [1].ipynb": b"x"}
    assert (tmp_path / "out" / "b" / "ü [1].ipynb").stat().st_mtime % 60 == 6


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../out.py", "points out of the archive"),
        ("a/../../out.py", "points out of the archive"),
        ("..\\out.py", "points out of the archive"),
        ("/".join("a" * 21), "lies too deep"),
        (".", "has no name"),
        (typed("link", stat.S_IFLNK), "symbolic link"),
        (typed("pipe", stat.S_IFIFO), "no file"),
        (typed("device", stat.S_IFBLK), "no file"),
    ],
    ids=str,
)
def test_an_odd_entry_alone_is_left_out(tmp_path, name, reason):
    made = make_zip(tmp_path / "a.zip", ("good.py", b"good"), (name, b"/etc/passwd"), ("after.py", b"too"))
    [remark] = unpack(made, tmp_path / "deep" / "out")
    assert reason in remark and len(remark) < 200
    assert files_in(tmp_path) == {
        "a.zip": made.read_bytes(),
        "deep/out/good.py": b"good",
        "deep/out/after.py": b"too",
    }


@pytest.mark.parametrize(
    "name", ["/tmp/out.py", "\\out.py", "C:\\out.py", "C:out.py", "\\\\server\\share\\out.py", "//a/b/out.py"]
)
def test_an_entry_that_is_named_from_the_root_on_is_read_below_the_folder(tmp_path, name):
    made = make_zip(tmp_path / "a.zip", (name, b"x"))
    assert unpack(made, tmp_path / "deep" / "out") == []
    [(place, data)] = [one for one in files_in(tmp_path).items() if one[0] != "a.zip"]
    assert place.startswith("deep/out/") and place.endswith("out.py") and data == b"x"


def unicode_path(name, written):
    """The extra field that says an entry's name in UTF-8."""
    return struct.pack("<HHBL", 0x7075, 5 + len(name.encode()), 1, zlib.crc32(written)) + name.encode()


@pytest.mark.parametrize(
    ("written", "extra", "name"),
    [
        ("Zoë.py".encode(), b"", "Zoë.py"),
        ("Зоя.py".encode(), b"", "Зоя.py"),
        (b"Zo\x89.py", b"", "Zoë.py"),
        (b"Zo\xeb.py", b"", "Zoδ.py"),
        (b"Zoe.py", unicode_path("Zoë.py", b"Zoe.py"), "Zoë.py"),
        (b"Zoe.py", b"\1\0\1\0x" + unicode_path("Zoë.py", b"Zoe.py"), "Zoë.py"),
        (b"Zoe.py", unicode_path("Zoë.py", b"ada.py"), "Zoe.py"),
        (b"Zoe.py", struct.pack("<HHB", 0x7075, 1, 1), "Zoe.py"),
        (b"Zoe.py", unicode_path("../out.py", b"Zoe.py"), ""),
        (b"Zoe.py", unicode_path("a/b/", b"Zoe.py"), ""),
    ],
)
def test_a_name_is_read_as_it_was_meant_whether_or_not_the_zip_says_that_it_is_in_utf8(tmp_path, written, extra, name):
    entry = zipfile.ZipInfo("N" * len(written))
    entry.extra = extra
    made = make_zip(tmp_path / "a.zip", (entry, b"x"))
    made.write_bytes(made.read_bytes().replace(b"N" * len(written), written))
    unpack(made, tmp_path / "deep" / "out")
    assert files_in(tmp_path / "deep") == ({f"out/{name}": b"x"} if name else {})


def test_a_name_that_no_file_can_have_is_shortened_keeps_its_ending_and_stays_different(tmp_path):
    names = [
        "課題" * 60 + ".ipynb",
        "x" * 300 + "/y.ipynb",
        *("a" * 130 + one * 30 + "b" * 84 + ".ipynb" for one in "XY"),
    ]
    assert unpack(make_zip(tmp_path / "a.zip", *((name, b"x") for name in names)), tmp_path / "out") == []
    assert [Path(name).suffix for name in files_in(tmp_path / "out")] == [".ipynb"] * 4


@pytest.mark.parametrize("names", [("a/b.py", "a"), ("a", "a/b.py")])
def test_of_a_file_and_a_folder_with_one_name_the_last_counts(tmp_path, names):
    made = make_zip(tmp_path / "a.zip", *((name, name.encode()) for name in names))
    assert len(unpack(made, tmp_path / "out")) == 1
    assert files_in(tmp_path / "out") == {names[1]: names[1].encode()}


@pytest.mark.parametrize("name", ["a.py", "./a.py", "/a.py"])
def test_of_entries_with_one_name_the_last_that_can_be_unpacked_counts(tmp_path, name):
    made = make_zip(
        tmp_path / "a.zip", (name, b"1"), ("b.py", b"b"), ("a.py", b"22"), (typed("a.py", stat.S_IFLNK), b"b")
    )
    left_out = unpack(made, tmp_path / "out")
    assert files_in(tmp_path / "out") == {"a.py": b"22", "b.py": b"b"}
    assert left_out[0] == f"{name} has the name of a later entry, which counts, and was left out"
    assert len(left_out) == 2 and "symbolic link" in left_out[1]


def test_names_that_differ_in_case_only_are_two_files(tmp_path):
    made = make_zip(tmp_path / "a.zip", ("A.py", b"1"), ("a.py", b"2"))
    assert unpack(made, tmp_path / "out") == []
    assert files_in(tmp_path / "out") == {"A.py": b"1", "a.py": b"2"}


@pytest.mark.parametrize("raw_name", [b"", b"a\0bc", b"\0abc", b"\xff\xfea"])
def test_a_name_with_odd_bytes_neither_raises_nor_gets_out(tmp_path, raw_name):
    made = make_zip(tmp_path / "a.zip", ("X" * len(raw_name) or "X", b"x"))
    data = made.read_bytes().replace(b"X" * len(raw_name), raw_name) if raw_name else _nameless(made)
    made.write_bytes(data)
    with suppress(Unreadable):
        unpack(made, tmp_path / "out")
    assert set(path.name for path in tmp_path.iterdir()) <= {"a.zip", "out"}


def _nameless(made):
    """The same zip with an empty name, in both places where a name stands."""
    data = made.read_bytes()
    central = data.index(b"PK\x01\x02")
    local = data[:26] + struct.pack("<H", 0) + data[28:30] + data[31:central]
    record = data[central : central + 28] + struct.pack("<H", 0) + data[central + 30 : central + 46]
    end = data[data.index(b"PK\x05\x06") :]
    return local + record + end[:12] + struct.pack("<II", len(record), len(local)) + end[20:]


def test_invalid_utf8_in_a_name_is_said(tmp_path):
    made = make_zip(tmp_path / "a.zip", ("ü.py", b"x"))
    made.write_bytes(made.read_bytes().replace("ü".encode(), b"\xed\xa0"))
    with pytest.raises(Unreadable, match="UnicodeDecodeError"):
        unpack(made, tmp_path / "out")


def test_what_is_no_zip_is_said(tmp_path):
    for content in (b"P", b"PK", b"x" * 1000):
        (tmp_path / "a.zip").write_bytes(content)
        with pytest.raises(Unreadable, match="is no zip"):
            unpack(tmp_path / "a.zip", tmp_path / "out")


def test_an_encrypted_zip_is_said(tmp_path):
    made = make_zip(tmp_path / "a.zip", ("a.py", b"x"))
    data = bytearray(made.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    made.write_bytes(data)
    with pytest.raises(Unreadable, match="encrypted"):
        unpack(made, tmp_path / "out")


def test_too_many_files_too_many_bytes_and_too_high_a_ratio_are_refused_before_anything_is_written(tmp_path):
    bomb = make_zip(tmp_path / "bomb.zip", ("zeros", b"\0" * 50_000_000))
    many = make_zip(tmp_path / "many.zip", *[(f"{i}.py", b"") for i in range(11)])
    large = make_zip(tmp_path / "large.zip", ("a", os.urandom(2_000)), method=zipfile.ZIP_STORED)
    for made, reason in ((bomb, "50 MB"), (many, "11 files"), (large, "too much")):
        with pytest.raises(Unreadable, match=reason):
            unpack(made, tmp_path / "out", Budget(1_000 if made is large else unpacking.MAX_BYTES, 10))
    assert not (tmp_path / "out").exists()


def test_an_entry_that_lies_about_its_size_writes_no_more_than_it_said(tmp_path):
    made = make_zip(tmp_path / "a.zip", ("zeros", b"\0" * 5_000_000), ("good.py", b"good"))
    data = made.read_bytes()
    made.write_bytes(data.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 100)))
    unpack(made, tmp_path / "out")
    written = files_in(tmp_path / "out")
    assert written.pop("good.py") == b"good"
    assert all(len(content) <= 100 for content in written.values())


def test_a_damaged_entry_is_left_out_and_leaves_nothing_behind(tmp_path):
    content = os.urandom(5_000)
    made = make_zip(tmp_path / "a.zip", ("bad.py", content * 3), ("good.py", b"good"))
    data = bytearray(made.read_bytes())
    data[40:3_000] = bytes(2_960)
    made.write_bytes(data)
    assert "'" not in unpack(made, tmp_path / "out")[0]
    assert files_in(tmp_path / "out") == {"good.py": b"good"}


def test_an_entry_compressed_with_lzma_is_left_out(tmp_path):
    made = make_zip(tmp_path / "a.zip", ("a.py", b"x" * 99), method=zipfile.ZIP_LZMA)
    assert "unusual" in unpack(made, tmp_path / "out")[0]


def test_remarks_are_few(tmp_path):
    made = make_zip(tmp_path / "a.zip", *[(f"../{i}", b"") for i in range(500)])
    remarks = unpack(made, tmp_path / "out")
    assert len(remarks) == unpacking.MAX_REMARKS + 1 and remarks[-1] == "480 more were left out"


@pytest.fixture(scope="module")
def three_files(tmp_path_factory):
    """A zip, as bytes that are the same in each run."""
    entries = [
        (zipfile.ZipInfo(name), content) for name, content in (("a.py", b"x" * 300), ("b/c.py", b"y"), ("b/d", b"y"))
    ]
    entries[0][0].compress_type = zipfile.ZIP_DEFLATED
    return make_zip(tmp_path_factory.mktemp("zips") / "a.zip", *entries).read_bytes()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_flipped_bytes_raise_nothing_but_unreadable_and_write_nothing_outside(three_files, data):
    flipped = bytearray(three_files)
    place = st.integers(0, len(flipped) - 1)
    for index, byte in data.draw(st.lists(st.tuples(place, st.integers(0, 255)), min_size=1, max_size=6)):
        flipped[index] = byte
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.zip").write_bytes(flipped)
        with suppress(Unreadable):
            unpack(folder / "a.zip", folder / "out")
        assert {path.name for path in folder.iterdir()} <= {"a.zip", "out"}


def test_a_full_disk_is_our_trouble_and_no_students(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(unpacking, "copy", full)
    with pytest.raises(OSError, match="No space left"):
        unpack(make_zip(tmp_path / "a.zip", ("a.py", b"x")), tmp_path / "out")


def test_entries_are_counted_before_an_object_is_made_of_any(tmp_path):
    made = make_zip(tmp_path / "a.zip", *[(f"{number}", b"") for number in range(30_000)])
    tracemalloc.start()
    with pytest.raises(Unreadable, match="20001 files or more"):
        unpack(made, tmp_path / "out")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000  # as objects they would take more than ten times as much


@pytest.mark.parametrize("lie", ["a comment", "a count", "a second end in the end"])
def test_an_end_that_lies_does_not_hide_entries(tmp_path, lie):
    made = make_zip(tmp_path / "a.zip", *[(f"{number}", b"") for number in range(30)])
    data = bytearray(made.read_bytes())
    if lie == "a comment":
        data[-2:] = struct.pack("<H", 40)
        data += b"x" * 40
    elif lie == "a count":
        data[-14:-10] = struct.pack("<HH", 1, 1)
    else:
        data[-18:-14] = b"PK\5\6"  # the numbers of the disks
    made.write_bytes(data)
    with made.open("rb") as file:
        assert unpacking.count_entries(file, 20) == 21
    with pytest.raises(Unreadable, match="21 files or more"):
        unpack(made, tmp_path / "out", Budget(files=20))


def test_a_wide_zips_entries_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 5)
    made = make_zip(tmp_path / "a.zip", *[(f"{number}", b"") for number in range(9)])
    assert b"PK\6\6" in made.read_bytes()
    with made.open("rb") as file:
        assert unpacking.count_entries(file, 100) == 9
