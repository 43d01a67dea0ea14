"""A class of six, from each learning-management system in, and back to it: right points, right lateness."""

import csv
import io
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course import Course, load_course
from autograder.errors import WrongCall
from autograder.intake.collect import clean
from autograder.intake.roster import read_roster
from autograder.intake.times_file import read_times
from autograder.judge import Results
from autograder.judge.store import key_of
from autograder.room.limits import Limits
from autograder.run.deadlines import read_due
from autograder.run.graded import Graded, NotGraded
from autograder.run.hand_ins import HandIns, Intake, of_gathered
from autograder.run.scores_out import scores_for
from autograder.run.students import Student, students_of_class
from tests import command, lms_import
from tests.lms_files import DUE, LAYOUTS, PEOPLE, ROSTER, class_of, write, zipped
from tests.tiny import release_tiny

pytestmark = [pytest.mark.room, pytest.mark.tool]

NUMBERS = {one.id: one.number for one in PEOPLE}
ATTACHED = {"canvas", "own zips"}
"""Where jean's newest files stand beside a file of the attempt before."""


@pytest.fixture(scope="module")
def due(tmp_path_factory) -> Course:
    """The small course with a deadline."""
    course = release_tiny(tmp_path_factory.mktemp("due") / "tiny").course
    with (course.folder / "course.toml").open("a", encoding="utf-8") as file:
        file.write(DUE)
    return load_course(course.folder)


@pytest.fixture(scope="module")
def handed(due, tmp_path_factory):
    return class_of(due, tmp_path_factory.mktemp("class"))


def autograder(course: Course, *arguments: str | Path) -> subprocess.CompletedProcess:
    return command.autograder(f"--course={course.folder}", *arguments)


@pytest.fixture(scope="module")
def graded(due, handed, tmp_path_factory) -> Path:
    """What the command makes of the class as Canvas hands it over, graded once for all tests."""
    folder = tmp_path_factory.mktemp("graded")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8", newline="")
    place = write("canvas", handed, folder / "canvas.zip")
    (folder / "canvas_template.csv").write_text(canvas_template(), encoding="utf-8")
    done = autograder(due, "grade", place, "--out", folder / "out", "--roster", folder / "roster.csv")
    assert done.returncode == 0, done.stderr
    (folder / "said.txt").write_text(done.stderr, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def judged(due, handed, graded, tmp_path_factory) -> dict[str, Results]:
    """Verdicts by all that they depend on. jean's newest attempt alone is judged here as emile's, who has the same."""
    results = [Results.from_json(path.read_text()) for path in (graded / "out" / "results").glob("*/*.json")]
    return {one.key: one for one in results}


class Class:
    """A class that was read from one system, with everyone's verdict."""

    def __init__(self, course: Course, place: Path, scratch: Path, intake: Intake, judged: dict[str, Results]):
        found = intake.gather(place, scratch / "class", course)
        self.hand_ins: HandIns = of_gathered(found)
        self.graded: list[Graded | NotGraded] = []
        kind = next(iter(judged.values())).room
        for handin in found.handins:
            for name, rebuilt in clean(handin, course, scratch).items():
                # Of what is judged, all is in the key. Notes are in it as well, and no verdict depends on them.
                key = key_of(replace(rebuilt.submission, notes=()), kind, Limits(), course)
                results = replace(judged[key], student=handin.student)
                scores = {one.question: one.score for one in results.questions}
                self.graded.append(Graded(handin.student, name, results, scores))
        self.rows: list[Student] = students_of_class(course, self.graded, self.hand_ins, intake.due)


@pytest.fixture
def read(due, handed, graded, judged, tmp_path) -> Callable[..., Class]:
    """Reads the class as a system hands it over."""

    def run(layout: str, times: str = "") -> Class:
        (tmp_path / "scratch" / "class").mkdir(parents=True)
        told = None
        if times:
            (tmp_path / "times.csv").write_text(times, encoding="utf-8")
            told = read_times(tmp_path / "times.csv")
        intake = Intake("", read_roster(graded / "roster.csv"), told, read_due(due))
        place = write(layout, handed, tmp_path / "class.zip")
        return Class(due, place, tmp_path / "scratch", intake, judged)

    return run


def points(layout: str) -> dict[str, float]:
    """What each student has before any penalty: tests and bonus."""
    jean = 17.0 if layout in ATTACHED else 14.0
    return {"ada": 17.0, "emile": 14.0, "jean": jean, "max1": 17.0, "max2": 4.0, "mary": 4.0}


def late(layout: str) -> dict[str, int | None]:
    """How late everyone is, as far as the system tells: emile by 24 hours and 59 minutes."""
    if layout == "canvas":
        return dict.fromkeys(NUMBERS, 0) | {"emile": None}
    known = layout in ("gradescope", "blackboard", "brightspace", "inbound", "submitted")
    return dict.fromkeys(NUMBERS, 0) | {"emile": 89940} if known else dict.fromkeys(NUMBERS)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_six_students_have_the_right_points_and_the_right_lateness(layout, read):
    rows = {row.student: row for row in read(layout).rows}
    assert {name: row.late_seconds for name, row in rows.items()} == late(layout)
    penalty = 2.8 if late(layout)["emile"] else 0.0
    assert {name: row.penalty for name, row in rows.items()} == dict.fromkeys(NUMBERS, 0.0) | {"emile": penalty}
    wanted = points(layout)
    assert {name: row.tests + row.bonus for name, row in rows.items()} == wanted
    assert {name: row.score for name, row in rows.items()} == wanted | {"emile": 14.0 - penalty}
    assert {(row.max_score, row.status) for row in rows.values()} == {(22.0, "waiting")}
    unknown = [row for row in rows.values() if row.late_seconds is None]
    assert all("so without a penalty" in row.remarks for row in unknown)


@pytest.mark.parametrize("layout", ["moodle", "canvas", "hub"])
def test_times_are_supplied_where_a_system_tells_none(layout, read):
    times = "student,handed_in\nada,2026-11-20 22:59\nemile,2026-11-22 00:59\njean,2026-11-20T21:59Z\n"
    rows = {row.student: row for row in read(layout, times).rows}
    assert (rows["ada"].late_seconds, rows["jean"].late_seconds) == (0, 0)
    assert (rows["emile"].late_seconds, rows["emile"].penalty) == (89940, 2.8)
    assert rows["emile"].handed_in == "2026-11-22 00:59:00+01:00"


def canvas_template() -> str:
    header = "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (12),Tiny course (4711),Final Score\n"
    rows = [f'"{one.last}, {one.first}",{one.number},,{one.id}@x.org,A,5,,80\n' for one in PEOPLE]
    return f'{header}    Points Possible,,,,,10,22,(read only)\n{"".join(rows)}"Student, Test",99999,,t,A,,,\n'


TEMPLATES = {
    "canvas": canvas_template().replace('"Student, Test",99999,,t,A,,,\n', ""),
    "moodle": "Identifier,Full name,Status,Grade,Maximum grade,Grade can be changed,Last modified (grade),"
    "Feedback comments\n"
    + "".join(f"Participant {one.number + 1000000},{one.name},x,,22.00,Yes,-,<p>kept</p>\n" for one in PEOPLE),
    "blackboard": "Last Name\tFirst Name\tUsername\tOther [Total Pts: 5 Score] |1\t"
    "Tiny course [Total Pts: 22 Score] |4711\n"
    + "".join(f"{one.last}\t{one.first}\t{one.number}_x\t3\t\n" for one in PEOPLE),
    "brightspace": "OrgDefinedId,Username,Tiny course Points Grade <Numeric MaxPoints:22>,End-of-Line Indicator\n"
    + "".join(f"#{one.number},#{one.id},,#\n" for one in PEOPLE),
}


def filled_in(due, read_one: Class, system: str, tmp_path: Path, template: str, encoding: str = "utf-8", **options):
    path = tmp_path / "template.csv"
    path.write_bytes(template.encode(encoding))
    return scores_for(system, due, read_one.rows, read_one.hand_ins, path, **options)


@pytest.mark.parametrize("system", TEMPLATES)
def test_what_goes_back_is_taken_by_the_system_and_gives_everyone_their_points(system, due, read, tmp_path):
    one = read(system)
    encoding = "utf-16" if system == "blackboard" else "utf-8-sig"
    filled = filled_in(due, one, system, tmp_path, TEMPLATES[system], encoding, waiting="tests")
    filled.table.write(tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_bytes().decode(encoding)
    grades = getattr(lms_import, system)(text, {person.id: person.number for person in PEOPLE})
    assert {number: float(grade) for number, grade in grades.items()} == {
        NUMBERS[row.student]: row.score for row in one.rows
    }
    assert not filled.unmatched and not filled.notes
    before = list(csv.reader(io.StringIO(TEMPLATES[system])))
    after = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    if system != "blackboard":
        changed = {
            place
            for old, new in zip(before, after, strict=True)
            for place in range(len(old))
            if old[place] != new[place]
        }
        assert len(changed) == 1  # the assignment's own column


@pytest.mark.parametrize("system", ["canvas", "moodle", "brightspace"])
def test_a_file_made_without_a_template_is_taken_and_says_what_may_happen(system, due, read):
    one = read(system)
    filled = scores_for(system, due, one.rows, one.hand_ins, waiting="tests")
    text = io.StringIO()
    csv.writer(text).writerows(filled.table.rows)
    grades = getattr(lms_import, system)(text.getvalue(), {person.id: person.number for person in PEOPLE})
    assert len(grades) == 6 and filled.notes and not filled.unmatched


def test_written_answers_that_wait_leave_a_blank_unless_asked(due, read, tmp_path):
    one = read("canvas")
    filled = filled_in(due, one, "canvas", tmp_path, TEMPLATES["canvas"])
    assert {row[6] for row in filled.table.rows[2:]} == {""}
    [told] = filled.notes
    assert told.startswith("no score is written, as written answers wait for a person") and "ada, emile" in told
    done = [replace(row, status="not graded", score=None) if row.student == "ada" else row for row in one.rows]
    notes = scores_for("canvas", due, done, one.hand_ins, tmp_path / "template.csv").notes
    assert "no score is written, as they are not graded: ada" in notes
    done = [replace(row, status="complete") for row in one.rows]
    path = tmp_path / "template.csv"
    assert {row[6] for row in scores_for("canvas", due, done, one.hand_ins, path).table.rows[2:]} == {"17", "14", "4"}


def test_an_excused_student_stays_excused_and_is_told(due, read, tmp_path):
    template = TEMPLATES["canvas"].replace("ada@x.org,A,5,,80", "ada@x.org,A,5,EX,80")
    filled = filled_in(due, read("canvas"), "canvas", tmp_path, template, waiting="tests")
    assert [row[6] for row in filled.table.rows if row[1] == "12345"] == ["EX"]
    assert filled.notes == ("excused in Canvas, and left so: ada",) and not filled.unmatched


def test_students_who_are_not_in_the_template_are_listed(due, read, tmp_path):
    template = "".join(line for line in TEMPLATES["canvas"].splitlines(True) if "12349" not in line)
    filled = filled_in(due, read("canvas"), "canvas", tmp_path, template, waiting="tests")
    assert filled.unmatched == ("max2",) and filled.matched == 5


@pytest.mark.parametrize(
    ("system", "old", "new", "told"),
    [
        ("canvas", "Tiny course (4711)", "Homework 2 (4711)", "has no column for 'Tiny course'; it has 'Homework 1'"),
        ("canvas", "Homework 1 (12)", "Tiny course (12)", "has several columns for 'Tiny course'"),
        ("canvas", ",ID,", ",Nr,", "is no gradebook of Canvas"),
        ("canvas", ",123", ",993", "has none of the 6 students; is it of another course"),
        ("moodle", "Identifier", "Who", None),
        ("moodle", ",Grade,", ",Note,", "name the column of grades with --column"),
        ("blackboard", "Tiny course [", "Other course [", "has no column for 'Tiny course'"),
        ("brightspace", "Tiny course", "Other", "has no column for 'Tiny course'; it has 'Other'"),
    ],
)
def test_a_template_that_does_not_fit_is_refused_in_one_line(system, old, new, told, due, read, tmp_path):
    template = TEMPLATES[system].replace(old, new).replace("@x.org", "@y.org")
    one = read(system)
    if told is None:
        assert filled_in(due, one, system, tmp_path, template).matched == 6
        return
    with pytest.raises(WrongCall) as problem:
        filled_in(due, one, system, tmp_path, template)
    assert told in str(problem.value) and "\n" not in str(problem.value)


def test_moodle_takes_no_grade_above_its_maximum_so_it_is_listed(due, read, tmp_path):
    template = TEMPLATES["moodle"].replace("22.00", "15.00")
    filled = filled_in(due, read("moodle"), "moodle", tmp_path, template, waiting="tests")
    assert set(filled.unmatched) == {"ada", "max1"}
    assert "ada has 17 points, more than Moodle's maximum, and is left out" in filled.notes
    assert "its maximum there is 15, and these are points of 22: change one of them" in filled.notes


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_the_command_writes_students_csv_and_says_who_is_late_by_an_unknown_amount(graded):
    rows = rows_of(graded / "out" / "students.csv")
    assert list(rows) == sorted(NUMBERS) and rows["max1"]["name"] == rows["max2"]["name"] == "Max Müller"
    assert rows["emile"]["late_seconds"] == "" and "late by an unknown amount" in rows["emile"]["remarks"]
    assert "not known how late, so without a penalty: emile" in (graded / "said.txt").read_text()
    page = (graded / "out" / "report.html").read_text(encoding="utf-8")
    assert "late by an unknown amount" in page and "Émile Zola" in page


def test_a_run_on_one_student_keeps_the_others_and_the_gradebook_has_the_same_totals(due, graded):
    times = graded / "times.csv"
    times.write_text("student,handed_in\nemile,2026-11-22 00:59\n", encoding="utf-8")
    emile = next(one for one in class_of(due, graded / "again") if one.person.id == "emile")
    place = graded / "emile_tiny.zip"
    place.write_bytes(zipped(emile.files))
    before = rows_of(graded / "out" / "students.csv")
    done = autograder(due, "grade", place, "--out", graded / "out", "--times", times)
    assert done.returncode == 0, done.stderr
    after = rows_of(graded / "out" / "students.csv")
    assert {name: row for name, row in after.items() if name != "emile"} == {
        name: row for name, row in before.items() if name != "emile"
    }
    assert (after["emile"]["penalty"], after["emile"]["score"]) == ("2.8", "11.2")
    with (graded / "out" / "scores.csv").open(encoding="utf-8") as file:
        assert {row["student"] for row in csv.DictReader(file)} == set(NUMBERS)
    with Gradebook(f"sqlite:///{due.dist / 'nbgrader' / 'gradebook.db'}", due.name) as gradebook:
        totals = {
            one.student.id: max(0.0, one.score - (one.late_submission_penalty or 0))
            for one in gradebook.assignment_submissions(due.name)
        }
        assert gradebook.find_submission(due.name, "emile").total_seconds_late == 89940
    assert {name: float(row["score"]) for name, row in after.items()} == pytest.approx(totals)


def test_the_command_writes_scores_and_exits_1_if_someone_is_missing(due, graded):
    template = graded / "short.csv"
    template.write_text("".join(line for line in canvas_template().splitlines(True) if "12349" not in line), "utf-8")
    out = graded / "upload.csv"
    options = ("--graded", graded / "out", "--template", template, "--out", out, "--waiting", "tests")
    done = autograder(due, "scores", "--for", "canvas", *options)
    assert done.returncode == 1 and "NOT IN IT: max2" in done.stderr and "5 students" in done.stdout
    assert out.read_text("utf-8").splitlines()[0] == canvas_template().splitlines()[0]
    done = autograder(due, "scores", "--for", "ilias", "--graded", graded / "out")
    assert done.returncode == 2 and "no such system" in done.stderr


def test_an_extension_for_nobody_is_one_line_before_anything_is_graded(due, graded, tmp_path):
    path = due.folder / "extensions.csv"
    path.write_text("student,due\nnobody,2026-12-01 10:00\n", encoding="utf-8")
    try:
        place = graded / "canvas.zip"
        done = autograder(due, "grade", place, "--out", tmp_path / "out", "--roster", graded / "roster.csv")
    finally:
        path.unlink()
    assert done.returncode == 2 and "'nobody' is not in" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and not (tmp_path / "out" / "scores.csv").exists()
