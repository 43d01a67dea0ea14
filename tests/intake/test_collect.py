import os
import subprocess
import zipfile

import nbformat
import pytest

from autograder.errors import NothingHandedIn
from autograder.intake import gather as gathering
from autograder.intake.collect import clean, collect
from autograder.intake.gather import Handin
from autograder.intake.read import RawCell
from tests.intake.intake_files import hand_in, notebook_bytes

MARK = "*mine*"


@pytest.fixture
def gather(tmp_path, released):
    """Collects and cleans a class: student → notebook's name → the rebuilt one."""

    def run(place):
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        return {one.student: clean(one, released) for one in collect(place, scratch, released)}

    return run


def zipped(folder, path):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


def marks(rebuilt):
    """The names of the notebooks that hold a student's own answer."""
    return {name for name, one in rebuilt.items() if any(c.source.startswith(MARK) for c in one.submission.cells)}


def test_nbgraders_tree_is_read(place, gather, skeletons):
    for name, skeleton in skeletons.items():
        hand_in(skeleton, place / "ada" / "compound_scaling" / f"{name}.ipynb", MARK)
    found = gather(place)
    assert marks(found["ada"]) == set(skeletons)
    assert all(not one.submission.notes and not one.submission.problem for one in found["ada"].values())


def test_a_flat_folder_is_read(place, gather, skeletons):
    for student in ("ada", "jörg_müller-2"):
        for name, skeleton in skeletons.items():
            hand_in(skeleton, place / f"{student}_{name}.ipynb", MARK)
    (place / "tests").mkdir()
    found = gather(place)
    assert {student: marks(one) for student, one in found.items()} == {
        student: set(skeletons) for student in ("ada", "jörg_müller-2")
    }


def test_zips_are_read_in_a_folder_in_a_students_folder_and_in_one_zip_of_the_class(place, tmp_path, gather, skeletons):
    for name, skeleton in skeletons.items():
        hand_in(skeleton, tmp_path / "own" / f"{name}.ipynb", MARK)
    zipped(tmp_path / "own", place / "ada.zip")
    (place / "carl").mkdir()
    zipped(tmp_path / "own", place / "carl" / "compound_scaling.zip")
    found = gather(zipped(place, tmp_path / "lms.zip"))
    assert {student: marks(one) for student, one in found.items()} == {"ada": set(skeletons), "carl": set(skeletons)}


def test_a_students_zip_and_folder_are_one_hand_in(place, tmp_path, gather, skeletons):
    first, *others = skeletons
    hand_in(skeletons[first], place / "ada" / f"{first}.ipynb", MARK)
    for name in others:
        hand_in(skeletons[name], tmp_path / "own" / f"{name}.ipynb", MARK)
    zipped(tmp_path / "own", place / "ada.zip")
    assert marks(gather(place)["ada"]) == set(skeletons)


def test_names_with_spaces_umlauts_and_glob_characters_are_names(place, gather, skeletons):
    students = {"jörg müller", "[a-z]*", "who?", "a'b\"c", "{x}", "-rf", "$HOME", "日本"}
    for student in students:
        hand_in(skeletons["1_intuition"], place / student / "1_intuition.ipynb", MARK)
    assert {name for name, one in gather(place).items() if marks(one) == {"1_intuition"}} == {
        one.replace('"', r"\x22") for one in students
    }


def test_names_that_no_file_can_hold_become_ones_that_differ(place, gather, skeletons):
    for raw_name in (b"a\xff", b"a\xfe"):
        folder = os.path.join(os.fsencode(place), raw_name)
        os.mkdir(folder)
        with open(os.path.join(folder, b"\xff.ipynb"), "wb") as file:
            file.write(notebook_bytes())
    found = gather(place)
    assert set(found) == {r"a\udcff", r"a\udcfe"}
    for one in found.values():
        said = next(iter(one.values())).submission
        (said.student + said.problem + "".join(said.notes)).encode()


def test_a_renamed_notebook_is_recognised_by_what_is_in_it(place, gather, skeletons):
    hand_in(skeletons["2_compound_scaling"], place / "ada" / "1_intuition FINAL (2).ipynb", MARK)
    found = gather(place)["ada"]
    assert marks(found) == {"2_compound_scaling"}
    assert "was taken for 2_compound_scaling.ipynb" in found["2_compound_scaling"].submission.notes[0]
    assert found["1_intuition"].submission.missing


def test_a_notebook_that_holds_nothing_of_the_release_is_known_by_its_name_and_told_so(place, gather):
    (place / "ada").mkdir()
    (place / "ada" / "1_intuition.ipynb").write_bytes(notebook_bytes())
    found = gather(place)["ada"]["1_intuition"].submission
    assert not found.missing and "holds no cell of the release's 1_intuition" in found.problem


def test_of_two_files_for_one_notebook_the_newer_is_graded_and_both_are_named(place, gather, skeletons):
    skeleton = skeletons["1_intuition"]
    hand_in(skeleton, place / "ada" / "1_intuition.ipynb", "*old*", time=1e9)
    hand_in(skeleton, place / "ada" / "copy.ipynb", MARK, time=2e9)
    found = gather(place)["ada"]
    assert marks(found) == {"1_intuition"}
    [note, _] = found["1_intuition"].submission.notes
    assert "copy.ipynb" in note and "1_intuition.ipynb" in note and "the newer, copy.ipynb" in note


def test_a_file_that_can_be_read_is_graded_before_a_newer_one_that_cannot(place, gather, skeletons):
    hand_in(skeletons["1_intuition"], place / "ada" / "1_intuition.ipynb", MARK, time=1e9)
    (place / "ada" / "1_intuition (1).ipynb").write_text('{"cells": [')
    found = gather(place)["ada"]
    assert marks(found) == {"1_intuition"}
    assert "1_intuition (1).ipynb is not JSON" in found["1_intuition"].submission.notes[0]


def test_a_missing_notebook_and_a_folder_without_any_are_said(place, gather, skeletons):
    hand_in(skeletons["1_intuition"], place / "ada" / "1_intuition.ipynb")
    (place / "blank").mkdir()
    (place / "blank" / "notes.txt").touch()
    found = gather(place)
    submission = found["ada"]["2_compound_scaling"].submission
    assert submission.missing and submission.problem == "Not handed in."
    assert not found["ada"]["1_intuition"].submission.missing
    assert all(one.submission.missing for one in found["blank"].values())


def test_a_notebook_that_cannot_be_read_is_the_releases_with_the_reason(place, gather, skeletons):
    (place / "kim").mkdir()
    (place / "kim" / "1_intuition.ipynb").write_text("not json")
    made = gather(place)["kim"]["1_intuition"]
    assert made.submission.problem.startswith("1_intuition.ipynb is not JSON")
    assert made.notebook.cells == skeletons["1_intuition"].notebook.cells


def test_a_zip_that_cannot_be_opened_is_said_of_its_student_and_stops_nobody(place, gather, skeletons):
    (place / "kim.zip").write_bytes(b"Rar!")
    hand_in(skeletons["1_intuition"], place / "ada" / "1_intuition.ipynb", MARK)
    found = gather(place)
    assert "kim.zip is no zip" in found["kim"]["1_intuition"].submission.problem
    assert marks(found["ada"]) == {"1_intuition"}


@pytest.mark.parametrize("name", ["1_intuition.ipynb", "notes.csv"])
def test_one_file_that_is_no_archive_is_called_so(place, gather, skeletons, name):
    hand_in(skeletons["1_intuition"], place / "ada" / name)
    with pytest.raises(NothingHandedIn, match=f"{name}: is one file and no archive; name the folder that holds"):
        gather(place / "ada" / name)


@pytest.mark.parametrize("what", ["nowhere", "empty", "no.zip", "empty.zip", "other files.zip"])
def test_where_nothing_was_handed_in_one_line_says_so(place, gather, what):
    target = place / what
    if what == "empty":
        target.mkdir()
    elif what == "no.zip":
        target.write_text("x")
    elif what.endswith(".zip"):
        with zipfile.ZipFile(target, "w") as archive:
            if what == "other files.zip":
                archive.writestr("folder/notes.txt", "x")
    with pytest.raises(NothingHandedIn) as raised:
        gather(target)
    assert str(target) in str(raised.value) and "\n" not in str(raised.value)


def test_what_programs_leave_behind_is_ignored(place, gather, skeletons):
    skeleton = skeletons["1_intuition"]
    hand_in(skeleton, place / "ada" / "1_intuition.ipynb", MARK, time=1e9)
    hand_in(skeleton, place / "ada" / ".ipynb_checkpoints" / "1_intuition-checkpoint.ipynb", "*old*")
    hand_in(skeleton, place / "ada" / "._1_intuition.ipynb", "*old*")
    hand_in(skeleton, place / "ada" / "__MACOSX" / "1_intuition.ipynb", "*old*")
    hand_in(skeleton, place / ".ipynb_checkpoints" / "bob_1_intuition.ipynb", "*old*")
    found = gather(place)
    assert set(found) == {"ada"} and found["ada"]["1_intuition"].submission.notes == ()


def test_a_class_below_a_folder_of_an_ignored_name_is_read(tmp_path, gather, skeletons):
    hand_in(skeletons["1_intuition"], tmp_path / "__pycache__" / "class" / "ada" / "1_intuition.ipynb", MARK)
    assert marks(gather(tmp_path / "__pycache__" / "class")["ada"]) == {"1_intuition"}


def test_no_symbolic_link_is_followed(place, tmp_path, gather, skeletons):
    secret = hand_in(skeletons["1_intuition"], tmp_path / "outside" / "1_intuition.ipynb", MARK)
    zipped(secret.parent, tmp_path / "outside.zip")
    for student in ("file", "folder", "zip", "loop"):
        (place / student).mkdir()
    (place / "file" / "1_intuition.ipynb").symlink_to(secret)
    (place / "folder" / "deeper").symlink_to(secret.parent)
    (place / "zip" / "own.zip").symlink_to(tmp_path / "outside.zip")
    (place / "loop" / "again").symlink_to(place)
    (place / "student").symlink_to(secret.parent)
    (place / "flat_1_intuition.ipynb").symlink_to(secret)
    (place / "flat.zip").symlink_to(tmp_path / "outside.zip")
    found = gather(place)
    assert all(marks(one) == set() for one in found.values())
    for student in ("file", "zip", "flat"):
        assert "symbolic link" in found[student]["1_intuition"].submission.problem
    assert "student" not in found


@pytest.mark.tool
def test_folders_named_like_notebooks_and_very_deep_ones_stop_nothing(place, gather, skeletons):
    hand_in(skeletons["1_intuition"], place / "ada" / "1_intuition.ipynb", MARK)
    (place / "ada" / "2_compound_scaling.ipynb").mkdir()
    deep = place / "ada" / "/".join("d" * 1_500)
    subprocess.run(["mkdir", "-p", deep], check=True)
    try:
        assert marks(gather(place)["ada"]) == {"1_intuition"}
    finally:  # pytest could not: Python's own rmtree stumbles over such a folder
        subprocess.run(["rm", "-rf", place / "ada" / "d"], check=True)


def test_what_was_handed_in_stays_as_it_was(place, tmp_path, gather, skeletons):
    hand_in(skeletons["1_intuition"], place / "ada" / "1_intuition.ipynb", MARK, time=1e9)
    (place / "ada" / "notes.txt").write_text("x")
    (place / "kim").mkdir()
    (place / "kim" / "1_intuition.ipynb").write_text("not json")
    zipped(place / "ada", place / "bob.zip")

    def state():
        paths = sorted(place.rglob("*"))
        return [(p, p.lstat().st_mtime_ns, p.read_bytes() if p.is_file() else None) for p in paths]

    before = state()
    assert set(gather(place)) == {"ada", "bob", "kim"}
    assert state() == before


def test_a_students_zip_may_hold_less_than_a_class(place, tmp_path, gather, skeletons, monkeypatch):
    monkeypatch.setattr(gathering, "MAX_BYTES", 1_000)
    hand_in(skeletons["1_intuition"], tmp_path / "own" / "1_intuition.ipynb")
    zipped(tmp_path / "own", place / "ada.zip")
    assert "too much" in gather(place)["ada"]["1_intuition"].submission.problem


def test_many_stray_files_make_no_long_reason(place, gather):
    (place / "ada").mkdir()
    for number in range(200):
        (place / "ada" / f"{number}{'x' * 200}.ipynb").write_text("x")
    assert len(gather(place)["ada"]["1_intuition"].submission.problem) < 4_000


def test_every_notebook_of_every_hand_in_can_be_written(tmp_path, skeletons, released):
    path = tmp_path / "1_intuition.ipynb"
    path.write_bytes(rb'{"cells": [{"cell_type": "code", "source": "\ud800", "outputs": [{"output_type": []}]}]}')
    for one in clean(Handin("ada", (path,)), released).values():
        nbformat.write(one.notebook, tmp_path / "out.ipynb")
        assert all(isinstance(cell.source, str) for cell in one.submission.cells)
    assert RawCell("code", "").outputs == []
