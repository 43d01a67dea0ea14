import pytest

from autograder.course.questions import HIDDEN_LINE, read_question, read_questions
from autograder.errors import CourseError
from tests.compound import COURSE

FILE = f'''\
"""q9: a test file."""
from otter.test_files import test_case

OK_FORMAT = False
name = "q9"
points = 3


@test_case(points=1)
def seen(answer):
    assert answer


{HIDDEN_LINE}


@test_case(points=2, hidden=True)
def unseen(answer):
    assert answer == 42
'''


@pytest.fixture
def read(tmp_path):
    """Reads a test file, changed from one text to another."""

    def from_text(old="", new=""):
        assert old in FILE
        path = tmp_path / "q9.py"
        path.write_text(FILE.replace(old, new) if old else FILE)
        question = read_question(path)
        question.check()
        return question

    return from_text


def test_students_get_the_text_above_the_line_only(read):
    question = read()
    assert (question.points, question.bonus) == (3, False)
    assert question.public_text.endswith("    assert answer\n")
    assert "hidden" not in question.public_text and "42" not in question.public_text
    assert "unseen" in question.hidden_text


def test_a_bonus_says_so(read):
    assert read("points = 3\n", "points = 3\nbonus = True\n").bonus


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("points = 3", "points = 4", "its cases' points are 3 together, its points 4"),
        ("points = 3\n", "", "no line 'points = …'"),
        ("points = 3\n", "points = 1.2.3\n", "points"),
        ('name = "q9"', 'name = "q8"', "its name is 'q8', not 'q9'"),
        ("points=1)", "points=1, hidden=True)", "the hidden case seen is above the line"),
        ("points=2, hidden=True)", "points=2)", "the public case unseen is below the line"),
        (HIDDEN_LINE, "", "the hidden case unseen is above the line"),
        (HIDDEN_LINE, HIDDEN_LINE.replace("----", "---"), "the hidden case unseen is above the line"),
        ("@test_case(points=2, hidden=True)", "@test_case(points=2, hidden=True", "q9.py"),
    ],
)
def test_what_otter_would_pass_over_in_silence_is_refused(read, old, new, reason):
    with pytest.raises(CourseError, match=reason):
        read(old, new)


def test_the_courses_own_test_files_hold():
    questions = read_questions(COURSE.questions)
    assert {name: (q.points, q.bonus) for name, q in questions.items()}.items() >= {
        "q1_2": (4, False),
        "q1_3": (4, False),
        "q1_4": (4, False),
        "q2_2": (6, False),
        "q2_3": (4, False),
        "q3_1": (12, False),
        "x2_grid": (3, True),
    }.items()
