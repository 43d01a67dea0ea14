"""The demo's table: both tools side by side, whatever a notebook's problem is."""

from pathlib import Path

from autograder.judge import Results
from autograder.run.graded import Graded, NotGraded
from autograder.verify.demo import _tell

GRADED = Results("ada", "first", 1, ())


def graded(student: str, score: float) -> Graded:
    return Graded(student, "first", GRADED, {"q1": score, "written": None})


def test_tools_that_agree_are_said_to(capsys):
    assert _tell(Path("out"), ["ada"], [graded("ada", 2.0)], [graded("ada", 2.0)])
    said = capsys.readouterr().out
    assert "Both tools give the same score" in said
    assert [line.split() for line in said.splitlines() if line.startswith("ada")] == [["ada", "2", "2"]]


def test_a_notebook_that_one_tool_could_not_grade_is_a_question_mark_and_a_difference(capsys):
    failed = NotGraded("bob", "first", "its worker died")
    nbgraders, otters = [graded("ada", 2.0), failed], [graded("ada", 2.0), graded("bob", 1.0)]
    assert not _tell(Path("out"), ["ada", "bob"], nbgraders, otters)
    said = capsys.readouterr().out
    assert "THE TOOLS DISAGREE" in said
    rows = {line.split()[0]: line.split()[1:] for line in said.splitlines() if line.startswith(("ada", "bob"))}
    assert rows["bob"] == ["?", "|", "1", "0", "|", "1"]
    assert not _tell(Path("out"), ["ada", "bob"], otters, nbgraders)
    assert not _tell(Path("out"), ["ada", "bob"], [graded("ada", 2.0), failed], [graded("ada", 2.0), failed])
