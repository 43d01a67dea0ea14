"""A class in term: TAs' points without regrading, answers that change, and runs on a part of the class."""

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import expect
from sqlalchemy import text

from autograder.course import Course, load_course
from autograder.judge import Results
from autograder.run.written.sheet import read_sheets
from tests.command import autograder, run
from tests.scalelab.lab import open_lab, open_page
from tests.tiny import FIRST, SECOND, UPPER, hand_in_solved, release_tiny

pytestmark = [pytest.mark.room, pytest.mark.tool]

DUE = '\n[deadline]\ndue = "2026-11-20 12:00+00:00"\npercent_per_day = 10\n'
TIMES = "student,handed_in\nada,2026-11-20 10:00+00:00\ncarl,2026-11-21 10:00+00:00\n"
"""carl is a day late."""

WRITTEN = "The median hardly moves."


class Class:
    """A graded class in a folder of its own: the course, what was handed in, nbgrader's folder and --out."""

    def __init__(self, folder: Path):
        self.folder, self.out = folder, folder / "out"
        self.course: Course = load_course(folder / "tiny")

    def autograder(self, *arguments: str | Path) -> subprocess.CompletedProcess:
        return autograder(f"--course={self.course.folder}", *arguments)

    def grade(self, *options: str | Path) -> str:
        """Grade it, which must go well. Returns what was said."""
        place = self.folder / "handins"
        usual = ("--out", self.out, "--times", self.folder / "times.csv", "--workers=1")
        done = self.autograder("grade", place, *usual, *options)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def report(self) -> str:
        """Write the report anew, which must go well. Returns what was said."""
        done = self.autograder("report", "--out", self.out, "--nbgrader-course", self.nbgrader)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def feedback(self, student: str) -> str:
        """A student's page of feedback."""
        done = self.autograder("feedback", "--out", self.out, "--nbgrader-course", self.nbgrader)
        assert done.returncode == 0, done.stderr
        return (self.out / "feedback" / student / "feedback.html").read_text(encoding="utf-8")

    @property
    def nbgrader(self) -> Path:
        return self.course.dist / "nbgrader"

    def hand_in(self, student: str, answers: dict[str, str]) -> None:
        hand_in_solved(self.course, self.folder / "handins" / student / self.course.name, answers)

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        with Gradebook(f"sqlite:///{self.nbgrader / 'gradebook.db'}", self.course.name) as book:
            yield book
            book.db.commit()

    def grade_by_hand(self, student: str, question: str, points: float, extra: float | None = None, said: str = ""):
        """As formgrader does it when a TA types points and a comment."""
        notebook = SECOND if question in ("q3", "q4", "q5", "x1", "q6") else FIRST
        with self.gradebook() as book:
            grade = book.find_grade(question, notebook, self.course.name, student)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, extra, False
            if said:
                book.find_comment(question, notebook, self.course.name, student).manual_comment = said

    def asks(self, student: str, question: str) -> bool:
        """Whether nbgrader asks for a person."""
        notebook = SECOND if question == "q6" else FIRST
        with self.gradebook() as book:
            return book.find_grade(question, notebook, self.course.name, student).needs_manual_grade

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.out / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def score(self, student: str, question: str) -> tuple[str, str]:
        [row] = [one for one in self.rows("scores.csv") if (one["student"], one["question"]) == (student, question)]
        return row["score"], row["status"]

    def student(self, student: str) -> dict[str, str]:
        [row] = [one for one in self.rows("students.csv") if one["student"] == student]
        return row

    def changes(self) -> list[tuple[str, ...]]:
        return [tuple(row.values()) for row in self.rows("changes.csv")]

    def results(self, student: str, notebook: str) -> Results:
        return Results.from_json((self.out / "results" / student / f"{notebook}.json").read_text())

    def exported(self) -> dict[str, float]:
        """Everyone's total, as `nbgrader export` tells it."""
        to = self.folder / "grades.csv"
        run("nbgrader", "export", f"--to={to}", cwd=self.nbgrader).check_returncode()
        with to.open(newline="", encoding="utf-8") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="session")
def graded_once(tmp_path_factory) -> Path:
    """ada has everything, carl part of q1. A test must not change it."""
    folder = tmp_path_factory.mktemp("term")
    course = release_tiny(folder / "tiny").course
    with (course.folder / "course.toml").open("a", encoding="utf-8") as file:
        file.write(DUE)
    (folder / "times.csv").write_text(TIMES, encoding="utf-8")
    term = Class(folder)
    term.hand_in("ada", {"q2-answer": WRITTEN})
    term.hand_in("carl", UPPER | {"q2-answer": WRITTEN})
    term.grade()
    return folder


@pytest.fixture
def term(graded_once: Path, tmp_path: Path) -> Class:
    """A copy of it, which a test may change."""
    return Class(Path(shutil.copytree(graded_once, tmp_path / "term")))


def test_report_brings_the_points_of_tas_into_every_file_without_grading(term):
    assert (term.student("carl")["status"], term.student("carl")["penalty"]) == ("waiting", "1.5")
    kept = {path: path.stat().st_mtime_ns for path in (term.out / "results").rglob("*.json")}
    for student in ("ada", "carl"):
        term.grade_by_hand(student, "q2", 3, extra=0.5)
        term.grade_by_hand(student, "q6", 3)
    term.grade_by_hand("carl", "q1", 6)
    assert "changed: carl, q1: 4 → 6 (a TA's points)" in term.report()
    assert {path: path.stat().st_mtime_ns for path in (term.out / "results").rglob("*.json")} == kept
    assert [term.score("carl", name) for name in ("q1", "q2", "q6")] == [
        ("6", "correct"),
        ("3.5", "partial"),
        ("3", "correct"),
    ]
    row = term.student("carl")
    assert (row["tests"], row["written"], row["bonus"], row["status"]) == ("15", "6.5", "2", "complete")
    assert (row["penalty"], row["score"]) == ("2.35", "21.15"), "a tenth of 21.5 and of the bonus"
    assert ("carl", FIRST, "q2", "", "3.5", "a TA's points") in term.changes()
    page = (term.out / "report.html").read_text(encoding="utf-8")
    assert "<b>21.15</b></td>" in page and ">−2.35</td>" in page
    totals = {row["student"]: float(row["score"]) for row in term.rows("students.csv")}
    assert term.exported() == pytest.approx(totals)
    term.report()
    assert term.changes() == [], "nothing has changed since the last report"


def test_feedback_after_formgrader_has_the_penalty_and_the_total_of_the_tables(term):
    term.grade_by_hand("carl", "q2", 4)
    page = term.feedback("carl")
    assert (term.student("carl")["penalty"], term.score("carl", "q2")) == ("1.9", ("4", "correct"))
    assert ">−1.9</td>" in page and ">−1.5</td>" not in page


def test_no_page_is_made_from_another_runs_points(term):
    [notebook] = (term.folder / "handins" / "ada").rglob(f"{FIRST}.ipynb")
    notebook.unlink()
    second = term.folder / "second"
    done = term.autograder("grade", term.folder / "handins", f"--out={second}", "--workers=1")
    assert done.returncode == 0, done.stderr
    done = term.autograder("feedback", f"--out={term.out}")
    assert done.returncode == 1
    assert "NO PAGE: ada: the gradebook holds the points of another run" in done.stderr
    done = term.autograder("grade", term.folder / "handins", f"--out={term.folder / 'otter'}", "--engine=otter")
    assert done.returncode == 0, done.stderr
    done = term.autograder("feedback", f"--out={term.folder / 'otter'}")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and "was not graded with nbgrader" in done.stderr


def test_a_student_is_deleted_whole_or_not_at_all(term):
    (term.out / "regrades.csv").write_text("student,question,asked,before,decided,by,after\ncarl,q1,why?,4,no,,4\n")
    done = term.autograder("student", "ada", "--delete", "--yes", f"--out={term.out}")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and "'by' is empty" in done.stderr
    with term.gradebook() as book:
        assert "ada" in {one.id for one in book.students}
    assert (term.out / "results" / "ada").is_dir()


FULL = """
import sqlite3
connect = sqlite3.dbapi2.connect
def full(*given, **named):
    connection = connect(*given, **named)
    connection.execute("PRAGMA max_page_count = 1")  # which becomes what the file has
    return connection
sqlite3.connect = sqlite3.dbapi2.connect = full
"""
"""For sitecustomize: no database grows any more."""


def test_a_gradebook_that_is_full_is_the_machines_trouble_in_one_line(term):
    (term.folder / "sitecustomize.py").write_text(FULL)
    needs_room = "INSERT INTO student (id) VALUES (hex(randomblob(1000000)))"
    with term.gradebook() as book:
        book.db.execute(text(f"CREATE TRIGGER grows BEFORE DELETE ON submitted_assignment BEGIN {needs_room}; END"))
    words = ("student", "carl", "--delete", "--yes", f"--out={term.out}")
    done = autograder(f"--course={term.course.folder}", *words, PYTHONPATH=str(term.folder))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "the gradebook: database or disk is full; put that right, then try again" in done.stderr


def test_a_written_answer_that_changed_after_it_was_graded_asks_again_and_says_so(term):
    for student in ("ada", "carl"):
        term.grade_by_hand(student, "q2", 3, extra=0.5, said="Which village?")
        term.grade_by_hand(student, "q6", 2)
    term.grade_by_hand("carl", "q1", 5.5)
    term.hand_in("ada", {"q2-answer": "The mean moves."})
    (term.folder / "handins" / "carl" / term.course.name / f"{SECOND}.ipynb").touch()  # read again, and the same
    said = term.grade()
    told = "the answer has changed since a TA gave 3.5 points: look at it again"
    assert f"look at ada, q2: {told}" in said and "carl, q" not in said.split("changed")[0]
    assert (term.asks("ada", "q2"), term.asks("ada", "q6")) == (True, False)
    assert not any(term.asks("carl", question) for question in ("q1", "q2"))
    assert [term.score("ada", "q2"), term.score("ada", "q6")] == [("3.5", "ungraded"), ("2", "partial")]
    assert [term.score("carl", "q2"), term.score("carl", "q1")] == [("3.5", "partial"), ("5.5", "partial")]
    assert (term.student("ada")["status"], term.student("carl")["status"]) == ("waiting", "complete")
    assert told in (term.out / "report.html").read_text(encoding="utf-8")
    with term.gradebook() as book:
        comment = book.find_comment("q2", FIRST, term.course.name, "carl")
        assert comment.manual_comment == "Which village?"
    term.grade()
    assert term.asks("ada", "q2"), "it still waits"
    term.grade_by_hand("ada", "q2", 1)
    assert "look at" not in term.report()
    assert term.score("ada", "q2") == ("1", "partial")
    term.grade()
    assert not term.asks("ada", "q2")


def test_who_handed_in_on_a_day_at_an_unknown_time_reads_the_least_of_it(term):
    (term.folder / "times.csv").write_text("student,handed_in\nada,2026-11-20\ncarl,2026-11-21\n", encoding="utf-8")
    said = term.grade()
    assert "not known how late, so without a penalty: ada" in said and "with the least penalty: carl" in said
    assert (term.student("ada")["penalty"], term.student("carl")["penalty"]) == ("0", "1.5")
    assert "at least 12 hours" in term.feedback("carl") and "Handed in late" not in term.feedback("ada")
    page = (term.out / "report.html").read_text(encoding="utf-8")
    assert "so without a penalty (--times may tell it)" in page and "late by at least that" in page


def test_times_that_are_left_out_of_a_later_run_are_missed(term):
    told = "an earlier run knew when they handed in, and this one does not; name --times again: "
    assert told not in term.grade()
    (term.folder / "times.csv").write_text("student,handed_in\nada,2026-11-20 10:00Z\n", encoding="utf-8")
    assert f"{told}carl\n" in term.grade()
    assert told not in term.grade(), "it was said"


def test_tas_see_the_rubric_beside_an_answer_and_students_never_do(term):
    term.grade()
    autograded = (term.nbgrader / "autograded" / "ada" / term.course.name / f"{FIRST}.ipynb").read_text()
    assert "BEGIN MARK SCHEME" in autograded and "one very large income moves the mean" in autograded
    clean = (term.nbgrader / "intake" / "ada" / term.course.name / f"{FIRST}.ipynb").read_text()
    assert "MARK SCHEME" not in clean
    assert term.autograder("feedback", "--out", term.out, "--nbgrader-course", term.nbgrader).returncode == 0
    pages = [path.read_text(encoding="utf-8") for path in (term.out / "feedback").rglob("*.html")]
    assert pages and not any("MARK SCHEME" in page or "one very large income" in page for page in pages)


def test_points_typed_in_formgrader_beside_the_rubric_reach_the_report_and_the_feedback(term, tmp_path):
    with open_lab(term.nbgrader, tmp_path) as address, open_page(1200) as page:
        page.goto(address.replace("doc/tree/{}", "formgrader/gradebook"))
        page.click(f"a:text-is('{term.course.name}')")
        page.click(f"a:text-is('{FIRST}')")
        page.click("a:has-text('Submission #1')")
        expect(page.get_by_text("one very large income moves the mean")).to_be_visible()
        page.wait_for_load_state("networkidle")  # until formgrader has its points, it does not notice what is typed
        student = page.locator("li.live-notebook a.name-shown").text_content().strip()
        for place, typed in (("input#q2", "3"), ("textarea#q2-comment", "Why **hardly**?")):
            with page.expect_response(lambda answer: answer.request.method == "PUT") as saved:
                page.fill(place, typed)
                page.press(place, "Tab")
            assert saved.value.ok
    assert f"changed: {student}, q2: no points yet → 3 (a TA's points)" in term.report()
    assert term.score(student, "q2") == ("3", "partial")
    page_of_student = term.feedback(student)
    assert "3 of 4" in page_of_student and "Why <strong>hardly</strong>?" in page_of_student


def mend_a_test(term: Class) -> None:
    """Have q1 ask for the upper one of two numbers in the middle: carl's answer, and not ada's."""
    path = term.course.questions / "q1.py"
    text = path.read_text(encoding="utf-8")
    assert "(low + high) / 2, hints" in text
    path.write_text(text.replace("(low + high) / 2, hints", "high, hints"), encoding="utf-8")


def times_of(folder: Path, pattern: str) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob(pattern)}


def test_of_whom_nothing_changed_nothing_is_written_again_and_whoever_changed_is(term):
    term.grade()  # a copy lies elsewhere, so this writes everyone down
    autograded = term.nbgrader / "autograded"
    results, notebooks = times_of(term.out, "*.json"), times_of(autograded, "*.ipynb")
    term.grade_by_hand("ada", "q2", 2)
    term.grade()
    assert times_of(autograded, "*.ipynb") == notebooks
    assert (
        times_of(term.out / "results", "*.json").items()
        <= {name.removeprefix("results/"): time for name, time in results.items()}.items()
    )
    assert term.score("ada", "q2") == ("2", "partial"), "TAs' points come in all the same"
    term.hand_in("carl", {"q2-answer": WRITTEN})
    said = term.grade()
    after = times_of(autograded, "*.ipynb")
    assert {name for name in after if after[name] != notebooks[name]} == {
        f"carl/tiny/{name}.ipynb" for name in (FIRST, SECOND)
    }
    assert "changed: carl, q1: 4 → 6 (the hand-in changed)" in said
    assert term.changes() == [("carl", FIRST, "q1", "4", "6", "the hand-in changed")]


def test_a_gradebook_that_was_changed_behind_our_back_is_written_again(term):
    term.grade()
    with term.gradebook() as book:
        book.find_grade("q1", FIRST, term.course.name, "ada").auto_score = 1
    (term.nbgrader / "autograded" / "carl" / term.course.name / f"{SECOND}.ipynb").unlink()
    term.grade()
    assert term.score("ada", "q1") == ("6", "correct")
    with term.gradebook() as book:
        assert book.find_grade("q1", FIRST, term.course.name, "ada").auto_score == 6
    assert (term.nbgrader / "autograded" / "carl" / term.course.name / f"{SECOND}.ipynb").is_file()


def test_a_mended_test_is_judged_for_those_who_were_named_and_then_for_all(term):
    mend_a_test(term)
    before = {name: term.results(name, SECOND) for name in ("ada", "carl")}
    said = term.grade("--only", "q1", "--only", "carl")
    assert "changed: carl, q1: 4 → 6 (its test changed)" in said
    assert "2 of 2 notebooks graded (1 judged now, 1 kept from before), " in said
    assert "not among those of --only, so their rows stay as they were: 1 of 2 students" in said
    assert [line.split()[1] for line in said.splitlines() if line.startswith("carl ")] == [FIRST]
    assert "not known yet" not in said
    assert [term.score(name, "q1")[0] for name in ("ada", "carl")] == ["6", "6"], "ada is not judged, and stays"
    assert term.score("ada", "q3")[0] == "4" and len(term.rows("scores.csv")) == 14
    assert {row["student"] for row in term.rows("students.csv")} == {"ada", "carl"}
    assert term.student("carl")["tests"] == "15"
    for name in ("q3", SECOND):
        term.grade("--only", name)
        assert term.score("ada", "q1")[0] == "6", "another notebook than the one that was asked for"
    assert "changed: ada, q1: 6 → 4 (its test changed)" in term.grade()
    assert {name: term.results(name, SECOND) for name in before} == before, "no test of this notebook changed"
    again = term.grade("--only", "ada", "--again")
    assert "changed:" not in again
    assert term.results("ada", SECOND).seconds != before["ada"].seconds
    assert term.results("carl", SECOND).seconds == before["carl"].seconds


def test_only_names_a_question_or_someone_who_has_handed_in(term):
    place = term.folder / "handins"
    kept = {path.name: path.read_bytes() for path in term.out.glob("*.csv")}
    done = term.autograder("grade", place, "--out", term.out, "--only", "eve")
    assert done.returncode == 2
    assert done.stderr == (
        "autograder: --only eve: is no question or notebook of this course, and nobody of that name has handed in\n"
    )
    assert {path.name: path.read_bytes() for path in term.out.glob("*.csv")} == kept


def test_a_question_alone_leaves_no_half_graded_total(term):
    shutil.rmtree(term.out)
    shutil.rmtree(term.nbgrader)
    from autograder.release.build import build, write

    write(build(term.course))
    said = term.grade("--only", "q1")
    assert {row["question"] for row in term.rows("scores.csv")} >= {"q1", "q2", "q3"}, "all of it was new"
    assert term.student("ada")["tests"] == "15"
    assert "not known yet, so all notebooks are graded and not only those of --only: ada, carl" in said


def test_a_sheet_goes_out_and_comes_back_into_the_gradebook_as_formgrader_writes_it(term):
    term.grade_by_hand("carl", "q6", 2, said="An example?")
    where = ("--graded", term.out, "--nbgrader-course", term.nbgrader)
    sheet = term.folder / "written.csv"
    done = term.autograder("written", "--out", sheet, *where)
    assert done.returncode == 0, done.stderr
    assert term.autograder("written", "--out", sheet, *where).returncode == 2, "it may hold points"
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["student"], row["question"], row["points"]) for row in rows] == [
        ("ada", "q2", ""),
        ("carl", "q2", ""),
        ("ada", "q6", ""),
        ("carl", "q6", "2"),
    ]
    criteria = [name for name in rows[0] if name.startswith("q2.")]
    assert rows[0]["answer"] == WRITTEN and len(criteria) == 2
    rows[0] |= {criteria[0]: "x", criteria[1]: "1", "comment": "Why?", "extra_credit": "0.5"}
    rows[2] |= {"points": "9"}
    _write(sheet, rows)
    done = term.autograder("written", "--in", sheet, *where)
    assert done.returncode == 2
    assert done.stderr.strip().endswith("9 in 'points' is more than the most, 3; nothing was written")
    assert term.asks("ada", "q2")
    rows[2] |= {"points": "3"}
    _write(sheet, rows)
    done = term.autograder("written", "--in", sheet, *where)
    assert (done.returncode, done.stdout.split(" from")[0]) == (0, "Took 2 answers"), done.stderr
    with term.gradebook() as book:
        grade = book.find_grade("q2", FIRST, term.course.name, "ada")
        assert (grade.manual_score, grade.extra_credit, grade.needs_manual_grade) == (3, 0.5, False)
        assert book.find_comment("q2", FIRST, term.course.name, "ada").manual_comment == "Why?"
        assert book.find_comment("q6", SECOND, term.course.name, "carl").manual_comment == "An example?"
    assert (term.score("ada", "q2"), term.student("ada")["status"]) == (("3.5", "partial"), "complete")
    assert term.score("carl", "q6") == ("2", "partial")


def test_two_tas_with_copies_of_one_sheet_are_told_which_answers_both_have_graded(term):
    where = ("--graded", term.out, "--nbgrader-course", term.nbgrader)
    kim, lee = term.folder / "kim.csv", term.folder / "lee.csv"
    assert term.autograder("written", "--out", kim, *where).returncode == 0
    with kim.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    _write(kim, [rows[0] | {"points": "3"}, *rows[1:]])
    _write(lee, [rows[0] | {"points": "1"}, rows[1] | {"points": "2"}, *rows[2:]])
    assert term.autograder("written", "--in", kim, *where).returncode == 0
    done = term.autograder("written", "--in", lee, *where)
    assert (done.returncode, done.stdout.split(" from")[0]) == (1, "Took 1 answer"), "carl's is graded once"
    told = "NOT TAKEN: line 2 (ada, q2): 1 point here, and 3 points in the gradebook, given since the sheet was made"
    assert done.stderr.splitlines()[-1] == f"{told}, by kim.csv; --overwrite replaces that"
    assert (term.score("ada", "q2")[0], term.score("carl", "q2")[0]) == ("3", "2")
    done = term.autograder("written", "--in", lee, "--overwrite", *where)
    assert (done.returncode, term.score("ada", "q2")[0]) == (0, "1"), done.stderr


def test_two_sheets_that_are_taken_at_the_same_moment_are_both_kept(term):
    where = ("--graded", term.out, "--nbgrader-course", term.nbgrader)
    sheets = [term.folder / name for name in ("kim.csv", "lee.csv")]
    for sheet in sheets:
        assert term.autograder("written", "--out", sheet, *where).returncode == 0
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        [criterion, *_] = [name for name in rows[0] if name.startswith("q2.")]
        number = sheets.index(sheet)
        _write(sheet, [row | ({criterion: "x"} if place == number else {}) for place, row in enumerate(rows)])
    command = [sys.executable, "-m", "autograder", f"--course={term.course.folder}", "written", *where, "--in"]
    both = [subprocess.Popen([*command, sheet], stdout=subprocess.PIPE, text=True) for sheet in sheets]
    assert [one.communicate()[0].split(" from")[0] for one in both] == ["Took 1 answer"] * 2
    assert read_sheets(term.out).given.keys() == {"ada", "carl"}


def test_a_sheet_holds_one_runs_answers_and_out_names_the_run_wherever_it_is_no_file(term):
    rows = (term.out / "scores.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (term.out / "scores.csv").write_text("".join(row for row in rows if not row.startswith("carl,")), encoding="utf-8")
    sheet, where = term.folder / "written.csv", ("--nbgrader-course", term.nbgrader)
    done = term.autograder("written", "--out", sheet, "--graded", term.out, *where)
    assert done.stdout.startswith("Wrote 2 answers"), done.stderr
    done = term.autograder("written", "--in", sheet, "--out", term.out, *where)
    assert done.stdout.startswith("Took 0 answers"), done.stderr
    (term.course.folder / "extensions.csv").write_text("student,due\nkarl,2026-11-27 10:00Z\n", encoding="utf-8")
    done = term.autograder("report", "--graded", term.out, *where)
    assert (done.returncode, done.stderr.strip()) == (0, "extensions for nobody who handed in: karl")
    done = term.autograder("scores", "--for=csv", "--out", term.out)
    assert done.returncode == 0 and (term.out / "scores_csv.csv").is_file(), done.stderr
    done = term.autograder("scores", "--for=csv", "--out", term.out, "--graded", term.out)
    assert done.returncode == 2 and "is a folder; name the file to write" in done.stderr
    done = term.autograder("feedback", "--out", term.folder / "graded", *where)
    assert done.returncode == 2 and "holds no students.csv" in done.stderr and not (term.folder / "graded").exists()


def test_feedback_tells_by_which_criteria_a_sheet_gave_points_until_they_change(term):
    where = ("--graded", term.out, "--nbgrader-course", term.nbgrader)
    sheet = term.folder / "written.csv"
    assert term.autograder("written", "--out", sheet, *where).returncode == 0
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    criteria = [name for name in rows[0] if name.startswith("q2.")]
    rows[0] |= {criteria[0]: "x", "comment": "Why?"}
    rows[1] |= {"points": "2"}
    _write(sheet, rows)
    assert term.autograder("written", "--in", sheet, *where).returncode == 0
    told = "one very large income moves the mean"
    ada, carl = term.feedback("ada"), term.feedback("carl")
    assert re.search(rf"<li>(\d) of \1: [^<]*{told}", ada) and "<li>0 of " in ada, "one is met, and one is not"
    assert "How it was graded" not in carl, "only points were typed"
    term.grade_by_hand("ada", "q2", 2.5)
    assert "How it was graded" not in term.feedback("ada"), "these points are formgrader's"


def _write(sheet: Path, rows: list[dict[str, str]]) -> None:
    """As a spreadsheet saves it in a country of decimal commas."""
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def test_a_regrade_request_is_asked_decided_with_points_and_told_in_feedback(term):
    where = ("--out", term.out, "--nbgrader-course", term.nbgrader)
    for wrong, told in (
        (("eve", "q1", "--asked", "why?"), "regrade: eve: is no student that was graded here"),
        (("carl", "q9", "--asked", "why?"), "regrade: q9: is no question that was graded here"),
        (("carl", "q1", "--decided", "no", "--by", "Kim"), "nothing is asked and open"),
        (("carl", "q1", "--decided", "no"), "--decided needs --by"),
        (("carl", "q1"), "either --asked or --decided"),
    ):
        done = term.autograder("regrade", *wrong, *where)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1) and told in done.stderr
    assert term.autograder("regrade", "carl", "q1", "--asked", "Is <b>4</b> right?", *where).returncode == 0
    assert "Is &lt;b&gt;4&lt;/b&gt; right?" in (term.out / "report.html").read_text(encoding="utf-8"), (
        "what is asked stands in the report at once"
    )
    listed = term.autograder("regrade", *where).stdout
    assert listed.strip() == "carl, q1: Is <b>4</b> right? (4 points)"
    page = term.feedback("carl")
    assert "Is &lt;b&gt;4&lt;/b&gt; right?" in page and "Not decided yet." in page
    decided = ("--decided", "The case is unclear.", "--by", "Kim")
    assert "q1 has from 0 to 6" in term.autograder("regrade", "carl", "q1", *decided, "--points", "7", *where).stderr
    done = term.autograder("regrade", "carl", "q1", *decided, "--points", "5", *where)
    assert "4 points → 5 points" in done.stdout and "changed: carl, q1: 4 → 5 (a TA's points)" in done.stderr
    assert term.score("carl", "q1") == ("5", "partial")
    assert "Kim: The case is unclear.</b> (4 points → 5 points)" in term.feedback("carl")
    assert "no request is open" in term.autograder("regrade", *where).stdout
    assert "0 open, 1 decided" in (term.out / "report.html").read_text(encoding="utf-8")
    page = (term.out / "regrades.csv").read_text(encoding="utf-8-sig")
    (term.out / "regrades.csv").write_text(page.replace("Kim", ""), encoding="utf-8")
    done = term.autograder("feedback", *where)
    assert done.returncode == 2 and "line 2: 'decided' is filled in, and 'by' is empty" in done.stderr
    term.report()
    assert "line 2: &#39;decided&#39; is filled in, and" in (term.out / "report.html").read_text(encoding="utf-8")
