"""`autograder new` writes a whole course or nothing, and the course is a good one."""

import os
import re

import pytest

from autograder.course import load_course
from autograder.course.answered import model_answers
from autograder.course.new import STARTER, new_course
from autograder.course.questions import read_questions
from autograder.errors import WrongCall
from autograder.release.build import build
from autograder.verify.bank import bank_of

pytestmark = pytest.mark.tool


@pytest.mark.parametrize("name", ["physics-1", "My_Course", "x"])
def test_a_course_gets_its_name_from_its_folder_and_keeps_everything_inside(tmp_path, name):
    course = load_course(new_course(tmp_path / "not" / "there" / name))
    assert course.name == name
    assert course.release == course.folder / "notebooks" and course.dist == course.folder / "dist"
    made = {path.relative_to(course.folder) for path in course.folder.rglob("*") if path.is_file()}
    there = {path.relative_to(STARTER) for path in STARTER.rglob("*") if path.is_file()}
    assert made == {path for path in there if "__pycache__" not in path.parts}
    text = "".join((course.folder / path).read_text() for path in made)
    assert "COURSE_" not in text
    assert f"# {course.title}\n" in (course.folder / "README.md").read_text()


def test_the_course_can_be_released_and_has_a_tested_and_a_written_question_and_a_bank(tmp_path):
    course = load_course(new_course(tmp_path / "mine"))
    release = build(course)
    [(name, question)] = read_questions(course.questions).items()
    assert question.hidden_text and release.sources[0].written_points("q2") > 0
    assert course.settings.points == question.points + release.sources[0].written_points("q2")
    assert {answer.right for answer in bank_of(course).answers[name]} == {True, False}
    assert f"{name}-median" in model_answers(course)


def test_the_readme_names_every_file_and_every_command_of_a_term(tmp_path):
    text = (new_course(tmp_path / "mine") / "README.md").read_text()
    named = set(re.findall(r"^\| `([^` ]+)` \|", text, re.MULTILINE))
    there = {str(path.relative_to(STARTER)) for path in STARTER.rglob("*.*") if path.suffix in (".py", ".toml")}
    assert named == there | {"notebooks/", "dist/"}
    commands = re.findall(r"`autograder (\w+)", text)
    assert [one for one in commands if one.islower()][-7:] == [
        "release", "verify", "demo", "grade", "report", "feedback", "solutions"
    ]  # fmt: skip


def test_an_empty_folder_that_is_there_becomes_the_course(tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    inode = os.stat(".").st_ino
    assert load_course(new_course(tmp_path / "mine" / ".")).name == "mine"
    assert os.stat(".").st_ino == inode == (tmp_path / "mine").stat().st_ino, "a shell in the folder stays in it"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]
    assert {path.name for path in STARTER.iterdir()} - {"__pycache__"} == set(os.listdir("."))


@pytest.mark.parametrize("name", ["1_course", "two words", "-x", "größe", "a.b"])
def test_a_folder_whose_name_is_no_name_for_a_course_is_refused(tmp_path, name):
    with pytest.raises(WrongCall, match="is no name for a course"):
        new_course(tmp_path / name)
    assert not any(tmp_path.iterdir())


def test_what_is_there_is_never_written_over(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("years of work")
    with pytest.raises(WrongCall, match="is not empty"):
        new_course(tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.tex"]
    (tmp_path / "file").touch()
    with pytest.raises(WrongCall, match="no course can be written there"):
        new_course(tmp_path / "file")


@pytest.mark.parametrize("place", ["/proc/course", "/dev/null/course"])
def test_a_place_where_nothing_can_be_written_is_one_line(place):
    with pytest.raises(WrongCall, match=f"{place}: no course can be written there: ") as raised:
        new_course(type(STARTER)(place))
    assert "\n" not in str(raised.value)


def test_a_course_that_cannot_be_written_whole_is_not_written_at_all(tmp_path, monkeypatch):
    def fail(folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("autograder.course.new._fill_in", fail)
    for folder in (tmp_path / "mine", tmp_path / "empty"):
        with pytest.raises(WrongCall, match="No space left on device"):
            new_course(folder)
        assert not list(tmp_path.rglob("*.toml"))
    assert not (tmp_path / "mine").exists()
