"""The real `nbgrader` command, in a course that the release has made."""

import csv
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.release.leaks import find_leaks, secrets_of
from tests.engines.conftest import run_tool, submitted
from tests.tiny import FIRST, SECOND, hand_in_solved

pytestmark = pytest.mark.room

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
CHEAT = {
    "q3-deviation": "print('<b>LEAK</b>')\ndef deviation(numbers):\n    print('LEAK', numbers)\n    return 2",
}
"""It gives what the public example asks for, whatever it is asked."""


def grades(classroom: Path, student: str, notebook: str) -> dict:
    with Gradebook(f"sqlite:///{classroom / 'gradebook.db'}", "tiny") as gradebook:
        found = gradebook.find_submission_notebook(notebook, "tiny", student).grades
        return {grade.name: (grade.score, grade.extra_credit, grade.needs_manual_grade) for grade in found}


def test_autograde_feedback_and_export_work_on_a_class(tiny, classroom):
    hand_in_solved(tiny, submitted(classroom, "ada"))
    hand_in_solved(tiny, submitted(classroom, "eve"), CHEAT)
    text = "<script>LEAK()</script> [x](javascript:LEAK()) <img onerror=LEAK()> ![p](attachment:p.png) words behind it"
    script = nbformat.v4.new_markdown_cell(text, attachments={"p.png": {"image/png": PIXEL}})
    path = submitted(classroom, "eve") / f"{SECOND}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    page = nbformat.v4.new_output("display_data", data={"text/html": "<script>LEAK()</script>"})
    notebook.cells[2:2] = [script, nbformat.v4.new_code_cell("1", outputs=[page])]
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"</script><script>LEAK()": 1}}
    nbformat.write(notebook, path)
    (submitted(classroom, "kim")).mkdir(parents=True)
    (submitted(classroom, "kim") / f"{SECOND}.ipynb").write_text("{no notebook")

    done = run_tool("nbgrader", "autograde", "tiny", cwd=classroom)
    assert done.returncode == 0, done.stderr
    ada = grades(classroom, "ada", SECOND)
    assert ada["q3"] == (4, None, False)
    assert ada["x1"] == (2, None, False), "a bonus has points on a cell of none, and extra credit is a TA's"
    assert ada["q6"][2], "a written question waits for a person"
    assert 0 < grades(classroom, "eve", SECOND)["q3"][0] < 4
    assert grades(classroom, "kim", SECOND)["q3"] == (0, None, False)

    autograded = (classroom / "autograded" / "eve" / "tiny" / f"{SECOND}.ipynb").read_text()
    assert "data:image/png;base64," in autograded and "words behind it" in autograded, "as the formgrader shows it"

    _grade_by_hand(classroom, "eve", "q6", 2.5, "Well argued.")
    assert run_tool("nbgrader", "generate_feedback", "tiny", cwd=classroom).returncode == 0
    pages = {path: path.read_text() for path in (classroom / "feedback").rglob("*.html")}
    assert len(pages) == 2 + 2 + 1
    _hold_no_secret(tiny, pages)
    eve = next(text for path, text in pages.items() if "eve" in path.parts and SECOND in path.name)
    assert _active_parts(eve) == []
    assert "('LEAK'" not in eve, "nothing that ran while grading is shown"
    assert _listed(eve)["q6"] == "2.5 of 3" and "Well argued." in eve
    ada = next(text for path, text in pages.items() if "ada" in path.parts and SECOND in path.name)
    assert _listed(ada) == {
        **{"q3": "4 of 4", "q4": "2 of 2", "x1": "2 as a bonus", "q5": "3 of 3"},
        "q6": "not graded yet, 3 at most",
    }
    assert "q6 waits for a person to read" in " ".join(ada.split())
    kim = next(text for path, text in pages.items() if "kim" in path.parts and SECOND in path.name)
    assert "No response." not in kim, "it is nbgrader's own, and no comment"
    assert "points, so far" in ada and "points, so far" not in eve, "who waits for a TA is told so"
    assert not any("<script" in page for page in pages.values())

    assert run_tool("nbgrader", "export", cwd=classroom).returncode == 0
    with (classroom / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["ada"]["score"]) == 15 + 2


def _grade_by_hand(classroom: Path, student: str, question: str, points: float, comment: str) -> None:
    with Gradebook(f"sqlite:///{classroom / 'gradebook.db'}", "tiny") as gradebook:
        grade = gradebook.find_grade(question, SECOND, "tiny", student)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_comment(question, SECOND, "tiny", student).manual_comment = comment
        gradebook.db.commit()


def _listed(page: str) -> dict[str, str]:
    """The questions of a feedback page, and what each was given. Its links must lead to what they name."""
    soup = BeautifulSoup(page, "html.parser")
    links = {link["href"] for link in soup.find_all("a") if link["href"].startswith("#")}
    assert links <= {f"#{tag['id']}" for tag in soup.find_all(id=True)}
    questions = soup.find_all("article")
    return {one.h3["id"]: " ".join(one.find(class_="verdict").text.split()) for one in questions}


def _active_parts(page: str) -> list[str]:
    """Whatever of a page's scripts, links and handlers holds LEAK."""
    soup = BeautifulSoup(page, "html.parser")
    scripts = [script.text for script in soup.find_all("script")]
    attributes = [str(value) for tag in soup.find_all(True) for value in tag.attrs.values()]
    return [part for part in scripts + attributes if "LEAK" in part]


def _hold_no_secret(course: Course, pages: dict[Path, str]) -> None:
    """No hidden test and no mark scheme; the answers that stand there are the students' own."""
    from autograder.release.build import read_questions, read_source

    sources = [read_source(course.source(name)) for name in course.notebooks]
    secrets = [
        secret
        for secret in secrets_of(sources, read_questions(course.questions).values())
        if "hidden" in secret.origin or "rubric" in secret.origin
    ]
    assert list(find_leaks(secrets, {path.name: text for path, text in pages.items()})) == []


def test_without_our_configuration_autograding_is_an_error_and_gives_no_points(tiny, classroom):
    hand_in_solved(tiny, submitted(classroom, "ada"))
    (classroom / "nbgrader_config.py").unlink()
    done = run_tool("nbgrader", "autograde", "tiny", f"--course={classroom}", cwd=classroom)
    assert done.returncode != 0
    assert tiny.kernel in done.stderr
    for notebook in (FIRST, SECOND):
        assert all(not score for score, _, _ in grades(classroom, "ada", notebook).values())


@pytest.mark.parametrize(
    ("kind", "told"), [("bwrap", "bubblewrap is not installed"), ("cell", "there is no such room")]
)
def test_without_the_room_that_is_asked_for_one_line_says_so_before_any_student_is_begun(tiny, classroom, kind, told):
    for student in ("ada", "bob"):
        hand_in_solved(tiny, submitted(classroom, student))
    with (classroom / "nbgrader_config.py").open("a") as config:
        config.write(f"\nimport os\nos.environ['PATH'] = ''\nc.JudgeCells.room = {kind!r}\n")
    done = run_tool("nbgrader", "autograde", "tiny", cwd=classroom)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    [line] = [line for line in done.stderr.splitlines() if "ERROR" in line]
    assert told in line and "c.JudgeCells.room" in line
    assert not (classroom / "autograded").exists()


def test_with_a_broken_configuration_too(tiny, classroom):
    hand_in_solved(tiny, submitted(classroom, "ada"))
    (classroom / "nbgrader_config.py").write_text("raise RuntimeError('broken')\n")
    done = run_tool("nbgrader", "autograde", "tiny", f"--course={classroom}", cwd=classroom)
    assert done.returncode != 0
    for notebook in (FIRST, SECOND):
        assert all(not score for score, _, _ in grades(classroom, "ada", notebook).values())


def test_the_version_of_nbgrader_is_the_one_that_was_tried():
    from importlib.metadata import version

    assert version("nbgrader") == "0.9.6", "read nbgrader's changelog, run these tests, then name the new version"
