import pytest

from autograder.errors import WrongCall
from autograder.intake.owners import Person
from autograder.intake.roster import read_roster
from autograder.intake.times_file import read_times
from tests.lms_files import ROSTER


def roster(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ROSTER, "utf-8"),
        (ROSTER.replace(";", ","), "utf-8"),
        (ROSTER.replace(";", "\t").removeprefix("\ufeff"), "utf-16"),
        (ROSTER.removeprefix("\ufeff"), "cp1252"),
        (ROSTER.replace("\r\n", "\n").replace("student;name", " Student ; NAME "), "utf-8"),
    ],
)
def test_a_roster_may_be_written_by_any_spreadsheet(text, encoding, tmp_path):
    read = roster(tmp_path, text, encoding)
    assert [line.name for line in read.lines][1:4] == ["Émile Zola", "Jean-Luc O'Neil", "Max Müller"]
    assert read.find("moodle", Person("1012346")).student == "emile"
    assert read.find("blackboard", Person("12347_X")).student == "jean"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,email\nAda,a@x.org\n", "has no column 'student'; it has 'name', 'email'"),
        ("student,canvas\nada,1\nbob,1\n", "line 3: canvas '1' stands on line 2 already"),
        ("student,moodle\nada,Participant 1\nbob,1\n", "line 3: moodle '1' stands on line 2 already"),
        ("student\nada\nADA\n", "line 3: student 'ADA' stands on line 2 already"),
        ("student,name\n,Ada\n", "line 2: has no id"),
        ("student\na/b\n", "cannot name a folder"),
        ("student\n..\n", "cannot name a folder"),
        ("student\na\u202eb\n", "no character that is not seen"),
        (f"student\n{'a' * 300}\n", "a…' cannot name a folder; an id has none of / < > \", no dot first"),
        ("student,name\nada,A\nb\0b,B\n", "line 3: holds a zero byte"),
        ('student,name\nada,"A\nbob,B\ncy,C\n', "line 2: cannot be read"),
        ('student,name\nada,"A\nbob,"B"\ncy,C\n', "line 2: cannot be read"),
        ('student,name\nada,A\nbob,"B\ncy,"C\n', "line 3: cannot be read"),
        ("student,name,Student\nada,A,bob\n", "has 2 columns 'student'"),
        ("student,name,Name \nada,A,B\n", "has 2 columns 'name'"),
        ("student,name\n", "has no student in it"),
        ("", "is empty"),
        ("PK\x03\x04 xlsx", "save it as CSV"),
    ],
)
def test_a_mistake_in_a_roster_is_one_line(text, told, tmp_path):
    with pytest.raises(WrongCall) as problem:
        roster(tmp_path, text)
    assert told in str(problem.value) and "\n" not in str(problem.value) and "roster.csv" in str(problem.value)


def test_names_are_never_compared_and_internal_numbers_are_no_ids_of_the_course(tmp_path):
    read = roster(tmp_path, "student,name,email\n12345,Max Müller,m@x.org\nmax2,Max Müller,\n")
    assert read.find("canvas", Person("7", "Max Müller")) is None
    assert read.find("canvas", Person("12345", "Ada")) is None
    assert read.find("gradescope", Person("12345")).student == "12345"
    assert read.find("gradescope", Person("9", "", "M@X.org")).student == "12345"
    with pytest.raises(WrongCall, match="no column 'canvas'"):
        read.need_system("canvas")


def test_times_of_somebody_who_is_not_known_are_named_and_a_second_time_is_refused(tmp_path):
    path = tmp_path / "times.csv"
    path.write_text("student,handed_in\nada,2026-11-20 10:00\n4001,2026-11-20 10:00\nzed,2026-11-20 10:00\n")
    assert read_times(path).strangers({"ada", "ben", "4001"}) == ["zed"]
    path.write_text("student,handed_in\nada,2026-11-20 10:00\nada,2026-11-21 10:00\n")
    with pytest.raises(WrongCall, match=r"times.csv, line 3: 'ada' stands there already"):
        read_times(path)


def test_a_number_of_a_spreadsheet_is_the_systems_id(tmp_path):
    read = roster(tmp_path, "student,canvas,moodle\nada,12345.0,1000001.0\n")
    assert [read.find(*who) is not None for who in (("canvas", Person("12345")), ("moodle", Person("1000001")))] == [
        True,
        True,
    ]


@pytest.mark.parametrize("read", [read_roster, read_times])
def test_a_row_with_a_comma_too_many_is_one_line_and_moves_no_cell(read, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("student,name,handed_in\nada,Lovelace, Ada,2026-11-20 22:59\n")
    with pytest.raises(WrongCall, match=r"line 2: has more cells than the header has columns; put quotes around"):
        read(path)


@pytest.mark.parametrize("name", ['"Ada ""Countess"" Lovelace"', '"Ada\nLovelace"', 'Ada 5" Lovelace', '""'])
def test_a_quotation_mark_that_is_closed_is_read(name, tmp_path):
    assert [line.student for line in roster(tmp_path, f"student,name\nada,{name}\nbob,B\n").lines] == ["ada", "bob"]


def test_empty_cells_behind_the_last_column_are_nothing(tmp_path):
    assert [line.name for line in roster(tmp_path, "student,name\nada,Ada,,\n").lines] == ["Ada"]
