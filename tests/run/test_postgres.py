"""The gradebook on PostgreSQL: everything that reads or writes it, several at once, and a server that goes away."""

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.dbutil import upgrade
from nbgrader.plugins import CsvExportPlugin
from traitlets.config import Config

from autograder.cli import app
from autograder.course import Course, load_course
from autograder.course.gradebook_url import checked_url, for_sqlalchemy
from autograder.engines.clean import CLEAN
from autograder.engines.grading import Grading
from autograder.engines.nbgrader import configure
from autograder.engines.table_version import newest_version
from autograder.errors import GradebookTrouble, MachineTrouble, NotInstalled, WrongCall
from autograder.judge import Results
from autograder.judge.store import Store
from autograder.run.gradebook.patience import Patience
from autograder.run.gradebook.writing import open_for_class, open_gradebook
from autograder.run.graded import Graded
from autograder.run.preflight import need_gradebook
from autograder.run.records import Records, finish
from autograder.run.run import Run
from autograder.run.settle import Engine
from autograder.run.workers.judged import Judged
from autograder.run.written.sheet_in import FromSheet
from autograder.run.written.sheets import take_sheet, write_sheet
from tests.command import autograder
from tests.postgres import Server, database_of
from tests.tiny import FIRST, SECOND, UPPER, hand_in_solved

pytestmark = [pytest.mark.room, pytest.mark.tool]


@dataclass
class Class:
    """A class in a folder of its own. url: its gradebook on the server."""

    folder: Path
    course: Course
    url: str

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def nbgrader(self) -> Path:
        return self.course.dist / "nbgrader"

    def command(self, name: str, *arguments: str | Path) -> list[str]:
        return [f"--course={self.course.folder}", name, *map(str, arguments)]

    def grades(self, *options: str) -> list[str]:
        """What to type to grade it."""
        place = (self.folder / "handins", f"--out={self.out}")
        return self.command("grade", *place, "--seed=3", "--workers=1", *options)

    def start(self, *options: str) -> subprocess.Popen:
        """Start to grade it."""
        program = [sys.executable, "-m", "autograder", *self.grades(*options)]
        return subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def grade(self, *options: str) -> str:
        """Grade it, which must go well. Returns what was said."""
        done = autograder(*self.grades(*options))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.out / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def book(self) -> Gradebook:
        """As nbgrader and formgrader open it."""
        return Gradebook(for_sqlalchemy(self.url), self.course.name)


def another(of: Class, folder: Path, url: str) -> Class:
    """A copy of a class, with its results, and another gradebook."""
    for part in ("tiny", "handins", "out"):
        shutil.copytree(of.folder / part, folder / part)
    return Class(folder, load_course(folder / "tiny"), url)


@pytest.fixture(scope="module")
def in_file(tiny, tmp_path_factory) -> Class:
    """The class, graded into the file of nbgrader's course."""
    folder = tmp_path_factory.mktemp("class")
    shutil.copytree(tiny.folder, folder / "tiny")
    for student, answers in (("ada", {}), ("ben", UPPER), ("eve", UPPER)):
        hand_in_solved(tiny, folder / "handins" / student / tiny.name, answers)
    made = Class(folder, load_course(folder / "tiny"), "")
    made.grade()
    return made


@pytest.fixture(scope="module")
def in_postgres(in_file, postgres, tmp_path_factory) -> Class:
    """The same class, graded into an empty database."""
    made = another(in_file, tmp_path_factory.mktemp("class"), postgres.new())
    made.grade(f"--gradebook={made.url}")
    return made


def typed(where: Class, command: str, *arguments: str) -> None:
    """Do what a command does, in this process."""
    assert app(where.command(command, *arguments), standalone_mode=False) == 0


def results_of(where: Class, student: str) -> tuple[Results, ...]:
    store = Store(where.out / "results")
    return tuple(found for name in where.course.notebooks if (found := store.latest(student, name)))


# ---- an empty database, and all that uses it


def test_an_empty_database_gets_the_same_points_as_a_file(in_file, in_postgres):
    for name in ("scores.csv", "students.csv"):
        assert in_postgres.rows(name) == in_file.rows(name)
    assert {row["score"] for row in in_postgres.rows("scores.csv") if row["question"] == "q1"} == {"6", "4"}


def test_its_tables_are_those_of_nbgrader_which_finds_nothing_to_upgrade(in_postgres, postgres, monkeypatch):
    monkeypatch.setenv("PATH", f"{sys.prefix}/bin", prepend=os.pathsep)
    stamp = "SELECT version_num FROM alembic_version"
    assert postgres.do(database_of(in_postgres.url), stamp) == [(newest_version(),)]
    upgrade(for_sqlalchemy(in_postgres.url))
    assert postgres.do(database_of(in_postgres.url), stamp) == [(newest_version(),)]


def test_the_file_of_nbgraders_course_has_nobody_of_the_database(in_postgres, in_file):
    with open_gradebook(in_postgres.course, in_postgres.nbgrader, "") as own:
        own_students = {one.id for one in own.students}
    with in_postgres.book() as book:
        assert {one.id for one in book.students} == {"ada", "ben", "eve"}
    assert own_students == {"ada", "ben", "eve"}, "copied from the other class"


def test_formgrader_and_export_read_it_where_course_toml_names_it(in_postgres, tmp_path):
    settings = tmp_path / "tiny" / "course.toml"
    shutil.copytree(in_postgres.course.folder, tmp_path / "tiny")
    settings.write_text(f'gradebook = "{in_postgres.url}"\n{settings.read_text()}')
    config = Config()
    configure(config, in_postgres.nbgrader, load_course(tmp_path / "tiny"))  # as nbgrader_config.py does
    api = NbGraderAPI(config=config)
    api.log.setLevel("CRITICAL")
    name = in_postgres.course.name
    assert [one["name"] for one in api.get_assignments()] == [name]
    assert {one["id"]: one["score"] for one in api.get_students()} == {"ada": 17, "ben": 15, "eve": 15}
    assert len(api.get_notebook_submissions(name, FIRST)) == len(api.get_submissions(name)) == 3
    assert {one["name"] for one in api.get_notebooks(name)} == {FIRST, SECOND}
    exported = tmp_path / "grades.csv"
    with api.gradebook as book:
        plugin = CsvExportPlugin(parent=None)
        plugin.to = str(exported)
        plugin.export(book)
    with exported.open(encoding="utf-8") as file:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)} == {
            row["student"]: float(row["score"]) for row in in_postgres.rows("students.csv")
        }


def test_a_sheet_report_feedback_and_scores_go_by_it(in_postgres, capsys):
    options = (f"--gradebook={in_postgres.url}",)
    sheet = in_postgres.folder / "written.csv"
    typed(in_postgres, "written", f"--out={sheet}", f"--graded={in_postgres.out}", *options)
    rows = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8-sig"))))
    for row in rows:
        row |= {"points": "1"} if (row["student"], row["question"]) == ("ada", "q2") else {}
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    typed(in_postgres, "written", f"--in={sheet}", f"--graded={in_postgres.out}", *options)
    with in_postgres.book() as book:
        book.find_grade("q2", FIRST, in_postgres.course.name, "ben").manual_score = 2.5  # as formgrader does it
        book.find_grade("q2", FIRST, in_postgres.course.name, "ben").needs_manual_grade = False
        book.db.commit()
    typed(in_postgres, "report", f"--out={in_postgres.out}")
    given = {row["student"]: row["score"] for row in in_postgres.rows("scores.csv") if row["question"] == "q2"}
    assert given == {"ada": "1", "ben": "2.5", "eve": ""}
    typed(in_postgres, "feedback", f"--out={in_postgres.out}")
    assert "2.5 of 4" in (in_postgres.out / "feedback" / "ben" / "feedback.html").read_text()
    typed(in_postgres, "scores", "--for=csv", f"--graded={in_postgres.out}")
    assert "Took 1 answer from" in capsys.readouterr().out


# ---- several at once


def waits_for_a_lock(postgres: Server, url: str) -> None:
    """Return when a statement in a database waits for another transaction."""
    deadline = time.monotonic() + 30
    query = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    while not postgres.do(database_of(url), query):
        assert time.monotonic() < deadline, "nothing waits"
        time.sleep(0.02)


def while_another_writes(postgres: Server, url: str, statement: str, action: Callable):
    """What an action gives that begins while another transaction has written something, which is kept only then."""
    name = database_of(url)
    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(f"dbname={name} user=owner host={postgres.folder}") as other:
            other.execute(statement)
            future = pool.submit(action)
            waits_for_a_lock(postgres, url)
        return future.result(timeout=60)


BY_A_TA = """
UPDATE grade SET manual_score = {points}, needs_manual_grade = FALSE FROM base_cell, submitted_notebook, \
submitted_assignment WHERE grade.cell_id = base_cell.id AND base_cell.name = 'q2' AND \
grade.notebook_id = submitted_notebook.id AND submitted_notebook.assignment_id = submitted_assignment.id \
AND submitted_assignment.student_id = '{student}'"""


def test_points_that_a_ta_gives_while_a_student_is_written_down_are_seen_and_kept(in_postgres, postgres, tmp_path):
    grading = Grading(in_postgres.out / "results", in_postgres.course, 3, room="none")
    with open_for_class(grading, in_postgres.nbgrader, in_postgres.url) as record:
        recorded = while_another_writes(
            postgres,
            in_postgres.url,
            BY_A_TA.format(points=3.5, student="eve"),
            lambda: record("eve", results_of(in_postgres, "eve")),
        )
    assert recorded[FIRST]["q2"].score == 3.5


def test_a_student_whom_another_run_writes_down_at_the_same_time_is_written_down(in_postgres, postgres):
    grading = Grading(in_postgres.out / "results", in_postgres.course, 3, room="none")
    shutil.copytree(in_postgres.nbgrader / CLEAN / "ada", in_postgres.nbgrader / CLEAN / "dora")
    run = Run(in_postgres.folder, grading, "nbgrader", in_postgres.nbgrader, 1, in_postgres.url)
    with Records(run, Patience()) as records:
        recorded = while_another_writes(
            postgres,
            in_postgres.url,
            "INSERT INTO student (id) VALUES ('dora')",
            lambda: records.write("dora", results_of(in_postgres, "ada")),
        )
    assert recorded[FIRST]["q1"].score == 6


def test_a_sheet_does_not_overwrite_what_a_ta_gives_meanwhile(in_postgres, postgres):
    engine = Engine("nbgrader", in_postgres.nbgrader, in_postgres.url)
    sheet = in_postgres.folder / "late.csv"
    write_sheet(in_postgres.course, in_postgres.out, engine, {"ada", "ben"}, sheet, anonymous=False)
    rows = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8-sig"))))
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"points": "1"} for row in rows if (row["student"], row["question"]) == ("ben", "q2"))

    def take() -> FromSheet:
        return take_sheet(in_postgres.course, in_postgres.out, engine, {"ada", "ben"}, sheet, overwrite=False)

    taken = while_another_writes(postgres, in_postgres.url, BY_A_TA.format(points=0.5, student="ben"), take)
    (left,) = taken.left
    assert not taken.given and "1 point here, and 0.5 points in the gradebook" in left
    with in_postgres.book() as book:
        assert book.find_grade("q2", FIRST, in_postgres.course.name, "ben").manual_score == 0.5


# ---- a server that goes away


def test_a_run_waits_for_a_server_that_is_stopped_and_nothing_differs(in_file, postgres, tmp_path):
    made = another(in_file, tmp_path, postgres.new())
    database = database_of(made.url)
    shutil.rmtree(made.out)
    run = made.start(f"--gradebook={made.url}")
    deadline = time.monotonic() + 120
    while not _count(postgres, database):
        assert time.monotonic() < deadline and run.poll() is None
        time.sleep(0.02)
    postgres.stop()
    try:
        said = ""
        for line in run.stdout:
            said += line
            if "the gradebook does not answer" in line:
                break
    finally:
        postgres.start()
    said += run.communicate(timeout=300)[0]
    assert run.returncode == 0 and "the gradebook is back after" in said, said
    for name in ("scores.csv", "students.csv"):
        assert made.rows(name) == in_file.rows(name)


def _count(postgres: Server, database: str) -> int:
    try:
        return postgres.do(database, "SELECT count(*) FROM grade")[0][0]
    except psycopg.errors.UndefinedTable:
        return 0


AWAY = "postgresql://ta:hush%40home@/grades?host=/nowhere"


def test_a_gradebook_that_stays_away_ends_the_run_and_nobody_is_called_not_graded(in_postgres):
    grading = Grading(in_postgres.out / "results", in_postgres.course, 3, room="none")
    run = Run(in_postgres.folder, grading, "nbgrader", in_postgres.nbgrader, 1, AWAY)
    judged = [Graded("ada", one.notebook, one) for one in results_of(in_postgres, "ada")]
    told = []
    patience = Patience(lambda *said: told.append(said), limit=0.1)
    with Records(run, patience) as records, pytest.raises(GradebookTrouble, match="has not answered for"):
        finish(run, records, Judged(judged))
    assert told and told[0][2] is False


def test_a_gradebook_that_refuses_ends_the_run_at_once(in_postgres, postgres):
    user = in_postgres.url.replace("owner@", "guest@")
    postgres.do(
        database_of(in_postgres.url),
        "CREATE ROLE guest LOGIN",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest",
    )
    with pytest.raises(WrongCall, match="may not be changed by this user"):
        need_gradebook(in_postgres.course, in_postgres.nbgrader, user)
    grading = Grading(in_postgres.out / "results", in_postgres.course, 3, room="none")
    run = Run(in_postgres.folder, grading, "nbgrader", in_postgres.nbgrader, 1, user)
    judged = [Graded("ada", one.notebook, one) for one in results_of(in_postgres, "ada")]
    with Records(run, Patience()) as records, pytest.raises(GradebookTrouble, match="permission denied"):
        finish(run, records, Judged(judged))


# ---- a file of one's own


def test_a_file_of_ones_own_is_made_and_graded_into(in_postgres, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    url = checked_url("sqlite:///own.db")
    need_gradebook(in_postgres.course, in_postgres.nbgrader, url)
    grading = Grading(in_postgres.out / "results", in_postgres.course, 3, room="none")
    with open_for_class(grading, in_postgres.nbgrader, url) as record:
        assert record("ben", results_of(in_postgres, "ben"))[FIRST]["q1"].score == 4
    need_gradebook(in_postgres.course, in_postgres.nbgrader, url)  # once more: it is left as it is
    with Gradebook(f"sqlite:///{tmp_path / 'own.db'}", in_postgres.course.name) as book:
        assert [one.id for one in book.students] == ["ben"]


def test_a_file_that_another_program_has_locked_is_waited_for(in_postgres, tmp_path):
    url = f"sqlite:///{tmp_path / 'own.db'}?timeout=0.1"
    need_gradebook(in_postgres.course, in_postgres.nbgrader, checked_url(url))
    other = sqlite3.connect(tmp_path / "own.db")
    other.execute("BEGIN EXCLUSIVE")
    told = []

    def tell(reason: str, seconds: float, is_back: bool) -> None:
        told.append((reason, is_back))
        other.rollback()

    def read() -> int:
        with open_gradebook(in_postgres.course, in_postgres.nbgrader, url) as book:
            return len(book.students)

    assert Patience(tell)(read) == 0
    other.close()
    assert [is_back for _, is_back in told] == [False, True] and "locked" in told[0][0]


# ---- what is asked for before anyone is judged


def refused(where: Class, url: str, kind: type[Exception]) -> str:
    """The one line with which a gradebook is refused."""
    with pytest.raises(kind) as raised:
        need_gradebook(where.course, where.nbgrader, url)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_a_server_that_cannot_be_reached_is_named_without_its_password(in_postgres):
    said = refused(in_postgres, AWAY, MachineTrouble)
    assert "postgresql://ta:***@/grades" in said and "cannot be reached" in said and "hush" not in said


def test_psycopg_that_is_missing_is_named(in_postgres, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "notebook-course-autograder[postgres]" in refused(in_postgres, in_postgres.url, NotInstalled)


def test_a_user_who_may_make_no_tables_is_refused(in_postgres, postgres):
    url = postgres.new()
    postgres.do(database_of(url), "CREATE ROLE ta LOGIN", "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    assert "permission denied" in refused(in_postgres, url.replace("owner@", "ta@"), WrongCall)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("CREATE TABLE cats (name TEXT)", "is not empty, and holds no gradebook"),
        ("CREATE TABLE submitted_assignment (id TEXT)", "holds a gradebook without a version"),
    ],
)
def test_a_database_of_something_else_is_refused_and_left_as_it_is(in_postgres, postgres, statement, told):
    url = postgres.new()
    postgres.do(database_of(url), statement)
    assert told in refused(in_postgres, url, WrongCall)
    count = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    assert postgres.do(database_of(url), count) == [(1,)]


def test_a_gradebook_of_an_older_nbgrader_is_refused(in_postgres, postgres):
    database = database_of(in_postgres.url)
    postgres.do(database, "UPDATE alembic_version SET version_num = '724cde206c17'")
    try:
        assert "version 724cde206c17" in refused(in_postgres, in_postgres.url, WrongCall)
    finally:
        postgres.do(database, f"UPDATE alembic_version SET version_num = '{newest_version()}'")


# ---- one student's data


def test_one_students_data_are_exported_and_deleted_and_the_others_stay(in_postgres, tmp_path, capsys):
    export = tmp_path / "eve.zip"
    typed(in_postgres, "report", f"--out={in_postgres.out}")  # other tests have given points
    before = {name: in_postgres.rows(name) for name in ("scores.csv", "students.csv")}
    options = ("student", "eve", f"--out={in_postgres.out}")
    typed(in_postgres, *options, f"--export={export}")
    with zipfile.ZipFile(export) as archive:
        names = set(archive.namelist())
        assert {f"results/{FIRST}.json", "gradebook.json", "scores.csv", "students.csv", "notes.json"} <= names
        assert f"autograded/{in_postgres.course.name}/{FIRST}.ipynb" in names
        assert b"ada" not in archive.read("students.csv") and b"eve" in archive.read("students.csv")
        notebooks = {one["notebook"]: one["grades"] for one in json.loads(archive.read("gradebook.json"))}
        assert {one["name"]: one["auto_score"] for one in notebooks[FIRST]}["q1"] == 4
    with pytest.raises(WrongCall, match="add --yes"):
        typed(in_postgres, *options, "--delete")
    assert in_postgres.rows("scores.csv") == before["scores.csv"]
    typed(in_postgres, *options, "--delete", "--yes")
    assert "in the gradebook" in capsys.readouterr().out
    for name, rows in before.items():
        assert in_postgres.rows(name) == [row for row in rows if row["student"] != "eve"]
    with in_postgres.book() as book:
        assert "eve" not in {one.id for one in book.students}
        assert book.find_submission(in_postgres.course.name, "ada").score
    made = [path for folder in (in_postgres.out, in_postgres.nbgrader) for path in folder.rglob("*") if path.is_file()]
    naming = {path.name for path in made if "eve" in path.parts or b'"eve"' in path.read_bytes()}
    assert naming <= {"run.json"}
    with pytest.raises(WrongCall, match="nothing is kept"):
        typed(in_postgres, *options, "--delete", "--yes")


@pytest.mark.parametrize("name", ["..", "", "../ada", "nobody"])
def test_nothing_is_deleted_of_a_name_that_is_none(in_postgres, name):
    with pytest.raises(WrongCall, match="nothing is kept"):
        typed(in_postgres, "student", name, f"--out={in_postgres.out}", "--delete", "--yes")
    assert in_postgres.rows("scores.csv")
