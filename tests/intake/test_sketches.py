"""A class's archives are looked through at first, and unpacked for each student's turn alone."""

import io
import os
import tarfile
import zipfile

import pytest

from autograder.engines.grading import Grading
from autograder.intake.collect import clean, collect, opened
from autograder.intake.gather import unpacked
from autograder.intake.handed_over import read_class
from autograder.intake.sketches import Sketches
from autograder.run.cluster.prepare import prepare_student
from autograder.run.run import Run
from autograder.run.workers.judged import Written
from tests.intake.intake_files import hand_in

NAME = "1_intuition"
MARK = "*mine*"
NOISE = os.urandom(180_000)


@pytest.fixture
def scratch(tmp_path):
    """Where intake unpacks."""
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture(scope="module")
def data(tmp_path_factory, skeletons):
    """An answered notebook's bytes, with some more that nothing packs smaller."""
    made = hand_in(skeletons[NAME], tmp_path_factory.mktemp("own") / "x.ipynb", MARK).read_bytes()
    return made.rstrip()[:-1] + b', "more": "' + NOISE.hex().encode() + b'"}'


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(**members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def on_disk(folder):
    """Bytes that a folder's files take on the disk."""
    found = {path.lstat().st_ino: path.lstat().st_blocks * 512 for path in folder.rglob("*") if path.is_file()}
    return sum(found.values())


def answered(handin, released):
    """Of which notebooks the student's own answer is graded."""
    cleaned = clean(handin, released).values()
    return {one.submission.notebook for one in cleaned if any(MARK in c.source for c in one.submission.cells)}


STUDENTS = ("ada", "bob", "cyd", "dan")

CLASSES = {
    "a zip of each student": lambda data: {f"{who}.zip": zipped(**{f"{NAME}.ipynb": data}) for who in STUDENTS},
    "a tar of each student": lambda data: {f"{who}.tar.gz": tarred(**{f"{NAME}.ipynb": data}) for who in STUDENTS},
    "a class's zip": lambda data: {"class.zip": zipped(**{f"{who}_{NAME}.ipynb": data for who in STUDENTS})},
    "a class's tar": lambda data: {"class.tar.gz": tarred(**{f"{who}_{NAME}.ipynb": data for who in STUDENTS})},
    "zips in a class's zip": lambda data: {
        "class.zip": zipped(**{f"{who}.zip": zipped(**{f"{NAME}.ipynb": data}) for who in STUDENTS})
    },
    "tars in a class's zip": lambda data: {
        "class.zip": zipped(**{f"{who}.tgz": tarred(**{f"{NAME}.ipynb": data}) for who in STUDENTS})
    },
    "a Canvas export": lambda data: {
        "class.zip": zipped(**{f"{who}_{n}_{n + 100}_{NAME}.ipynb": data for n, who in enumerate(STUDENTS, 10)})
    },
    "zips in a Canvas export": lambda data: {
        "class.zip": zipped(
            **{f"{who}_{n}_{n + 100}_hw.zip": zipped(**{f"{NAME}.ipynb": data}) for n, who in enumerate(STUDENTS, 10)}
        )
    },
}


@pytest.mark.parametrize("kind", CLASSES)
def test_what_is_packed_takes_disk_for_one_student_at_a_time(place, scratch, released, data, kind):
    for name, content in CLASSES[kind](data).items():
        (place / name).write_bytes(content)
    handed_over = sum(path.stat().st_size for path in place.iterdir())
    [*names] = place.iterdir()
    read = read_class(names[0] if len(names) == 1 else place, scratch, released)
    # What cannot be read at any place is packed anew, and so may take as much as what was handed in.
    allowed = (handed_over if "tar" in kind else 0) + 20_000 * len(STUDENTS)
    assert len(read.handins) == len(STUDENTS) and on_disk(scratch) < allowed
    for one in read.handins:
        assert answered(one, released) == {NAME}, kind
        with unpacked(one) as whole:
            assert whole.notebooks[0].read_bytes() == data and not whole.sketches
            assert on_disk(scratch) < allowed + 2 * len(data)
        assert on_disk(scratch) < allowed
        assert answered(one, released) == {NAME}, "who was starved of a processor is judged again"


def test_the_limit_is_for_all_attempts_of_a_student_together(place, scratch, released, data, monkeypatch):
    monkeypatch.setattr("autograder.intake.handed_over.MAX_BYTES", 3 * len(data))
    for number in range(5):
        folder = place / f"ada+{released.name}+2026-01-0{number + 1} 00:00:00.000000 UTC"
        folder.mkdir()
        (folder / "hw.zip").write_bytes(zipped(**{f"{NAME}.ipynb": data}))
    [one] = read_class(place, scratch, released).handins
    attempts = [one, *one.earlier]
    assert [len(attempt.notebooks) for attempt in attempts] == [1, 1, 1, 0, 0]
    assert "too much" in attempts[-1].remarks[0]


def test_loose_files_of_one_student_in_a_classs_zip_are_limited_too(place, scratch, released, data, monkeypatch):
    monkeypatch.setattr("autograder.intake.gather.MAX_BYTES", 2 * len(data))
    files = {f"ada/{number}/{NAME}.ipynb": data for number in range(4)} | {f"bob/{NAME}.ipynb": data}
    (place / "class.zip").write_bytes(zipped(**files))
    ada, bob = collect(place / "class.zip", scratch, released)
    assert len(ada.notebooks) == 2 and len(bob.notebooks) == 1
    assert "would unpack to" in " ".join(ada.remarks) and not bob.remarks


def test_a_bomb_in_a_classs_zip_costs_its_student_alone(place, scratch, released, data, monkeypatch):
    monkeypatch.setattr("autograder.intake.gather.MAX_BYTES", 50_000_000)
    with zipfile.ZipFile(place / "class.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"bob/{NAME}.ipynb", data)
        for number in range(12):
            archive.writestr(f"ada/{number}.ipynb", bytes(6_000_000))
    found = {one.student: one for one in collect(place / "class.zip", scratch, released)}
    assert answered(found["bob"], released) == {NAME}
    assert on_disk(scratch) < 100_000
    assert len(found["ada"].notebooks) == 8  # of 6 MB each


def test_what_turns_out_to_be_damaged_at_its_turn_is_named_and_costs_nothing_else(
    place, scratch, released, data, monkeypatch
):
    monkeypatch.setattr("autograder.intake.unpack.CHECKED_BYTES", 0)
    packed = bytearray(zipped(**{f"{NAME}.ipynb": data, "2_compound_scaling.ipynb": data}))
    packed[30_000:30_100] = bytes(100)
    (place / "ada.zip").write_bytes(packed)
    [one] = collect(place, scratch, released)
    assert len(one.notebooks) == 2
    with unpacked(one) as whole:
        assert [path.name for path in whole.notebooks] == ["2_compound_scaling.ipynb"]
        assert whole.remarks[0].startswith(f"{NAME}.ipynb cannot be unpacked (")
    monkeypatch.undo()
    [again] = collect(place, scratch / "again", released)
    assert [path.name for path in again.notebooks] == ["2_compound_scaling.ipynb"], "a small one is known at once"
    assert again.remarks[0].startswith(f"{NAME}.ipynb cannot be unpacked (")


@pytest.mark.tool
def test_a_change_within_a_file_that_was_not_looked_through_is_a_change(place, scratch, released, data, monkeypatch):
    monkeypatch.setattr("autograder.intake.unpack.CHECKED_BYTES", 0)
    run = Run(place, Grading(scratch / "results", released, 1, "none"), "nbgrader", scratch, 1)
    written, digests = Written("of the run", frozenset({"ada"})), set()
    for number, content in enumerate((data, data, data.replace(MARK.encode(), MARK.upper().encode()))):
        with zipfile.ZipFile(place / "ada.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo(f"{NAME}.ipynb"), content)  # of 1980 each time
        own = scratch / str(number)
        [one] = collect(place, own, released)
        digests.add(prepare_student(run, own, written, one).made_of)
    assert len(digests) == 2 and "" not in digests


def test_a_students_file_with_the_name_of_a_classs_metadata_takes_no_disk(place, scratch, released, data):
    big = {f"{n}/submission_metadata.yml": bytes(5_000_000) for n in range(3)}
    inside = {f"assignment_1_export/submission_7/{name}": content for name, content in big.items()}
    told = b":submissions:\n"
    (place / "ada.zip").write_bytes(zipped(**{f"{NAME}.ipynb": data}, **big))
    (place / "bob.tgz").write_bytes(tarred(**{f"{NAME}.ipynb": data}, **big))
    assert len(read_class(place, scratch, released).handins) == 2
    assert on_disk(scratch) < 3 * len(data)
    export = place / "class.zip"
    export.write_bytes(zipped(**{"assignment_1_export/submission_metadata.yml": told}, **inside))
    folder, _ = opened(export, scratch / "export", Sketches(scratch / "packed-anew"))
    assert (folder / "assignment_1_export" / "submission_metadata.yml").read_bytes() == told
    assert on_disk(scratch / "export") < 100_000
