"""course.toml: what is right key by key, and wrong all the same, is said before anything is made of it."""

import pytest

from autograder.course import load_course
from autograder.course.settings import FILE
from autograder.errors import CourseError
from autograder.release.build import build
from tests.small_course import edit

DATA = 'data = ["data/incomes"]'
LARGEST = 'name = "largest.txt"'
QUESTION = 'question = "q5"'
DEADLINE = '[deadline]\ndue = 9999-12-31T23:59:59\ntime_zone = "America/New_York"\n\n[students]'


@pytest.mark.parametrize(
    "given",
    [
        *("questions", "answers", "grading", "attachments", ".", "..", "questions/../questions", "dist"),
        *("data/incomes/../../questions", "course.toml", "1_averages.py"),
    ],
)
def test_data_that_would_hand_out_what_is_secret_are_refused(own_tiny, given):
    edit(own_tiny.folder / FILE, DATA, f'data = ["{given}"]')
    with pytest.raises(CourseError, match=r"students\.data: "):
        load_course(own_tiny.folder)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (DATA, 'data = ["data/incomes/village.csv"]', "village.csv is a file; name the folder"),
        (LARGEST, 'name = "1_averages.ipynb"', "would be read as a notebook"),
        (LARGEST, 'name = "Tiny.ZIP"', "opened as an archive"),
        (LARGEST, 'name = "tiny.tar.bz2"', "opened as an archive"),
        ("[students]", DEADLINE, "the year 9999 is too far away"),
    ],
)
def test_what_no_class_could_be_graded_with_is_refused(own_tiny, old, new, told):
    edit(own_tiny.folder / FILE, old, new)
    with pytest.raises(CourseError, match=told):
        load_course(own_tiny.folder)


def test_two_names_that_differ_in_capitals_are_one(own_tiny):
    text = (own_tiny.folder / FILE).read_text(encoding="utf-8")
    one = text[text.index("[[attachments]]") :].split("\n\n")[0]
    (own_tiny.folder / FILE).write_text(text + "\n" + one.replace("largest", "LARGEST") + "\n", encoding="utf-8")
    with pytest.raises(CourseError, match="is named twice"):
        load_course(own_tiny.folder)


def test_an_attachment_of_a_question_that_its_notebook_does_not_ask_is_refused(own_tiny):
    edit(own_tiny.folder / FILE, QUESTION, 'question = "q99"')
    with pytest.raises(CourseError, match=r"'largest\.txt' belongs to q99, which 2_spread does not ask"):
        build(load_course(own_tiny.folder))


def test_a_mark_of_the_byte_order_is_no_mistake(own_tiny):
    path = own_tiny.folder / FILE
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert load_course(own_tiny.folder).name == own_tiny.name
