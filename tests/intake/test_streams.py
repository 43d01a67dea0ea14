"""Tars and packed files: regular members only, streamed, within the limits of zips."""

import bz2
import gzip
import io
import os
import tarfile
import tracemalloc

import pytest

from autograder.intake.read import Unreadable
from autograder.intake.sketches import Sketches
from autograder.intake.unpack import Budget, look_through, unpack


def tar(path, *members, mode="w:gz", **options):
    """members: (name or TarInfo, content)."""
    with tarfile.open(path, mode, **options) as archive:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def typed(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def files_in(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and not p.is_symlink()}


@pytest.mark.parametrize(
    ("name", "mode"), [("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.TGZ", "w:gz"), ("a.tbz2", "w:bz2")]
)
def test_a_tar_is_unpacked_with_its_times_and_folders(tmp_path, name, mode):
    old = tarfile.TarInfo("hw/1.ipynb")
    old.mtime = 1_700_000_000
    made = tar(tmp_path / name, (typed("hw", tarfile.DIRTYPE), b""), (old, b"1"), ("hw/ü [1].ipynb", b"2"), mode=mode)
    assert unpack(made, tmp_path / "out") == []
    assert files_in(tmp_path / "out") == {"hw/1.ipynb": b"1", "hw/ü [1].ipynb": b"2"}
    assert (tmp_path / "out" / "hw" / "1.ipynb").stat().st_mtime == 1_700_000_000


@pytest.mark.parametrize("kind", ["GNU_FORMAT", "PAX_FORMAT", "USTAR_FORMAT"])
def test_every_format_of_tar_is_read(tmp_path, kind):
    name = "a" * 90 + "/" + "b" * 60
    made = tar(tmp_path / "a.tar.gz", (name, b"x"), format=getattr(tarfile, kind))
    assert unpack(made, tmp_path / "out") == []
    assert files_in(tmp_path / "out") == {name: b"x"}


@pytest.mark.parametrize(("name", "pack"), [("1.ipynb.gz", gzip.compress), ("1.ipynb.bz2", bz2.compress)])
def test_a_single_packed_file_gets_its_own_name(tmp_path, name, pack):
    (tmp_path / name).write_bytes(pack(b"content"))
    budget = Budget(1_000, 5)
    assert unpack(tmp_path / name, tmp_path / "out", budget) == []
    assert files_in(tmp_path / "out") == {"1.ipynb": b"content"}
    assert (budget.bytes, budget.files) == (993, 4)


def test_a_member_that_was_packed_from_the_root_on_is_read_below_the_target(tmp_path):
    made = tar(tmp_path / "a.tgz", ("/tmp/in.py", b"good"))
    assert unpack(made, tmp_path / "deep" / "out") == []
    assert (tmp_path / "deep" / "out" / "tmp" / "in.py").read_bytes() == b"good"


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (typed("link", tarfile.SYMTYPE, "/etc/passwd"), "link"),
        (typed("hard", tarfile.LNKTYPE, "good.py"), "link"),
        (typed("pipe", tarfile.FIFOTYPE), "no file"),
        (typed("device", tarfile.CHRTYPE), "no file"),
        ("../out.py", "points out"),
        ("/".join("a" * 21), "too deep"),
    ],
    ids=lambda one: getattr(one, "name", one)[:20],
)
def test_an_odd_member_alone_is_left_out(tmp_path, member, reason):
    made = tar(tmp_path / "a.tgz", ("good.py", b"good"), (member, b""), ("after.py", b"too"))
    [remark] = unpack(made, tmp_path / "deep" / "out")
    assert reason in remark
    assert files_in(tmp_path / "deep") == {"out/good.py": b"good", "out/after.py": b"too"}
    assert not any(path.is_symlink() for path in (tmp_path / "deep").rglob("*"))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_names_of_members_stay_different_whatever_they_are_written_in(tmp_path, encoding):
    names = [f"{who}/1.ipynb" for who in ("Müller", "Möller", "Bob")]
    made = tar(tmp_path / "a.tgz", *((name, b"x") for name in names), format=tarfile.GNU_FORMAT, encoding=encoding)
    assert look_through(made, tmp_path / "out", Sketches(tmp_path / "sketches"), of_class=True) == []
    assert sorted(files_in(tmp_path / "out")) == sorted(names)


def test_of_members_with_one_name_the_last_counts(tmp_path):
    made = tar(
        tmp_path / "a.tgz", ("a.py", b"1"), ("b", b"b"), ("./a.py", b"22"), (typed("a.py", tarfile.SYMTYPE), b"")
    )
    newer, link = unpack(made, tmp_path / "out")
    assert files_in(tmp_path / "out") == {"a.py": b"22", "b": b"b"}
    assert newer == "a.py has the name of a later entry, which counts, and was left out" and "link" in link


@pytest.mark.parametrize("name", ["../a.py", "out/../../a.py"])
def test_a_member_that_points_out_of_the_tar_replaces_nothing(tmp_path, name):
    (tmp_path / "a.py").write_bytes(b"ours")
    unpack(tar(tmp_path / "a.tgz", (name, b"theirs")), tmp_path / "out")
    assert (tmp_path / "a.py").read_bytes() == b"ours"


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2"])
def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path, mode):
    made = tar(tmp_path / "a.tar", ("zeros", b"\0" * 30_000_000), mode=mode)
    with pytest.raises(Unreadable, match="too much"):
        unpack(made, tmp_path / "out")
    assert files_in(tmp_path) == {"a.tar": made.read_bytes()}


def test_a_packed_bomb_is_refused_and_leaves_no_more_than_the_budget(tmp_path):
    (tmp_path / "1.ipynb.gz").write_bytes(gzip.compress(b"\0" * 30_000_000))
    with pytest.raises(Unreadable, match="too much"):
        unpack(tmp_path / "1.ipynb.gz", tmp_path / "out")


def test_a_header_of_many_megabytes_is_not_held_in_memory(tmp_path):
    info = tarfile.TarInfo("a")
    info.pax_headers = {"comment": "x" * 15_000_000}
    made = tar(tmp_path / "a.tar.gz", (info, b""), format=tarfile.PAX_FORMAT)
    tracemalloc.start()
    with pytest.raises(Unreadable, match="too much"):
        unpack(made, tmp_path / "out")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8_000_000


def test_too_many_members_are_refused(tmp_path):
    made = tar(tmp_path / "a.tgz", *[(f"{number}", b"") for number in range(11)])
    with pytest.raises(Unreadable, match="more files"):
        unpack(made, tmp_path / "out", Budget(files=10))


def test_what_is_damaged_or_cut_off_is_said(tmp_path):
    whole = tar(tmp_path / "a.tar.gz", ("1.ipynb", os.urandom(50_000))).read_bytes()
    for data in (whole[:20_000], whole[:100] + b"\0" * 500 + whole[600:], b"\x1f\x8b" + b"x" * 50):
        (tmp_path / "a.tar.gz").write_bytes(data)
        try:
            remarks = unpack(tmp_path / "a.tar.gz", tmp_path / str(len(data)))
        except Unreadable as problem:
            remarks = [str(problem)]
        assert remarks and "\n" not in remarks[0]
