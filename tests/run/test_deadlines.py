"""Late work loses what course.toml says, computed on the points of the whole assignment."""

from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course.penalty import DAY, Points, points_lost
from autograder.course.settings import Deadline, read_settings
from autograder.errors import CourseError, WrongCall
from autograder.intake.gather import Handin
from autograder.intake.handed_over import ClassHandins
from autograder.intake.owners import Origin
from autograder.intake.times_file import Moment, read_times
from autograder.run.deadlines import BY_DAY, ON_ITS_DAY, Due, need_over, read_due, split
from autograder.run.hand_ins import HandIns, Intake, Known, of_gathered
from autograder.run.report import lines_of_class
from autograder.run.students import COMPLETE, Student, students_of_class
from tests.tiny import make_tiny

DUE = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
HOUR = 3600
POINTS = Points(tests=60, written=20, bonus=4, asked=100)


def lost(seconds: int, points: Points = POINTS, **rule) -> float:
    return points_lost(Deadline(due=DUE, **rule), points, seconds)


@pytest.mark.parametrize(
    ("seconds", "rule", "wanted"),
    [
        (1, {}, 0),
        (1, {"percent_per_day": 10}, 8.4),
        (DAY, {"percent_per_day": 10}, 8.4),
        (DAY + 1, {"percent_per_day": 10}, 16.8),
        (600, {"percent_per_day": 10, "grace_minutes": 10}, 0),
        (601, {"percent_per_day": 10, "grace_minutes": 10}, 8.4),
        (20 * DAY, {"percent_per_day": 10}, 84),
        (20 * DAY, {"percent_per_day": 10, "cap_percent": 50}, 42),
        (20 * DAY, {"percent_per_day": 10, "cap_percent": 50, "zero_after_days": 7}, 84),
        (7 * DAY, {"percent_per_day": 10, "cap_percent": 50, "zero_after_days": 7}, 42),
        (HOUR, {"steps": [{"after_hours": 0, "percent": 5}, {"after_hours": 24, "percent": 25}]}, 4.2),
        (25 * HOUR, {"steps": [{"after_hours": 0, "percent": 5}, {"after_hours": 24, "percent": 25}]}, 21),
        (HOUR, {"steps": [{"after_hours": 12, "percent": 5}]}, 0),
        (1, {"percent_per_day": 10, "bonus": "kept"}, 8),
        (9 * DAY, {"percent_per_day": 10, "bonus": "kept"}, 72),
        (10 * DAY, {"percent_per_day": 10, "bonus": "kept"}, 80),
        (10 * DAY, {"percent_per_day": 10, "bonus": "kept", "zero_after_days": 7}, 84),
        (1, {"percent_per_day": 10, "percent_of": "max_score"}, 10),
        (1, {"percent_per_day": 10, "rounding": 0.5}, 8),
        (1, {"percent_per_day": 10, "rounding": 1}, 8),
        (9 * DAY, {"percent_per_day": 10, "percent_of": "max_score"}, 84),
    ],
)
def test_a_penalty_is_what_the_rule_says(seconds, rule, wanted):
    assert lost(seconds, **rule) == pytest.approx(wanted)


def test_a_penalty_is_never_more_than_there_is_and_zero_points_lose_nothing():
    assert lost(DAY, Points(tests=3, asked=100), percent_per_day=50, percent_of="max_score") == 3
    assert lost(DAY, Points(asked=100), percent_per_day=50, percent_of="max_score") == 0


def test_parts_add_up_to_the_penalty_and_none_is_more_than_its_notebook():
    parts = split(10.01, {"a": 33.3, "b": 33.3, "c": 0.0, "d": 0.01})
    assert sum(parts.values()) == pytest.approx(10.01) and parts["c"] == 0 and parts["d"] <= 0.01
    assert split(66.61, {"a": 33.3, "b": 33.3, "c": 0.0, "d": 0.01}) == {"a": 33.3, "b": 33.3, "c": 0.0, "d": 0.01}
    assert round(sum(split(10, {"a": 1.0, "b": 1.0, "c": 1.0}).values()), 9) == 10  # and not 9.999999
    assert split(0, {"a": 1.0}) == {"a": 0.0} and split(5, {"a": 0.0}) == {"a": 0.0}


RULE = Deadline(due=datetime(2026, 11, 21), time_zone="Europe/Berlin", percent_per_day=10, grace_minutes=5)


@pytest.mark.parametrize(
    ("origin", "seconds", "told"),
    [
        (Origin(handed_in=DUE + timedelta(seconds=30)), 30, ""),
        (Origin(handed_in=DUE - timedelta(days=1), late=True), 0, ""),
        (Origin(handed_in=datetime(2026, 11, 21, 0, 1)), 60, ""),
        (Origin(lms="canvas", late=False), 0, ""),
        (Origin(lms="canvas", late=True), None, "late by an unknown amount"),
        (Origin(lms="moodle"), None, "when it was handed in is not known"),
    ],
)
def test_lateness_is_known_as_far_as_the_system_tells(origin, seconds, told):
    late = Due(RULE).lateness("ada", origin)
    assert late.seconds == seconds and told in late.remark and bool(late.remark) == bool(told)


def of_day(day: int, **known) -> Origin:
    """A hand-in of which only the day of November is known."""
    return Origin(handed_in=datetime(2026, 11, day), by_day=True, **known)


@pytest.mark.parametrize(
    ("due", "origin", "seconds", "told"),
    [
        ("2026-11-20 18:00", of_day(19), 0, ""),
        ("2026-11-20 18:00", of_day(20), None, ON_ITS_DAY),
        ("2026-11-20 18:00", of_day(20, late=True), None, ON_ITS_DAY),
        ("2026-11-20 18:00", of_day(20, late=False), 0, ""),
        ("2026-11-20 18:00", of_day(21), 6 * HOUR, BY_DAY),
        ("2026-11-20 23:59", of_day(20), 0, ""),
        ("2026-11-20 23:55", of_day(20), 0, ""),
        ("2026-11-20 23:54", of_day(20), None, ON_ITS_DAY),
        ("2026-11-20 23:59", of_day(21), 60, BY_DAY),
        ("2026-11-21 00:00", of_day(21), None, ON_ITS_DAY),
    ],
)
def test_of_a_hand_in_whose_day_alone_is_known_the_least_lateness_counts(due, origin, seconds, told):
    deadline = Deadline(due=datetime.fromisoformat(due), time_zone="Europe/Berlin", percent_per_day=10, grace_minutes=5)
    late = Due(deadline).lateness("ada", origin)
    assert (late.seconds, late.remark) == (seconds, told)
    assert Due(deadline).is_on_time("ada", origin) == (seconds in (0, 60))


def test_a_date_without_a_time_of_day_is_a_day_in_tables_and_told_after_a_run(tiny, tmp_path):
    (tmp_path / "times.csv").write_text("student,handed_in\nada,2026-11-20\nben,21.11.2026\ncy,2026-11-21 00:01\n")
    due = Due(Deadline(due=datetime(2026, 11, 20, 18), time_zone="Europe/Berlin", percent_per_day=10))
    times = read_times(tmp_path / "times.csv", due.zone)
    handins = tuple(times.put_into(Handin(name, tmp_path, (), ())) for name in ("ada", "ben", "cy"))
    found = ClassHandins(handins, "folders")
    rows = students_of_class(tiny, [], of_gathered(found), due)
    assert [(row.handed_in, row.late_seconds) for row in rows] == [
        ("2026-11-20", None),
        ("2026-11-21", 6 * HOUR),
        ("2026-11-21 00:01:00+01:00", 6 * HOUR + 60),
    ]
    assert [row.remarks for row in rows] == [ON_ITS_DAY, BY_DAY, ""]
    assert lines_of_class(found, rows, Intake(times=times, due=due)) == [
        "not known how late, so without a penalty: ada",
        "late, and only the day is known, so with the least penalty: ben",
    ]


def test_an_extension_moves_the_due_date_of_one_student():
    due = Due(RULE, {"ada": DUE + timedelta(days=2)})
    origin = Origin(handed_in=DUE + timedelta(days=1))
    assert (due.lateness("ada", origin).seconds, due.lateness("bob", origin).seconds) == (0, DAY)
    assert due.is_on_time("ada", origin) and not due.is_on_time("bob", origin)
    assert due.is_on_time("bob", Origin(handed_in=DUE + timedelta(minutes=5)))
    assert due.lateness("ada", Origin(late=False)).seconds is None  # Canvas compares with its own due date


def test_without_a_deadline_nothing_is_late():
    late = Due(None).lateness("ada", Origin(lms="canvas", late=True))
    assert late.seconds is None and "has no deadline" in late.remark
    assert Due(None).penalty(POINTS, 5) == 0


def course_due(tmp_path, text):
    course = make_tiny(tmp_path / "tiny")
    with (course.folder / "course.toml").open("a", encoding="utf-8") as file:
        file.write(text)
    return course.folder


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[deadline]\ndue = 2026-11-20T23:59:00\n", "deadline.due: has no time zone; write it with an offset"),
        ("[deadline]\ndue = 2026-11-20\n", "deadline.due: must be a date with a time of day"),
        ("[deadline]\ndue = 5\n", "deadline.due: must be a date with a time of day"),
        ("[deadline]\npercent_per_day = 5\n", "deadline.due: is missing"),
        ('[deadline]\ndue = 2026-11-20T23:59:00\ntime_zone = "Europe/Berlim"\n', "'Europe/Berlim' is no time zone"),
        ("[deadline]\ndue = 2026-11-20T23:59:00Z\npercent_per_day = 101\n", "deadline.percent_per_day: "),
        ("[deadline]\ndue = 2026-11-20T23:59:00Z\npercent_a_day = 1\n", "percent_a_day: there is no such key"),
        (
            "[deadline]\ndue = 2026-11-20T23:59:00Z\npercent_per_day = 1\nsteps = [{after_hours = 0, percent = 5}]\n",
            "has percent_per_day and steps",
        ),
        (
            "[deadline]\ndue = 2026-11-20T23:59:00Z\n"
            "steps = [{after_hours = 5, percent = 5}, {after_hours = 5, percent = 6}]\n",
            "must increase",
        ),
    ],
)
def test_a_mistake_in_the_deadline_is_one_line(text, told, tmp_path):
    with pytest.raises(CourseError) as problem:
        read_settings(course_due(tmp_path, text))
    assert told in str(problem.value) and "\n" not in str(problem.value)


@pytest.mark.parametrize("due", ["2026-11-20T23:59:00+01:00", '"2026-11-20 23:59+01:00"'])
def test_a_due_date_may_have_an_offset(due, tmp_path):
    settings = read_settings(course_due(tmp_path, f"[deadline]\ndue = {due}\n"))
    assert settings.deadline.moment == datetime(2026, 11, 20, 22, 59, tzinfo=UTC)


def test_summer_time_is_known(tmp_path):
    text = '[deadline]\ndue = 2026-07-01T00:00:00\ntime_zone = "Europe/Berlin"\n'
    settings = read_settings(course_due(tmp_path, text))
    assert settings.deadline.moment == datetime(2026, 6, 30, 22, 0, tzinfo=UTC)


ZONE = '[deadline]\ndue = 2026-11-21T00:00:00\ntime_zone = "Europe/Berlin"\n'
OFFSET = "[deadline]\ndue = 2026-11-21T00:00:00+01:00\n"


def test_extensions_are_read_from_the_course_folder(tmp_path):
    from autograder.course import load_course

    folder = course_due(tmp_path, ZONE)
    assert read_due(load_course(folder)).extensions == {}
    text = "\ufeffstudent;due\r\nada;2026-11-27 23:59\r\nbob;2026-11-27\r\nkim;27.11.2026\r\neva;2026-11-27T10:00Z\r\n"
    (folder / "extensions.csv").write_text(text, encoding="utf-8", newline="")
    assert {who: when.astimezone(UTC) for who, when in read_due(load_course(folder)).extensions.items()} == {
        "ada": datetime(2026, 11, 27, 22, 59, tzinfo=UTC),
        "bob": datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC),
        "kim": datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC),
        "eva": datetime(2026, 11, 27, 10, 0, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("deadline", "text", "told"),
    [
        (ZONE, "student,until\nada,2026-11-27\n", "has no column 'due'"),
        (ZONE, "student,due\nada,next week\n", "line 2: 'next week' is no time"),
        (ZONE, "student,due\nada,2026-11-27\nada,2026-11-28\n", "line 3: 'ada' stands there already"),
        (ZONE, "student,due\n,2026-11-27\n", "line 2: has no student"),
        (OFFSET, "student,due\nada,2026-11-27 10:00\n", "line 2: '2026-11-27 10:00' has no time zone"),
    ],
)
def test_a_mistake_in_extensions_is_one_line(deadline, text, told, tmp_path):
    from autograder.course import load_course

    folder = course_due(tmp_path, deadline)
    (folder / "extensions.csv").write_text(text, encoding="utf-8")
    with pytest.raises(WrongCall) as problem:
        read_due(load_course(folder))
    assert told in str(problem.value) and "\n" not in str(problem.value)


WORKSHEET = (
    'Identifier,"Full name",Status,Grade,"Maximum grade","Last modified (submission)","Last modified (grade)"\n'
    'Participant 1012345,"Ada Lovelace","Submitted for grading",,22.00,"Friday, 20 November 2026, 10:59 PM",-\n'
    'Participant 1012346,"Émile Zola","No submission",,22.00,-,-\n'
)


def test_times_come_from_moodles_worksheet_in_any_language_of_the_word(tmp_path):
    for text in (WORKSHEET, WORKSHEET.replace("Identifier", "ID").replace("Participant", "Teilnehmer/in")):
        (tmp_path / "worksheet.csv").write_text(text, encoding="utf-8")
        times = read_times(tmp_path / "worksheet.csv")
        assert times.of_participants == {"1012345": Moment(datetime(2026, 11, 20, 22, 59))}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("who,when\nada,2026-11-20 10:00\n", "tells no times; it needs the columns student and handed_in"),
        ("student,handed_in\nada,yesterday\n", "line 2: 'yesterday' is no time"),
    ],
)
def test_a_mistake_in_times_is_one_line(text, told, tmp_path):
    (tmp_path / "times.csv").write_text(text, encoding="utf-8")
    with pytest.raises(WrongCall) as problem:
        read_times(tmp_path / "times.csv")
    assert told in str(problem.value) and "\n" not in str(problem.value)


def test_solutions_wait_for_the_deadline_and_for_the_last_extension():
    deadline = Deadline(due=DUE, time_zone="Europe/Berlin")
    due, later = Due(deadline), Due(deadline, {"ada": DUE - timedelta(days=3), "eve": DUE + timedelta(days=2)})
    with pytest.raises(WrongCall, match=r"the assignment is due at 2026-11-21 00:00:00\+01:00; --force"):
        need_over(due, DUE - timedelta(seconds=1))
    need_over(due, DUE)
    with pytest.raises(WrongCall, match=r"eve has an extension until 2026-11-23"):
        need_over(later, DUE + timedelta(days=1))
    need_over(later, DUE + timedelta(days=2))
    need_over(Due(None), DUE - timedelta(days=1))


def test_the_command_refuses_solutions_before_the_deadline(tmp_path):
    course = make_tiny(tmp_path / "tiny")
    with (course.folder / "course.toml").open("a", encoding="utf-8") as file:
        file.write('\n[deadline]\ndue = "2999-11-20 12:00+00:00"\n')
    done = CliRunner().invoke(app, [f"--course={course.folder}", "solutions"])
    assert isinstance(done.exception, WrongCall) and "2999-11-20 12:00" in str(done.exception)
    assert not (course.folder / "dist").exists()


def test_a_time_for_nobody_is_said_after_a_run(tmp_path):
    (tmp_path / "times.csv").write_text("student,handed_in\nzed,2026-11-20 10:00\nada,2026-11-20 10:00\n")
    intake = Intake(times=read_times(tmp_path / "times.csv"))
    rows = [Student("ada", "", "", "", "", "", 1, "", None, 0.0, 6.0, 0.0, 0.0, 6.0, 6.0, COMPLETE, "")]
    told = lines_of_class(ClassHandins((), "folders"), rows, intake)
    assert told == ["times for nobody who handed in: zed"]


def test_students_whose_names_hardly_differ_are_told_after_a_run_and_in_their_rows(tiny):
    known = HandIns((Known("Ada", Origin()), Known("ada", Origin()), Known("bob", Origin())))
    rows = students_of_class(tiny, [], known, Due(None))
    assert [row.remarks.partition(",")[0] for row in rows] == [
        "may be the same student as ada",
        "may be the same student as Ada",
        "",
    ]
    told = lines_of_class(ClassHandins((), "folders"), rows, Intake())
    assert told == ["one student or 2? Ada, ada: give all the same name, or name a --roster with one of them"]


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 13), ("2026-03-29", 11), ("2026-11-25", 12)])
def test_lateness_is_the_time_that_went_by_where_clocks_are_changed_meanwhile(day, hours):
    due = Due(Deadline(due=datetime.fromisoformat(day), time_zone="Europe/Berlin"))
    noon = datetime.fromisoformat(f"{day} 12:00")
    for when in (noon, due.in_zone(noon).astimezone(UTC)):  # as Blackboard tells it, and as Gradescope does
        assert due.lateness("ada", Origin(handed_in=when)).seconds == hours * HOUR
