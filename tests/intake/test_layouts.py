"""Each learning-management system's export gives the same six students, and as much of times as it tells."""

import shutil
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.errors import NothingHandedIn, WrongCall
from autograder.intake.collect import clean
from autograder.intake.handed_over import ClassHandins, read_class
from autograder.intake.roster import read_roster
from tests.lms_files import (
    ADA,
    EMILE,
    JEAN,
    LATE,
    LAYOUTS,
    MARY,
    MAX,
    ON_TIME,
    OTHER_MAX,
    PEOPLE,
    ROSTER,
    Handed,
    class_of,
    write,
    zipped,
)
from tests.tiny import FIRST, SECOND, UPPER, hand_in

LOCAL = timedelta(hours=1)
TIMES = {"gradescope": 0, "inbound": 0, "submitted": 0, "blackboard": LOCAL, "brightspace": LOCAL}
"""Systems that tell when: in UTC, or without a zone."""
ALL_ATTEMPTS = {"canvas", "gradescope", "blackboard", "brightspace", "inbound", "own zips"}
OWN_IDS = {"inbound", "submitted", "hub", "own zips"}


@pytest.fixture(scope="module")
def handed(tiny, tmp_path_factory):
    """The class's attempts."""
    return class_of(tiny, tmp_path_factory.mktemp("class"))


@dataclass(frozen=True)
class Reader:
    """Writes and reads a class in `folder`."""

    folder: Path
    course: object

    def __call__(self, layout: str, handed: list[Handed], unpacked: bool = False, **options) -> ClassHandins:
        place = write(layout, handed, self.folder / "class.zip")
        if unpacked:
            with zipfile.ZipFile(place) as archive:
                archive.extractall(self.folder / "class")
            place = self.folder / "class"
        return self.read(place, **options)

    def read(self, place: Path, **options) -> ClassHandins:
        scratch = self.folder / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        return read_class(place, scratch, self.course, **options)


@pytest.fixture
def read(tmp_path, tiny):
    return Reader(tmp_path, tiny)


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8", newline="")
    return read_roster(path)


@pytest.mark.parametrize("unpacked", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_class_of_six_is_six_students(layout, unpacked, read, handed, roster):
    found = read(layout, handed, unpacked, roster=roster)
    by_student = {one.student: one for one in found.handins}
    assert set(by_student) == {one.id for one in PEOPLE} and len(found.handins) == 6
    assert not found.absent and not found.remarks
    assert found.system == ("folders" if layout in ("submitted", "hub", "own zips") else layout.split()[0])
    for person in PEOPLE:
        one = by_student[person.id]
        assert (one.origin.name, one.origin.section) == (person.name, "AB"[person.number % 2])
        wanted = {f"{FIRST}.ipynb"} if person in (OTHER_MAX, MARY) else {f"{FIRST}.ipynb", f"{SECOND}.ipynb"}
        assert {path.name.removeprefix(f"{person.id}_") for path in one.notebooks} == wanted
        assert one.origin.attempts == (2 if person == JEAN and layout in ALL_ATTEMPTS else 1)
        assert bool(one.attachments) == (person in (ADA, MAX) or (person == JEAN and layout in ("canvas", "own zips")))
    for person in PEOPLE:
        origin = by_student[person.id].origin
        when = LATE if person == EMILE else ON_TIME
        if layout in TIMES:
            wanted = when + TIMES[layout] if TIMES[layout] else when.replace(tzinfo=UTC)
            assert origin.handed_in == wanted
        else:
            assert origin.handed_in is None
        assert origin.late == ((person == EMILE) if layout == "canvas" else None)
    groups = {name: one.origin.group for name, one in by_student.items() if one.origin.group}
    assert groups == ({"max2": (MARY.name,), "mary": (OTHER_MAX.name,)} if layout == "gradescope" else {})


@pytest.mark.parametrize("layout", LAYOUTS)
def test_without_a_roster_they_are_called_as_the_system_tells_them_apart(layout, read, handed):
    students = {one.student for one in read(layout, handed).handins}
    add = 1000000 if layout.startswith("moodle") else 0
    wanted = {f"{one.number + add}{'_x' * (layout == 'blackboard')}" for one in PEOPLE}
    assert students == ({one.id for one in PEOPLE} if layout in OWN_IDS else wanted)


@pytest.mark.parametrize("layout", ["gradescope", "blackboard", "brightspace", "inbound"])
def test_the_newest_attempt_counts_and_the_older_one_is_named(layout, read, handed, roster):
    jean = next(one for one in read(layout, handed, roster=roster).handins if one.student == JEAN.id)
    [older] = [remark for remark in jean.origin.remarks if remark.startswith("the attempt of 2026-11-19")]
    zone = " UTC" if layout in ("gradescope", "inbound") else ""
    assert f":59{zone} is not graded" in older and SECOND in older and len(jean.earlier) == 1


def test_the_newest_attempt_that_was_on_time_counts_if_the_course_says_so(read, handed):
    late = [*handed, Handed(JEAN, handed[0].files, LATE, again=2)]
    on_time = lambda student, origin: origin.handed_in.replace(tzinfo=UTC) < LATE.replace(tzinfo=UTC)  # noqa: E731
    for choose, wanted in ((None, LATE), (on_time, ON_TIME)):
        found = read("gradescope", late, on_time=choose)
        jean = next(one for one in found.handins if one.student == str(JEAN.number))
        assert jean.origin.handed_in == wanted.replace(tzinfo=UTC) and jean.origin.attempts == 3
        assert sum("is not graded" in remark for remark in jean.origin.remarks) == 2


def test_canvas_names_what_a_newer_file_has_replaced(read, tiny, handed):
    jean = next(one for one in read("canvas", handed).handins if one.student == str(JEAN.number))
    both = "(in attempt 2) and 1_averages.ipynb (in attempt 1) both are 1_averages, with different answers: the newer"
    assert any(both in note for note in clean(jean, tiny)[FIRST].submission.notes)
    assert "largest.txt is of an older attempt, and is graded, as no newer one has it" in jean.origin.remarks


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("newer", "said"),
    [
        *(("blank", "(in attempt 2) has no answers"), ("cut off", "was cut off")),
        *(("other answers", "the newer"), ("fewer answers", "the newer")),
    ],
)
def test_in_canvas_the_newest_counts_that_has_answers(newer, said, packed, read, tiny, handed, tmp_path):
    name = f"{FIRST}.ipynb"
    hand_in(tiny, tmp_path / "blank", {}, FIRST)
    hand_in(tiny, tmp_path / "fewer", UPPER, FIRST)
    answered = handed[0].files[name]
    datas = {
        "blank": (tmp_path / "blank" / name).read_bytes(),
        "cut off": answered[:-900],
        "other answers": handed[2].files[name],
        "fewer answers": (tmp_path / "fewer" / name).read_bytes(),
    }
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for again, data in enumerate((answered, datas[newer])):
            number = f"-{again}" if again else ""
            if packed:
                archive.writestr(f"a_7_{again + 5}_tiny{number}.zip", zipped({name: data}))
            else:
                archive.writestr(f"a_7_{again + 5}_{FIRST}{number}.ipynb", data)
    (one,) = read.read(tmp_path / "class.zip").handins
    first = clean(one, tiny)[FIRST].submission
    source = next(cell.source for cell in first.cells if cell.id == "q1-median")
    assert (source == UPPER["q1-median"]) == newer.endswith("answers") and not first.problem
    assert any(said in note for note in first.notes)


def test_an_online_text_alone_is_a_student_whose_text_is_named(read, handed):
    texts = [one for one in handed if one.person != EMILE]
    emile = next(one for one in read("canvas", texts).handins if one.student == str(EMILE.number))
    assert emile.notebooks == () and emile.origin.remarks == ("an online text is not graded",) and emile.origin.late


def test_anonymous_grading_in_canvas_keeps_people_apart(read, tmp_path, handed):
    with zipfile.ZipFile(tmp_path / "anonymous.zip", "w") as archive:
        for number, who in enumerate(("aB3xY", "Qq9Zz", "12345")):
            archive.writestr(f"anon_{who}_{678901 + number}_{FIRST}.ipynb", handed[0].files[f"{FIRST}.ipynb"])
    found = read.read(tmp_path / "anonymous.zip")
    assert {one.student for one in found.handins} == {"aB3xY", "Qq9Zz", "12345"} and found.system == "canvas"


@pytest.mark.parametrize("head", ["t_ada_attempt_2026-11-{}-21-59-00_", "9-47 - Ada B - Nov {}, 2026 959 PM/"])
@pytest.mark.parametrize(("name", "what"), [("tiny.rar", "is a RAR archive"), ("x.html", "is a web page")])
def test_a_newer_attempt_that_cannot_be_read_is_named_with_the_cause(head, name, what, read, tiny, tmp_path):
    place = files_at(tmp_path / "class.zip", f"{head.format(20)}{FIRST}.ipynb", f"{head.format(21)}{name}")
    (one,) = read.read(place).handins
    said = f"the attempt of 2026-11-21 21:59 is not graded (without a notebook. {name} {what}"
    assert any(remark.startswith(said) for remark in one.origin.remarks)
    assert said in clean(one, tiny)[FIRST].submission.problem


def test_a_student_in_two_groups_gets_the_newer_ones_and_it_is_said(read, handed):
    files = handed[0].files
    both = [
        Handed(ADA, files, ON_TIME - timedelta(hours=5), group=(MARY,)),
        Handed(MARY, files, ON_TIME, group=(MAX,)),
    ]
    found = {one.student: one for one in read("gradescope", both).handins}
    assert len(found) == 3
    mary = found[str(MARY.number)].origin
    assert mary.group == (MAX.name,) and f"was in another group before, with {ADA.name}" in mary.remarks


def test_gradescope_numbers_keep_their_zeros_and_an_address_finds_a_number(read, tmp_path, handed):
    data = handed[0].files[f"{FIRST}.ipynb"]
    told = (
        "---\nsubmission_1:\n  :submitters:\n  - :name: A\n    :sid: 0012\n    :email: A@x.org\n"
        "  :created_at: 2026-11-20 10:00:00.000000000 Z\n"
        "submission_2:\n  :submitters:\n  - :name: A\n    :sid:\n    :email: a@x.org\n"
        "  :created_at: 2026-11-20 12:00:00.000000000 Z\n"
        "submission_3:\n  :submitters:\n  - :name: B\n    :sid: 12\n    :email: b@x.org\n"
        "  :created_at: 2026-11-20 12:00:00.000000000 Z\n  :history:\n  - :created_at: 2026-11-19\n"
        "submission_4:\n  :submitters:\n  - :name: C\n    :email: C@x.org\n"
        "submission_5:\n  :submitters:\n  - :name: C\n    :email: c@X.org\n"
    )
    with zipfile.ZipFile(tmp_path / "g.zip", "w") as archive:
        archive.writestr("assignment_1_export/submission_metadata.yml", told)
        for number in (1, 2, 3, 4, 5):
            archive.writestr(f"assignment_1_export/submission_{number}/{FIRST}.ipynb", data)
    found = {one.student: one for one in read.read(tmp_path / "g.zip").handins}
    assert {name: one.origin.attempts for name, one in found.items()} == {"0012": 2, "12": 2, "C@x.org": 2}


def test_a_students_own_name_that_looks_like_canvas_stays_the_students(read, tmp_path, handed):
    place = tmp_path / "flat"
    place.mkdir()
    for who in ("ada", "zoe"):
        (place / f"{who}_{FIRST}.ipynb").write_bytes(handed[0].files[f"{FIRST}.ipynb"])
    found = read.read(place)
    assert ({one.student for one in found.handins}, found.system) == ({"ada", "zoe"}, "folders")


@pytest.mark.parametrize(
    "names",
    [
        ("s_1_7_1_averages.ipynb", "s_1_8_1_averages.ipynb"),
        ("s_1_7_tiny.zip", "s_1_8_tiny.zip"),
        ("ab_2026_7_1_averages.ipynb", "cd_2026_8_2_spread.ipynb"),
        ("s_1_7_1_averages.ipynb", "s_1_7_2_spread.ipynb"),
    ],
)
def test_ids_that_look_like_canvas_are_the_rosters_or_must_be_told(names, read, tmp_path):
    place = files_at(tmp_path / "class.zip", *names)
    with pytest.raises(
        NothingHandedIn, match=r"class.zip: cannot tell who handed in: .* say --from canvas or --from fol"
    ):
        read.read(place)
    own = sorted({"_".join(name.split("_")[:3]) for name in names})
    (tmp_path / "r.csv").write_text("\n".join(["student", *own]))
    for options in ({"roster": read_roster(tmp_path / "r.csv")}, {"system": "folders"}):
        found = read.read(place, **options)
        assert [one.student for one in found.handins] == own and found.system == "folders"
    assert read.read(place, system="canvas").system == "canvas"


def test_files_of_one_name_and_user_are_not_canvas_whatever_they_are_called(read, tmp_path):
    with pytest.raises(NothingHandedIn, match="say --from canvas or --from folders"):
        read.read(files_at(tmp_path / "class.zip", "s_1_7_hw.zip", "s_1_8_hw.zip"))


def test_no_attachment_of_canvas_has_a_number_that_begins_with_a_zero(read, tmp_path):
    ids = [f"s_2026_00{number}" for number in (1, 2, 3)]
    found = read.read(files_at(tmp_path / "class.zip", *(f"{one}_{FIRST}.ipynb" for one in ids)))
    assert [one.student for one in found.handins] == ids


def test_an_entry_that_is_nobodys_is_named(read, tmp_path, handed):
    place = write("canvas", handed, tmp_path / "class.zip")
    with zipfile.ZipFile(place, "a") as archive:
        archive.writestr("whose.ipynb", b"{}")
    assert read.read(place).remarks == ("whose.ipynb belongs to no student, and was left out",)


def test_one_student_of_a_class_can_be_graded_alone(read, tmp_path, handed):
    inner = tmp_path / "class" / "s002" / "tiny"
    inner.mkdir(parents=True)
    for name, data in handed[0].files.items():
        (inner / name).write_bytes(data)
    for place in (inner, inner.parent, inner.parent.parent):
        assert [one.student for one in read.read(place).handins] == ["s002"]
    packed = tmp_path / "s002_tiny (1).zip"
    packed.write_bytes(zipped(handed[0].files))
    assert [one.student for one in read.read(packed).handins] == ["s002"]


def test_a_timestamp_that_a_student_wrote_is_not_believed(read, tmp_path, handed):
    for who, files in (("ada", handed[0].files), ("zip", {"z.zip": zipped({"tiny/x": b"", **handed[0].files})})):
        (tmp_path / "hub" / who).mkdir(parents=True)
        for name, data in (files | {"timestamp.txt": b"2020-01-01 00:00:00 UTC"}).items():
            (tmp_path / "hub" / who / name).write_bytes(data)
    assert [one.origin.handed_in for one in read.read(tmp_path / "hub").handins] == [None, None]


def test_a_link_to_a_folder_is_not_followed(read, tmp_path, handed):
    place = tmp_path / "class"
    secret = tmp_path / "secret"
    for folder in (place, secret):
        folder.mkdir()
    (secret / f"{FIRST}.ipynb").write_bytes(handed[0].files[f"{FIRST}.ipynb"])
    own = place / "Ada_12_assignsubmission_file"
    own.mkdir()
    (own / f"{FIRST}.ipynb").write_bytes(handed[0].files[f"{FIRST}.ipynb"])
    (place / "Eve_13_assignsubmission_file").symlink_to(secret)
    found = {one.student: one for one in read.read(place).handins}
    assert found["13"].notebooks == () and "symbolic link" in found["13"].origin.remarks[0]


@pytest.mark.parametrize("layout", ["canvas", "moodle", "gradescope", "blackboard", "brightspace"])
def test_an_export_of_another_assignment_is_refused_in_one_line(layout, read, handed):
    other = [Handed(one.person, {"homework7.ipynb": b'{"cells": []}'}, one.when, again=one.again) for one in handed]
    with pytest.raises(NothingHandedIn, match="is it another assignment") as problem:
        read(layout, other)
    assert "\n" not in str(problem.value)


def test_from_takes_a_systems_name_and_says_when_it_does_not_fit(read, handed):
    assert len(read("moodle", handed, system="moodle").handins) == 6
    with pytest.raises(WrongCall, match=r"nothing in .* is named as gradescope names"):
        read("moodle", handed, system="gradescope")
    with pytest.raises(WrongCall, match="no such system; it is one of gradescope"):
        read("moodle", handed, system="ilias")


def test_nobody_disappears_and_nobody_is_invented_by_a_roster(read, handed, roster, tmp_path):
    text = ROSTER.replace(f"ada;{ADA.name}", f"zoe;{ADA.name}").replace(f";{ADA.number};", ";99;")
    (tmp_path / "other.csv").write_text(text, encoding="utf-8")
    found = read("canvas", handed, roster=read_roster(tmp_path / "other.csv"))
    by_student = {one.student: one for one in found.handins}
    assert len(by_student) == 6 and str(ADA.number) in by_student and [one.student for one in found.absent] == ["zoe"]
    assert by_student[str(ADA.number)].origin.listed is False
    assert "is not in other.csv" in by_student[str(ADA.number)].origin.remarks


def test_the_id_of_a_system_never_becomes_that_of_someone_else(read, handed, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(f"student,canvas\n{ADA.number},77\n{MAX.number},{MAX.number}\n", encoding="utf-8")
    found = read("canvas", handed, roster=read_roster(path))
    students = {one.student for one in found.handins}
    assert f"canvas-{ADA.number}" in students and str(ADA.number) not in students and len(students) == 6


def test_nor_does_the_id_that_it_gets_instead(read, tmp_path):
    names = (f"{who}_{number}_assignsubmission_file/{FIRST}.ipynb" for who, number in (("Ada", 2), ("Bob", 3)))
    (tmp_path / "r.csv").write_text("student,moodle\n2,\nmoodle-2,\n3,3\n")
    found = read.read(files_at(tmp_path / "class.zip", *names), roster=read_roster(tmp_path / "r.csv"))
    assert [one.student for one in found.handins] == ["3", "moodle-moodle-2"]
    assert [one.student for one in found.absent] == ["2", "moodle-2"]


def test_what_hand_in_writes_is_found_in_the_roster(read, handed, tmp_path):
    from notebook_checks.handing_in import Assignment, _default_name

    path = tmp_path / "r.csv"
    path.write_text("student,name\nAda L.,Ada\nJ. O'Neil,Jean\nzoë_2,Zoë\n", encoding="utf-8")
    (tmp_path / "zips").mkdir()
    for student in ("Ada L.", "J. O'Neil", "zoë_2"):
        name = _default_name(Assignment("tiny", ()), student)
        (tmp_path / "zips" / name).write_bytes(zipped(handed[0].files))
    found = read.read(tmp_path / "zips", roster=read_roster(path))
    assert {one.student for one in found.handins} == {"Ada L.", "J. O'Neil", "zoë_2"} and not found.absent


def test_what_has_no_students_name_is_nobodys(read, tmp_path, handed):
    place = tmp_path / "class"
    place.mkdir()
    for name in ("ada_tiny.zip", "tiny (1).zip"):
        (place / name).write_bytes(zipped(handed[0].files))
    found = read.read(place)
    assert [one.student for one in found.handins] == ["ada"]
    assert found.remarks == ("tiny (1).zip belongs to no student, and was left out",)
    (tmp_path / "tiny.zip").write_bytes(zipped(handed[0].files))
    with pytest.raises(NothingHandedIn, match="has no student's name on it"):
        read.read(tmp_path / "tiny.zip")


def test_folders_of_other_assignments_and_a_release_beside_students_are_no_students(read, tmp_path, handed):
    files = handed[0].files
    home = tmp_path / "s002"
    for place in (home / "tiny", home / "ps1"):
        place.mkdir(parents=True)
        (place / f"{FIRST if place.name == 'tiny' else 'other'}.ipynb").write_bytes(files[f"{FIRST}.ipynb"])
    assert [one.student for one in read.read(home).handins] == ["s002"]
    for place in (tmp_path / "class" / "ada", tmp_path / "class" / "tiny"):
        place.mkdir(parents=True)
        (place / f"{FIRST}.ipynb").write_bytes(files[f"{FIRST}.ipynb"])
    found = read.read(tmp_path / "class")
    assert [one.student for one in found.handins] == ["ada"]
    assert found.remarks == ("tiny belongs to no student, and was left out",)


EMPTY = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def files_at(place: Path, *names: str) -> Path:
    """A zip of empty notebooks, of zips with one, and of files that are neither."""
    data = {".zip": zipped({f"{FIRST}.ipynb": EMPTY}), ".rar": b"x", ".html": b"x"}
    with zipfile.ZipFile(place, "w") as archive:
        for name in names:
            archive.writestr(name, data.get(Path(name).suffix, EMPTY))
    return place


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    "names", [("zoé/1_averages.ipynb", "{}/2_spread.ipynb"), ("zoé_1_averages.ipynb", "{}_2_spread.ipynb")]
)
def test_an_accent_written_apart_makes_no_second_student_and_is_found_in_the_roster(names, read, tmp_path):
    place = files_at(tmp_path / "class.zip", *(name.format(nfd("zoé")) for name in names))
    (tmp_path / "roster.csv").write_text(f"student,section\n{nfd('Zoé')},A\n", encoding="utf-8")
    for roster in (None, read_roster(tmp_path / "roster.csv")):
        found = read.read(place, roster=roster)
        (one,) = found.handins
        assert one.student.casefold() == "zoé" and len(one.notebooks) == 2
        assert roster is None or (one.origin.section == "A" and not found.absent)


def test_a_time_is_found_below_a_folder_whose_accent_is_written_apart(read, tmp_path):
    for name in (nfd("zoé"), "ada"):
        folder = tmp_path / "submitted" / name / "tiny"
        folder.mkdir(parents=True)
        (folder / f"{FIRST}.ipynb").write_bytes(EMPTY)
        (folder / "timestamp.txt").write_text("2026-11-20 21:59:00 UTC")
    handins = read.read(tmp_path / "submitted").handins
    assert {one.student: one.origin.handed_in for one in handins} == dict.fromkeys(
        ("ada", "zoé"), ON_TIME.replace(tzinfo=UTC)
    )


def test_an_accent_written_apart_makes_no_second_user_of_an_lms(read, tmp_path):
    names = [f"tiny_{who}_attempt_2026-11-{day}-22-00-00_{FIRST}.ipynb" for who, day in (("zoé", 20), (nfd("zoé"), 21))]
    (one,) = read.read(files_at(tmp_path / "class.zip", *names)).handins
    assert (one.student, one.origin.attempts, one.origin.handed_in.day) == ("zoé", 2, 21)


@pytest.mark.parametrize(
    ("outer", "inner", "students"),
    [
        ("Eve_99_assignsubmission_file_", "Ada_12_assignsubmission_file_", ["12", "99"]),
        ("t_eve_attempt_2026-11-20-21-59-00_", "t_ada_attempt_2026-11-22-21-59-00_", ["ada", "eve"]),
        ("evil_99_678_", "ada_12_677_", ["12", "99"]),
        ("99-47 - Eve - Nov 20, 2026 959 PM - ", "12-47 - Ada - Nov 21, 2026 959 PM - ", ["12", "99"]),
    ],
)
def test_a_files_own_name_does_not_tell_whose_it_is(outer, inner, students, read, tmp_path):
    place = files_at(tmp_path / "class.zip", f"{inner}{FIRST}.ipynb", f"{outer}{inner}{FIRST}.ipynb")
    found = read.read(place)
    assert [(one.student, len(one.notebooks)) for one in found.handins] == [(one, 1) for one in students]


@pytest.mark.parametrize(
    "names", [["1", ".1", "1_averages.ipynb"], ["0", "2", "2", "1_averages.ipynb", "1_averages.ipynb"]]
)
def test_files_of_one_name_all_are_a_students_whatever_they_are_called(names, read, tmp_path):
    data = [f"a_7_{number}_{name}" for number, name in enumerate(names, 10)]
    (one,) = read.read(files_at(tmp_path / "class.zip", *data), system="canvas").handins
    assert one.student == "7" and len(one.notebooks) == len(names)


def test_blackboard_users_with_underscores_stay_apart_where_no_text_tells_the_assignment(read, tmp_path):
    names = [f"HW 1_{who}_lee_attempt_2026-11-20-22-00-00_{FIRST}.ipynb" for who in ("ann", "bo")]
    assert [one.student for one in read.read(files_at(tmp_path / "class.zip", *names)).handins] == ["ann_lee", "bo_lee"]


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("3 November, 2026 1159 PM", datetime(2026, 11, 3, 23, 59)),
        ("3 nov. 2026 2359", datetime(2026, 11, 3, 23, 59)),
        ("3 décembre 2026 2359", datetime(2026, 12, 3, 23, 59)),
        ("3 prosince 2026 2359", None),
    ],
)
def test_brightspace_in_another_language_has_the_same_students_if_not_the_same_times(said, when, read, tmp_path):
    names = [f"{number}-47 - Ada B - {said}/{FIRST}.ipynb" for number in (23, 24)]
    found = read.read(files_at(tmp_path / "class.zip", *names))
    assert found.system == "brightspace"
    assert [(one.student, one.origin.handed_in) for one in found.handins] == [("23", when), ("24", when)]


@pytest.mark.parametrize("metadata", [None, "", "submission_3:\n  :submitters:\n  - :sid: 3\n"])
def test_gradescopes_folders_that_no_metadata_name_are_no_students(metadata, read, tmp_path):
    place = files_at(tmp_path / "class.zip", *(f"submission_{number}/{FIRST}.ipynb" for number in (1, 2)))
    if metadata is not None:
        with zipfile.ZipFile(place, "a") as archive:
            archive.writestr("submission_metadata.yml", metadata)
    with pytest.raises(WrongCall, match=r"submission_1 and others: Gradescope's submission_metadata.yml"):
        read.read(place)


@pytest.mark.parametrize("numbers", [("N/A", "N/A", "7"), ("é", nfd("é"), "7")])
def test_a_number_in_gradescope_that_several_addresses_have_is_nobodys(numbers, read, tmp_path):
    place = files_at(tmp_path / "class.zip", *(f"submission_{number}/{FIRST}.ipynb" for number in (1, 2, 3)))
    told = zip(numbers, ("ada@x.org", "bob@x.org", "ADA@x.org"), strict=True)
    with zipfile.ZipFile(place, "a") as archive:
        archive.writestr(
            "submission_metadata.yml",
            "".join(
                f"submission_{at}:\n  :submitters:\n  - :sid: {number}\n    :email: {email}\n"
                for at, (number, email) in enumerate(told, 1)
            ),
        )
    assert {one.student: one.origin.attempts for one in read.read(place).handins} == {"7": 2, "bob@x.org": 1}


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["week 3/team/1_averages.ipynb"], "week 3 seems to be no student, as it holds only what is named team"),
        (["A/ada/1_averages.ipynb", "A/bob/1_averages.ipynb", "B/eve/1_averages.ipynb"], "named ada, bob"),
        (["A/ada_1_averages.ipynb", "A/bob_1_averages.ipynb", "B/eve_1_averages.ipynb"], "named ada, bob"),
        (["A/ada_tiny.zip", "A/bob_tiny.zip", "B/eve_tiny.zip", "B/kim_tiny.zip"], "named ada, bob"),
        (["week 3/ada/1_averages.ipynb", "week 4/ada/1_averages.ipynb"], "named ada;"),
        (["ada_1_averages.ipynb", "Tue/bob/1_averages.ipynb", "Tue/eve/1_averages.ipynb"], "Tue seems to be no"),
        (["ada_1_averages.ipynb", "section A/eve/1_averages.ipynb"], "section A seems to be no student"),
        (["ada.zip", "bob.zip", "A/eve_1_averages.ipynb", "A/kim_1_averages.ipynb"], "A seems to be no student"),
        (["ada/1_averages.ipynb", "group 2/eve/1_averages.ipynb"], "group 2 seems to be no student"),
        (["students/eve/1_averages.ipynb", "students/bob/1_averages.ipynb", "ta/1_averages.ipynb"], "named bob, eve"),
        (["class/work/1_averages.ipynb"], "work and class seem to be no students"),
        (["1_averages_ada.ipynb", "1_averages_bob.ipynb", "2_spread_bob.ipynb"], "names stand ada, bob;"),
        (["tiny-ada.zip", "tiny-bob.tar.gz", "tiny-cy.7z"], "names stand ada, bob, cy;"),
        (["1_averages.ipynb", "1_averages ada.ipynb", "1_averages (bob).ipynb"], "names stand ada, bob;"),
        (["A/1_averages_ada.ipynb", "A/1_averages_bob.ipynb", "B/1_averages_eve.ipynb"], "named ada, bob"),
        (["autumn/1_averages.ada.ipynb", "autumn/1_averages.bob.ipynb"], "named ada, bob"),
    ],
)
def test_folders_of_sections_weeks_or_groups_are_no_students(names, told, read, tmp_path):
    with pytest.raises(NothingHandedIn) as problem:
        read.read(files_at(tmp_path / "class.zip", *names))
    assert told in str(problem.value) and "\n" not in str(problem.value)


@pytest.mark.parametrize(
    "names",
    [
        ["handins/tiny/ada/1_averages.ipynb"],
        ["autumn/tiny/ada/1_averages.ipynb"],
        ["handins/1_averages.ipynb"],
        ["my hand-ins/1_averages_ada.ipynb"],
        ["tiny/course.toml", "tiny/notebooks/1_averages.ipynb", "tiny/grading/1_averages.ipynb"],
    ],
)
def test_what_has_the_name_of_a_class_or_of_nobody_is_no_student(names, read, tmp_path):
    shutil.unpack_archive(files_at(tmp_path / "export.zip", *names), tmp_path)
    with pytest.raises(NothingHandedIn, match=r"cannot tell who handed in|is a course") as problem:
        read.read(tmp_path / names[0].split("/")[0])
    assert "\n" not in str(problem.value)
    if "hand" in names[0]:
        with pytest.raises(NothingHandedIn, match="seems to be no student"):
            read.read(tmp_path / "export.zip")


@pytest.mark.parametrize("name", ["submissions.zip", "submissions (3).zip", "Class_2026.zip", "homework1.zip"])
def test_an_archive_of_notebooks_that_is_called_as_a_class_is_has_no_student(name, read, tmp_path):
    place = files_at(tmp_path / name, "1_averages.ipynb")
    with pytest.raises(NothingHandedIn, match="seems to be no student"):
        read.read(place)
    (tmp_path / "r.csv").write_text(f"student\n{Path(name).stem}\n")
    assert len(read.read(place, roster=read_roster(tmp_path / "r.csv")).handins) == 1


@pytest.mark.parametrize("student", ["homework_ada", "mclassen", "student1", "12345", "handy", "team 3"])
def test_who_is_called_nearly_as_a_class_is_a_student(student, read, tmp_path):
    place = files_at(tmp_path / f"{student}.zip", "1_averages.ipynb")
    assert [one.student for one in read.read(place).handins] == [student]


def test_a_notebook_beside_a_students_folder_is_nobodys(read, tmp_path):
    shutil.unpack_archive(
        files_at(tmp_path / "e.zip", "autumn/1_averages.ipynb", "autumn/bob/1_averages.ipynb"), tmp_path
    )
    found = read.read(tmp_path / "autumn")
    assert [one.student for one in found.handins] == ["bob"]
    assert found.remarks == ("1_averages.ipynb belongs to no student, and was left out",)


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["ada/old/1_averages.ipynb", "ada/new/1_averages.ipynb", "bob/1_averages.ipynb"], ["ada", "bob"]),
        (["ada/work/1_averages.ipynb", "bob/work/1_averages.ipynb"], ["ada", "bob"]),
        (["ada/old/1_averages.ipynb", "ada/work/1_averages.ipynb", "bob/work/1_averages.ipynb"], ["ada", "bob"]),
        (["ada/part 1/1_averages.ipynb", "ada/part 2/2_spread.ipynb"], ["ada"]),
        (["team 1/1_averages.ipynb", "team 2/1_averages.ipynb"], ["team 1", "team 2"]),
        (["group 1/tiny/1_averages.ipynb"], ["group 1"]),
        (["ada/copy_1_averages.ipynb", "ada/last_1_averages.ipynb", "bob/last_1_averages.ipynb"], ["ada", "bob"]),
        (["ada/ada_1_averages.ipynb", "ada/old_1_averages.ipynb", "bob/bob_1_averages.ipynb"], ["ada", "bob"]),
        (["ada_1_averages.ipynb", "bob/old/1_averages.ipynb", "bob/new/1_averages.ipynb"], ["ada", "bob"]),
        (["ada/1_averages.ipynb", "bob/first/1_averages.ipynb", "bob/last/1_averages.ipynb"], ["ada", "bob"]),
        (["s1/1_averages_ada.ipynb", "s2/1_averages_bob.ipynb", "s2/1_averages_bob_v3.ipynb"], ["s1", "s2"]),
    ],
)
def test_students_may_have_folders_of_their_own(names, students, read, tmp_path):
    files_at(tmp_path / "class.zip", *names)
    shutil.unpack_archive(tmp_path / "class.zip", tmp_path / "class")
    assert [one.student for one in read.read(tmp_path / "class").handins] == students


@pytest.mark.parametrize(
    "names",
    [
        ["work/1_averages.ipynb"],
        ["home/jovyan/work/1_averages.ipynb"],
        ["1_averages.ipynb", "old/1_averages.ipynb"],
        ["notebooks/1_averages.ipynb", "backup/1_averages.ipynb"],
        ["part 1/1_averages.ipynb", "part 2/2_spread.ipynb"],
        ["1_averages_old.ipynb", "1_averages_final_v2.ipynb", "1_averages-LAPTOP-AB12.ipynb", "2_spread (1).ipynb"],
        ["1_averages-DESKTOP-XY9.ipynb", "1_averages (B's conflicted copy 2026-11-20).ipynb", "1_averages.1.ipynb"],
        ["1_averages_ada.ipynb", "2_spread_ada final.ipynb", "1_averages - Copy (2).ipynb", "1_averages_2.ipynb"],
    ],
)
def test_folders_that_a_student_works_in_are_no_students(names, read, tmp_path):
    files_at(tmp_path / "ada.zip", *names)
    files_at(tmp_path / "class.zip", *(f"ada/{name}" for name in names))
    shutil.unpack_archive(tmp_path / "ada.zip", tmp_path / "ada")
    for place in ("ada.zip", "class.zip", "ada"):
        assert [one.student for one in read.read(tmp_path / place).handins] == ["ada"], place


@pytest.mark.parametrize("ids", [["v001", "v002", "v117"], ["v1234567", "v1234568"], ["project12", "project13"]])
def test_ids_of_students_that_look_like_a_place_to_work_in_are_students(ids, read, tmp_path):
    place = files_at(tmp_path / "class.zip", *(f"{one}/1_averages.ipynb" for one in ids))
    assert [one.student for one in read.read(place).handins] == ids


def test_a_folder_to_work_in_beside_students_is_nobodys_unless_the_roster_has_it(read, tmp_path):
    place = files_at(tmp_path / "class.zip", "ada/1_averages.ipynb", "bob/1_averages.ipynb", "old/1_averages.ipynb")
    found = read.read(place)
    assert [one.student for one in found.handins] == ["ada", "bob"]
    assert found.remarks == ("old belongs to no student, and was left out",)
    (tmp_path / "roster.csv").write_text("student\nold\n")
    found = read.read(place, roster=read_roster(tmp_path / "roster.csv"))
    assert [one.student for one in found.handins] == ["ada", "bob", "old"]


def test_a_student_of_the_roster_is_one_whatever_the_name_looks_like(read, tmp_path):
    (tmp_path / "roster.csv").write_text("student\nweek 3\n")
    place = files_at(tmp_path / "class.zip", "week 3/team/1_averages.ipynb")
    assert [one.student for one in read.read(place, roster=read_roster(tmp_path / "roster.csv")).handins] == ["week 3"]
