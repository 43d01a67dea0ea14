"""The real `nbgrader` command, in a course that the release has made."""

import csv
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

from autograder.course.answered import add_attachments, model_answers
from autograder.release.leaks import find_leaks, secrets_of
from tests.compound import COURSE
from tests.engines.conftest import hand_in, run_tool, submitted

pytestmark = pytest.mark.room

SECOND = "2_compound_scaling"
CHEAT = {"q2_2-conv_macs": "print('<b>LEAK</b>')\ndef conv_macs(*args, **kwargs):\n    print('LEAK', args)"}


def grades(classroom: Path, student: str, notebook: str) -> dict:
    with Gradebook(f"sqlite:///{classroom / 'gradebook.db'}", COURSE.name) as gradebook:
        found = gradebook.find_submission_notebook(notebook, COURSE.name, student).grades
        return {grade.name: (grade.score, grade.extra_credit, grade.needs_manual_grade) for grade in found}


def test_autograde_feedback_and_export_work_on_a_class(classroom):
    model = model_answers(COURSE)
    hand_in(submitted(classroom, "ada"), model)
    add_attachments(COURSE, submitted(classroom, "ada"))
    hand_in(submitted(classroom, "eve"), model | CHEAT, *COURSE.notebooks[:2])
    script = nbformat.v4.new_markdown_cell("<script>LEAK()</script> [x](javascript:LEAK()) <img onerror=LEAK()>")
    path = submitted(classroom, "eve") / f"{SECOND}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    page = nbformat.v4.new_output("display_data", data={"text/html": "<script>LEAK()</script>"})
    notebook.cells[2:2] = [script, nbformat.v4.new_code_cell("1", outputs=[page])]
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"</script><script>LEAK()": 1}}
    nbformat.write(notebook, path)
    (submitted(classroom, "kim")).mkdir(parents=True)
    (submitted(classroom, "kim") / f"{SECOND}.ipynb").write_text("{no notebook")

    done = run_tool("nbgrader", "autograde", COURSE.name, cwd=classroom)
    assert done.returncode == 0, done.stderr
    ada = grades(classroom, "ada", SECOND)
    assert ada["q2_2"] == (6, None, False)
    assert ada["x2_grid"] == (3, None, False), "a bonus has points on a cell of none, and extra credit is a TA's"
    assert ada["q2_1"][2], "a written question waits for a person"
    assert 0 < grades(classroom, "eve", SECOND)["q2_2"][0] < 6
    assert grades(classroom, "kim", SECOND)["q2_2"] == (0, None, False)

    _grade_by_hand(classroom, "eve", "q2_1", 2.5, "Well argued.")
    assert run_tool("nbgrader", "generate_feedback", COURSE.name, cwd=classroom).returncode == 0
    pages = {path: path.read_text() for path in (classroom / "feedback").rglob("*.html")}
    assert len(pages) == len(COURSE.notebooks) + 2 + 1
    _hold_no_secret(pages)
    eve = next(text for path, text in pages.items() if "eve" in path.parts and SECOND in path.name)
    assert _active_parts(eve) == []
    assert "('LEAK'" not in eve, "nothing that ran while grading is shown"
    assert _listed(eve)["q2_1"] == "2.5 of 4" and "comment on q2_1" in _listed(eve)
    ada = next(text for path, text in pages.items() if "ada" in path.parts and SECOND in path.name)
    assert _listed(ada) == {
        "q2_1": "not graded yet, 4 at most",
        **{"q2_2": "6 of 6", "q2_3": "4 of 4", "q3_1": "12 of 12", "x2_grid": "3 as a bonus"},
    }
    assert "Score: 0.0" not in ada and ada.count("not graded yet, 4 at most") == 2, "above, and at the answer itself"
    kim = next(text for path, text in pages.items() if "kim" in path.parts and SECOND in path.name)
    assert not any("comment on" in what for what in _listed(kim)), "nbgrader's own 'No response.' is no comment"
    assert "points, so far" in ada and "points, so far" not in eve, "who waits for a TA is told so"

    assert run_tool("nbgrader", "export", cwd=classroom).returncode == 0
    rows = {row["student_id"]: row for row in csv.DictReader((classroom / "grades.csv").open())}
    assert float(rows["ada"]["score"]) == 79 + 7


def _grade_by_hand(classroom: Path, student: str, question: str, points: float, comment: str) -> None:
    with Gradebook(f"sqlite:///{classroom / 'gradebook.db'}", COURSE.name) as gradebook:
        grade = gradebook.find_grade(question, SECOND, COURSE.name, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_comment(question, SECOND, COURSE.name, student).manual_comment = comment
        gradebook.db.commit()


def _listed(page: str) -> dict[str, str]:
    """The table at the top of a feedback page, whose links must lead to what they name."""
    soup = BeautifulSoup(page, "html.parser")
    rows = soup.find(id="toc").find_all("tr")
    anchors = {anchor.get("name") for anchor in soup.find_all("a")}
    assert all(row.find("a")["href"].removeprefix("#") in anchors for row in rows)
    return {row.find("a").text: row.find_all("td")[-1].text for row in rows}


def _active_parts(page: str) -> list[str]:
    """Whatever of a page's scripts, links and handlers holds LEAK."""
    soup = BeautifulSoup(page, "html.parser")
    scripts = [script.text for script in soup.find_all("script")]
    attributes = [str(value) for tag in soup.find_all(True) for value in tag.attrs.values()]
    return [part for part in scripts + attributes if "LEAK" in part]


def _hold_no_secret(pages: dict[Path, str]) -> None:
    """No hidden test and no mark scheme; the answers that stand there are the students' own."""
    from autograder.release.build import read_questions, read_source

    sources = [read_source(COURSE.source(name)) for name in COURSE.notebooks]
    secrets = [
        secret
        for secret in secrets_of(sources, read_questions(COURSE.questions).values())
        if "hidden" in secret.origin or "rubric" in secret.origin
    ]
    assert list(find_leaks(secrets, {path.name: text for path, text in pages.items()})) == []


def test_without_our_configuration_autograding_is_an_error_and_gives_no_points(classroom):
    hand_in(submitted(classroom, "ada"), model_answers(COURSE))
    (classroom / "nbgrader_config.py").unlink()
    done = run_tool("nbgrader", "autograde", COURSE.name, f"--course={classroom}", cwd=classroom)
    assert done.returncode != 0
    assert COURSE.kernel in done.stderr
    for notebook in COURSE.notebooks:
        assert all(not score for score, _, _ in grades(classroom, "ada", notebook).values())


def test_with_a_broken_configuration_too(classroom):
    hand_in(submitted(classroom, "ada"), model_answers(COURSE))
    (classroom / "nbgrader_config.py").write_text("raise RuntimeError('broken')\n")
    done = run_tool("nbgrader", "autograde", COURSE.name, f"--course={classroom}", cwd=classroom)
    assert done.returncode != 0
    for notebook in COURSE.notebooks:
        assert all(not score for score, _, _ in grades(classroom, "ada", notebook).values())


def test_the_version_of_nbgrader_is_the_one_that_was_tried():
    from importlib.metadata import version

    assert version("nbgrader") == "0.9.6", "read nbgrader's changelog, run these tests, then name the new version"
