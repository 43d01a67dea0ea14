"""Times as systems, spreadsheets and people write them: whatever may mean two times is none."""

from zoneinfo import ZoneInfo

import pytest

from autograder.errors import WrongCall
from autograder.intake.times import has_time_of_day, read_time
from autograder.intake.times_file import read_times


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-20 22:59:00.000000000 Z", "2026-11-20T22:59:00+00:00"),
        ("2026-11-20 22:59:00.123456 UTC", "2026-11-20T22:59:00+00:00"),
        ("2026-11-20T22:59:00+01:00", "2026-11-20T22:59:00+01:00"),
        ("2026-11-20 22:59-0530", "2026-11-20T22:59:00-05:30"),
        ("2026-11-20-22-59-01", "2026-11-20T22:59:01"),
        ("Nov 20, 2026 1059 PM", "2026-11-20T22:59:00"),
        ("Nov 20, 2026 1205 AM", "2026-11-20T00:05:00"),
        ("Nov 2, 2026 959 AM", "2026-11-02T09:59:00"),
        ("Friday, 20 November 2026, 10:59 PM", "2026-11-20T22:59:00"),
        ("Friday, 20 November 2026, 22:59", "2026-11-20T22:59:00"),
        ("Friday, November 20, 2026 10:59:00 PM CET", "2026-11-20T22:59:00+01:00"),
        ("2026-02-31 10:00", None),
        ("Nov 20, 2026 1359 PM", None),
        ("11/20/2026 10:59", "2026-11-20T10:59:00"),
        ("-", None),
        ("soon", None),
    ],
)
def test_times_of_every_system_are_read(text, wanted):
    when = read_time(text)
    assert (when.isoformat() if when else None) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("20/11/2026 22:59", "2026-11-20T22:59:00"),
        ("11/20/2026 10:59 PM", "2026-11-20T22:59:00"),
        ("20-11-2026 22:59", "2026-11-20T22:59:00"),
        ("05/05/2026 10:59", "2026-05-05T10:59:00"),
        ("20.11.2026 22:59", "2026-11-20T22:59:00"),
        ("5.11.2026, 22:59 Uhr", "2026-11-05T22:59:00"),
        ("2026/11/20 22:59:07", "2026-11-20T22:59:07"),
        ("2026-11-20 10:59 PM", "2026-11-20T22:59:00"),
        ("2026-11-20 22:59 +01", "2026-11-20T22:59:00+01:00"),
        ("2026-11-20 22:59-05", "2026-11-20T22:59:00-05:00"),
        ("2026-11-20 22:59 UTC+1", "2026-11-20T22:59:00+01:00"),
        ("20/11/2026 22:59 GMT", "2026-11-20T22:59:00+00:00"),
        ("2026-11-20 22:59 CET", "2026-11-20T22:59:00+01:00"),
        ("20.07.2026 22:59 MESZ", "2026-07-20T22:59:00+02:00"),
        ("2026-11-20 22:59 Europe/Berlin", "2026-11-20T22:59:00+01:00"),
        ("2026-11-20 22:59 EST", "2026-11-20T22:59:00-05:00"),  # the course's own zone
        ("Freitag, 4. Dezember 2026, 22:59", "2026-12-04T22:59:00"),
        ("viernes, 20 de noviembre de 2026, 22:59", "2026-11-20T22:59:00"),
    ],
)
def test_what_spreadsheets_and_people_write_is_read(text, wanted):
    when = read_time(text, ZoneInfo("America/New_York"))
    assert when is not None and when.isoformat() == wanted


@pytest.mark.parametrize(
    "text",
    [
        "05/11/2026 22:59",
        "5-11-2026 22:59",
        "13/13/2026 22:59",
        "20/11/26 22:59",
        "2026-11-20 22:59 CST",
        "2026-11-20 22:59 IST",
        "2026-11-20 22:59 EST",
        "2026-07-20 22:59 CET",  # there it is CEST
        "2026-11-20 22:59 Europe/Nowhere",
        "2026-11-20 22:59 ../Berlin",
        "2026-11-20 22:59 +16",
        "20 jui 2026 22:59",  # juin, juillet
    ],
)
def test_what_may_mean_several_times_is_refused_in_a_line_that_says_what_is_read(text, tmp_path):
    path = tmp_path / "times.csv"
    path.write_text(f"student,handed_in\nada,{text}\n")
    with pytest.raises(WrongCall) as problem:
        read_times(path, ZoneInfo("Europe/Berlin"))
    told = str(problem.value)
    assert f"line 2: {text!r} is no time, or may mean several; write 2026-11-20 22:59, 20.11.2026" in told
    assert "\n" not in told and "Europe/Berlin" in told


def test_the_time_of_day_is_known_to_be_missing():
    assert [has_time_of_day(text) for text in ("27.11.2026", "2026-11-27", "27.11.2026 10:00")] == [False, False, True]
