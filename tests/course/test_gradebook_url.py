"""Which URLs name a gradebook, and that nothing shows a password."""

import tomllib
from pathlib import Path

import pytest
from traitlets.config import Config

from autograder.course import load_course
from autograder.course.gradebook_url import checked_url, for_sqlalchemy, sqlite_file
from autograder.engines.nbgrader import configure
from autograder.errors import CourseError
from autograder.log import command_line, log_fault, open_log
from autograder.passwords import has_password, without_passwords
from autograder.run.course_content import content_of, digest_of_course

COURSE = 'name = "small"\nnotebooks = ["first"]\n'


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("sqlite:////there/own.db", "sqlite:////there/own.db"),
        ("sqlite:///own.db", "sqlite:////here/own.db"),
        ("sqlite:///sub/../own.db", "sqlite:////here/own.db"),
        ("sqlite:///my own.db", "sqlite:////here/my own.db"),
        ("postgresql://ta@host:5433/grades", "postgresql://ta@host:5433/grades"),
        ("postgresql+psycopg:///grades?host=/run/pg", "postgresql+psycopg:///grades?host=/run/pg"),
    ],
)
def test_a_url_of_sqlite_or_postgresql_is_taken(text, url):
    assert checked_url(text, Path("/here")) == url


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("own.db", "is no URL of a database"),
        ("/there/own.db", "is no URL of a database"),
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file:own.db?uri=true", "names no file"),
        ("mysql://ta:hush@host/grades", "there is no gradebook in 'mysql'"),
        ("http://host/grades", "there is no gradebook in 'http'"),
        ("postgres://ta:hush@host/grades", "write postgresql://"),
        ("postgresql+psycopg2://ta:hush@host/grades", "write postgresql://"),
        ("postgresql://ta:hush@host:port/grades", "cannot be read as a URL"),
        ("postgresql://ta:hush hush@host/grades", "it has spaces"),
    ],
)
def test_any_other_is_refused_in_one_line_without_its_password(text, told):
    with pytest.raises(ValueError) as raised:
        checked_url(text)
    assert told in str(raised.value) and "hush" not in str(raised.value) and "\n" not in str(raised.value)


def test_psycopg_is_used_underneath_and_what_the_url_says_goes_first():
    url = for_sqlalchemy("postgresql://ta@host/grades?connect_timeout=3")
    assert url.startswith("postgresql+psycopg://ta@host/grades?connect_timeout=3&keepalives_idle=")
    assert url.count("connect_timeout") == 1
    assert for_sqlalchemy("postgresql://host/grades").count("?") == 1
    assert for_sqlalchemy("sqlite:////a.db") == "sqlite:////a.db"


def test_course_toml_names_a_gradebook_beside_it_or_on_a_server(tmp_path):
    settings = tmp_path / "course.toml"
    settings.write_text(f'{COURSE}gradebook = "sqlite:///own.db"')
    assert sqlite_file(load_course(tmp_path).gradebook) == tmp_path / "own.db"
    settings.write_text(COURSE)
    assert load_course(tmp_path).gradebook == ""


@pytest.mark.parametrize(
    "line",
    [
        'gradebook = "mysql://ta:hush@host/grades"',
        'gradebook = "postgresql://ta:hush@host:port/grades"',
        'gradebook = ["postgresql://ta:hush@host/grades"]',
        'gradebook = "postgresql://ta:hush hush@host/grades"',
        'gradebok = "postgresql://ta:hush@host/grades"',
    ],
)
def test_a_mistake_in_course_toml_is_told_without_the_password(tmp_path, line):
    (tmp_path / "course.toml").write_text(f"{COURSE}{line}")
    with pytest.raises(CourseError) as raised:
        load_course(tmp_path)
    assert "course.toml: gradebo" in str(raised.value) and "hush" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://ta:hush@h:1/d", "postgresql://ta:***@h:1/d"),
        ("postgresql://ta:hu@sh/x@h/d", "postgresql://ta:***@h/d"),
        ("postgresql://h/d?user=ta&password=hush&x=1", "postgresql://h/d?user=ta&password=***&x=1"),
        ("postgresql://ta:hush", "postgresql://ta:***"),
        ("['postgresql://ta:hush@h/d', 'x://y:hush@h/d']", "['postgresql://ta:***@h/d', 'x://y:***@h/d']"),
    ],
)
def test_a_password_is_left_out_wherever_it_stands(text, shown):
    assert without_passwords(text) == shown and has_password(text)


@pytest.mark.parametrize("text", ["postgresql://ta@h:5432/d", "https://host:80/x?a=1", "sqlite:////a:b/c.db", "a: b@c"])
def test_a_text_without_one_stays_as_it_is(text):
    assert without_passwords(text) == text and not has_password(text)


def test_a_course_that_goes_to_another_machine_has_no_gradebook(tmp_path):
    settings = tmp_path / "course.toml"
    settings.write_text(f'{COURSE}  gradebook  = "postgresql://ta:hush@host/grades" # here\ntitle = "gradebook = 1"\n')
    sent = content_of(settings).decode()
    assert "hush" not in sent and tomllib.loads(sent) == {
        "name": "small",
        "notebooks": ["first"],
        "title": "gradebook = 1",
    }
    with_it = digest_of_course(load_course(tmp_path))
    settings.write_bytes(content_of(settings))
    assert digest_of_course(load_course(tmp_path)) == with_it


@pytest.mark.parametrize(("own", "url"), [(False, "sqlite:////elsewhere/own.db"), (True, None)])
def test_nbgrader_goes_by_course_toml_but_for_proofs_and_demos(tmp_path, own, url):
    (tmp_path / "course.toml").write_text(f'{COURSE}gradebook = "sqlite:////elsewhere/own.db"')
    config = Config()
    configure(config, tmp_path / "dist", tmp_path, own_gradebook=own)
    assert config.CourseDirectory.get("db_url") == url
    assert "Exchange" not in config, "which exchange there is, is the machine's own matter"


def test_the_log_has_no_password(tmp_path, monkeypatch):
    typed = ["autograder", "grade", "x", "--gradebook=postgresql://ta:hush hush@host/grades"]
    monkeypatch.setattr("sys.argv", typed)
    log = open_log(tmp_path, command_line())
    log_fault("postgresql://ta:hush@host/grades", "trace of postgresql://ta:hush@host/grades")
    assert "***" in log.read_text() and "hush" not in log.read_text()
