"""Each student gets one page, of which nothing is active, and which is made again only if something changed."""

import base64
import io
import json
import re
import shutil
import zipfile
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash
from PIL import Image

from autograder.course.skeleton import OURS
from autograder.errors import NothingGraded, WrongCall
from autograder.intake.owners import Origin
from autograder.run.hand_ins import HandIns, Known
from autograder.run.to_students.feedback import make_pages
from autograder.run.to_students.handed_back import into_exchange, zip_for_moodle
from tests.command import autograder
from tests.engines.conftest import run_tool
from tests.run.browser import axe, browser, violations
from tests.tiny import FIRST, SECOND, UPPER, hand_in_solved

pytestmark = pytest.mark.room

SCRIPT = "<script>LEAK()</script> <img src=x onerror=LEAK()>"
SECRET = "a secret of ada's"
COMMENT = f"**Nearly**: {SCRIPT} why is $m < n$?"


def picture() -> str:
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "navy").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def write_into(path: Path, question: str, source: str, attachments: dict[str, str]) -> None:
    """Write a student's answer to a written question, with what Jupyter attaches to it."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        ours = cell.metadata.get(OURS, {})
        if ours.get("question") == question and ours.get("role") == "answer":
            cell.source = source
            cell.attachments = {name: {"image/png": data} for name, data in attachments.items()}
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def graded(tiny, tmp_path_factory):
    """ada has all right; eve wrote with pictures and was commented on; kim handed in one notebook."""
    folder = tmp_path_factory.mktemp("graded")
    for student in ("ada", "eve"):
        hand_in_solved(tiny, folder / "handins" / student / tiny.name, UPPER if student == "eve" else {})
    hand_in_solved(tiny, folder / "handins" / "kim" / tiny.name, {}, FIRST)
    eve = folder / "handins" / "eve" / tiny.name
    attached = {"image.png": picture()}
    write_into(eve / f"{FIRST}.ipynb", "q2", "See ![my sketch](attachment:image.png) and $m^2$.", attached)
    pasted = f"![one](data:image/png;base64,{picture()}) words behind it ![two](data:image/png;base64,AAAA) {SCRIPT}"
    write_into(eve / f"{SECOND}.ipynb", "q6", pasted, {})
    shutil.copytree(tiny.dist / "nbgrader", folder / "course")
    arguments = ["grade", folder / "handins", f"--out={folder / 'out'}", f"--nbgrader-course={folder / 'course'}"]
    done = autograder(f"--course={tiny.folder}", *arguments)
    assert done.returncode == 0, done.stderr
    comment(folder, tiny, "eve", SECOND, "q6", COMMENT, 1.5)
    return folder


def comment(folder: Path, course, student: str, notebook: str, question: str, text: str, points: float) -> None:
    with Gradebook(f"sqlite:///{folder / 'course' / 'gradebook.db'}", course.name) as book:
        grade = book.find_grade(question, notebook, course.name, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.find_comment(question, notebook, course.name, student).manual_comment = text
        book.db.commit()


def make(tiny, graded, *only: str):
    return make_pages(tiny, graded / "course", graded / "out", only, lambda *_: None)


@pytest.fixture(scope="module")
def pages(tiny, graded):
    return {student: page.read_text() for student, page in make(tiny, graded).pages.items()}


def soup_of(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


def test_a_page_has_the_points_of_all_notebooks_the_hints_and_what_to_do_next(pages):
    ada, eve, kim = (soup_of(pages[student]) for student in ("ada", "eve", "kim"))
    assert re.search(r"17 of \d+ points, so far", ada.find(class_="total").text), "the bonus counts, and two wait"
    assert "median" in eve.find(id="q1").find_parent("article").text
    steps = [item.a.text for item in eve.find(class_="next").find_all("li")]
    assert steps == ["q1", "q6"], "the question with the most points to gain comes first"
    assert "Its notebook was not handed in." in kim.find(id="q3").find_parent("article").text
    assert [len(page.find_all("article")) for page in (ada, eve, kim)] == [7, 7, 7]


def test_text_and_pictures_stand_on_the_page_and_in_the_autograded_notebook(tiny, graded, pages):
    for name, question, words in ((FIRST, "q2", "See"), (SECOND, "q6", "words behind it")):
        answer = soup_of(pages["eve"]).find(id=question).find_parent("article").find(class_="own")
        assert words in answer.text
        assert answer.img["src"].startswith("data:image/png;base64,") and answer.img["alt"] in ("my sketch", "one")
        path = graded / "course" / "autograded" / "eve" / tiny.name / f"{name}.ipynb"
        [cell] = [
            cell
            for cell in json.loads(path.read_text())["cells"]
            if cell["metadata"].get(OURS, {}).get("question") == question and cell["metadata"][OURS]["role"] == "answer"
        ]
        assert "data:image/png;base64," in "".join(cell["source"]) and "attachments" not in cell
    assert "The picture pasted-2 cannot be shown, because it is no PNG, JPEG, GIF or WebP." in pages["eve"]


def test_a_tas_comment_is_shown_and_does_nothing(pages):
    shown = soup_of(pages["eve"]).find(class_="comment")
    assert shown.strong.text == "Nearly" and shown.math.text == "m<n" and "<script>LEAK()</script>" in shown.text


def test_no_page_holds_anything_active_or_fetches_anything(pages):
    for page in pages.values():
        soup = soup_of(page)
        assert not soup.find_all(["script", "iframe", "object", "embed", "link", "form", "svg"])
        for tag in soup.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")]
            assert not tag.get("src") or tag["src"].startswith("data:image/")
        assert "url(" not in page and "@import" not in page
        policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
        assert policy.startswith("default-src 'none'") and "script-src" not in policy


def test_a_page_can_be_read_by_everyone(pages):
    for page in pages.values():
        soup = soup_of(page)
        assert soup.html["lang"] == "en" and soup.title.text
        levels = [int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert all(image.get("alt") for image in soup.find_all("img"))
        assert soup.find("meta", attrs={"name": "viewport"})
        assert len(re.sub(r'src="data:[^"]*"', "", page)) < 300_000


def test_only_what_changed_is_made_again(tiny, graded, pages):
    assert make(tiny, graded).new == 0
    comment(graded, tiny, "kim", FIRST, "q2", "Good. <script>LEAK()</script> <img src=x onerror=LEAK()>", 3)
    assert make(tiny, graded, "ada").new == 0, "kim was not asked for"
    made = make(tiny, graded)
    page = made.pages["kim"].read_text()
    assert made.new == 1 and "Good." in page and "<script" not in page and "<img src=x" not in page
    made.pages["ada"].unlink()
    assert make(tiny, graded).new == 1


def test_a_student_whom_nobody_graded_is_a_wrong_call(tiny, graded, tmp_path):
    with pytest.raises(WrongCall, match="--only nobody"):
        make(tiny, graded, "nobody")
    with pytest.raises(NothingGraded):
        make_pages(tiny, tiny.dist / "nbgrader", tmp_path, (), lambda *_: None)


def test_students_whom_another_run_graded_have_no_page_here(tiny, graded, tmp_path):
    out = Path(shutil.copytree(graded / "out", tmp_path / "out", ignore=shutil.ignore_patterns("feedback")))
    rows = (out / "students.csv").read_text().splitlines(keepends=True)
    rows = [row.replace("kim,", "zoe,", 1) for row in rows]
    (out / "students.csv").write_text("".join(rows))
    made = make_pages(tiny, graded / "course", out, (), lambda *_: None)
    assert made.left_out == (("zoe", "is not in the gradebook; grade the hand-in once more"),)
    assert (set(made.pages), made.others, (out / "feedback" / "kim").exists()) == ({"ada", "eve"}, 1, False)
    with pytest.raises(WrongCall, match=f"--only kim: nobody of this name has been graded in {out}"):
        make_pages(tiny, graded / "course", out, ("kim",), lambda *_: None)


def test_moodle_takes_a_zip_of_folders_by_its_own_numbers(tiny, graded, tmp_path):
    known = HandIns(
        (
            Known("ada", Origin(lms="moodle", lms_id="1234", name="Ada d'O_Brien/é")),
            Known("eve", Origin(name="Eve." + "e" * 250, ids=(("moodle", "Participant 77"),))),
        )
    )
    pages = make(tiny, graded).pages
    back = zip_for_moodle(tiny, pages, known, tmp_path / "back.zip")
    assert back.students == 2 and back.missing == ("kim",)
    with zipfile.ZipFile(back.file) as archive:
        assert archive.namelist() == [
            "Ada d'O Brien é_1234_assignsubmission_file/feedback_tiny.html",
            f"Eve.{'e' * 96}_77_assignsubmission_file/feedback_tiny.html",
        ]
        assert archive.read(archive.namelist()[0]) == pages["ada"].read_bytes()


def test_nbgraders_own_release_feedback_gives_out_what_it_has_collected(tiny, graded):
    folder = graded / "course"
    collected = folder / "submitted" / "ada" / tiny.name
    collected.mkdir(parents=True)
    (collected / "timestamp.txt").write_text("2026-11-01 12:00:00.000000 UTC")
    (collected / "submission_secret.txt").write_text(SECRET)
    linked = folder / "submitted" / "kim" / tiny.name
    linked.mkdir(parents=True)
    (linked / "timestamp.txt").write_text("2026-11-01 12:00:00.000000 UTC")
    (linked / "submission_secret.txt").symlink_to(collected / "submission_secret.txt")
    old = folder / "feedback" / "eve" / tiny.name / f"{FIRST}.html"
    old.parent.mkdir(parents=True)
    old.write_text("of an earlier version, without a time")
    pages = make(tiny, graded).pages
    (folder / "exchange").mkdir()
    back = into_exchange(tiny, folder, pages)
    assert back.students == 1 and back.missing == ("eve", "kim"), "a link is nobody's secret"
    done = run_tool("nbgrader", "release_feedback", tiny.name, f"--Exchange.root={folder / 'exchange'}", cwd=folder)
    assert done.returncode == 0, done.stderr
    released = {path.name: path.read_bytes() for path in (folder / "exchange" / tiny.name / "feedback").iterdir()}
    names = {f"{notebook_hash(secret=SECRET, notebook_id=name)}.html" for name in (FIRST, SECOND)}
    assert released == dict.fromkeys(names, pages["ada"].read_bytes())


def test_the_command_tells_what_it_made_and_ends_with_1_if_a_student_is_missing_in_the_zip(tiny, graded):
    options = [f"--out={graded / 'out'}", f"--nbgrader-course={graded / 'course'}", "--for=moodle"]
    done = autograder(f"--course={tiny.folder}", "feedback", *options)
    assert done.returncode == 1 and "3 pages in" in done.stdout and "Wrote 0 students to" in done.stdout
    assert "NOT IN IT" in done.stderr and "ada, eve, kim" in done.stderr


@pytest.fixture(scope="module")
def axe_script(tmp_path_factory):
    browser()
    return axe(tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (400, True)])
def test_a_real_browser_finds_nothing_that_anyone_could_not_read(pages, axe_script, tmp_path, width, dark):
    assert violations(pages["eve"], axe_script, tmp_path, width, dark) == []


def test_the_browsers_check_would_find_it(pages, axe_script, tmp_path):
    worse = pages["eve"].replace('lang="en"', "").replace("--quiet: #565e66", "--quiet: #c0c4c8")
    found = {name for name, *_ in violations(worse, axe_script, tmp_path, 1400, False)}
    assert {"html-has-lang", "color-contrast"} <= found
