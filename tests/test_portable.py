"""Names in zips that Windows takes, and disks that take two students for one."""

import pytest

from autograder.errors import WrongCall
from autograder.portable import NamesInZip, _need_each, from_here, need_folders, portable
from autograder.terminal import for_terminal


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("CON", "_CON"),
        ("nul", "_nul"),
        ("aux.txt", "_aux.txt"),
        ("com1 .ipynb", "_com1 .ipynb"),
        ("lpt¹", "_lpt¹"),
        ("Ada Jr.", "Ada Jr"),
        ("Ada  ", "Ada"),
        ("a:b", "a_b"),
        ("..\\..\\evil.exe", ".._.._evil.exe"),
        ("a\x1b[31m\nb\u202egpj.exe", "a_[31m_b_gpj.exe"),
        ("...", "_"),
        ("", "_"),
        ("x" * 300 + ".ipynb", "x" * 94 + ".ipynb"),
        ("x" * 300, "x" * 100),
        ("console.txt", "console.txt"),
        ("jörg müller", "jörg müller"),
    ],
)
def test_a_name_is_one_that_every_system_takes(name, safe):
    assert portable(name) == safe
    assert portable(safe) == safe


def test_a_terminal_gets_no_control_characters():
    assert for_terminal("a\x1b[2J\r\x9b31m\u202eb\nc é") == "a?[2J??31m?b\nc é"


def test_entries_of_a_zip_stay_apart_where_case_and_accents_do_not_count():
    names = NamesInZip()
    given = [
        names.of(path) for path in ("h/Ada.ipynb", "h/ada.ipynb", "h/ADA.IPYNB", "h/é", "h/e\u0301", "../h/x", "/h/x")
    ]
    assert given == ["h/Ada.ipynb", "h/ada (2).ipynb", "h/ADA (3).IPYNB", "h/é", "h/e\u0301 (2)", "h/x", "h/x (2)"]


def test_a_disk_that_holds_every_name_is_left_as_it_was(tmp_path):
    need_folders(tmp_path / "new", {"Ada", "ada", "[a-z]*", "who?", r"\x2eada", "x" * 250})
    assert list((tmp_path / "new").iterdir()) == []


def test_a_disk_on_which_a_students_folder_cannot_be_made_is_a_wrong_call(tmp_path):
    with pytest.raises(WrongCall, match=r"cannot hold a folder 'x+' \(File name too long\)"):
        need_folders(tmp_path, {"ada", "x" * 256})
    assert list(tmp_path.iterdir()) == []


def test_two_students_whom_a_disk_takes_for_one_are_a_wrong_call(tmp_path):
    (tmp_path / "ada").mkdir()  # what a disk that knows no case has as soon as Ada's folder is made
    with pytest.raises(WrongCall, match=r"takes '[Aa]da' and '[Aa]da' for one name"):
        _need_each(tmp_path, tmp_path, {"Ada", "ada"})


def test_a_path_is_named_as_short_as_it_can_be_from_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    places = (tmp_path / "dist" / "graded", tmp_path, tmp_path.parent / "other")
    assert [from_here(path) for path in places] == ["dist/graded", ".", str(tmp_path.parent / "other")]
