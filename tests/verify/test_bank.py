"""The answer bank is read as it is written, and says of each question what must come of it."""

import pytest

from autograder.course.questions import read_questions
from autograder.course.skeleton import load_skeletons
from autograder.errors import CourseError
from autograder.verify.bank import ELSEWHERE, Bank, place
from autograder.verify.one_question import notebook_of
from tests.compound import BANK, COURSE

ANSWERS = BANK.answers
LEAST = {"right": 8, "wrong": 12}
LEAST_OF_VALUES = {"right": 3, "wrong": 12}
"""Of questions that ask for values and no code: there are few right answers."""

VALUES = {"x_bugs", "x_order", "x_own_code"}


def read(folder, text, question="q2_2"):
    (folder / f"{question}.py").write_text(text)
    return Bank(folder).answers[question]


def placed(answer):
    return place(answer, load_skeletons(COURSE)[notebook_of(COURSE, answer.question)])


def test_every_tested_question_has_enough_answers():
    assert ANSWERS.keys() == read_questions(COURSE.questions).keys()
    for question, answers in ANSWERS.items():
        right, least = sum(answer.right for answer in answers), LEAST_OF_VALUES if question in VALUES else LEAST
        assert right >= least["right"] and len(answers) - right >= least["wrong"], question


def test_every_answer_takes_the_place_of_a_cell():
    for answers in ANSWERS.values():
        for answer in answers:
            assert placed(answer).replaced, f"{answer.question}, {answer.name}: no cell of it answers anything"


def test_a_wrong_answer_states_points_below_the_questions():
    points = {name: question.points for name, question in read_questions(COURSE.questions).items()}
    for answer in (answer for answers in ANSWERS.values() for answer in answers if not answer.right):
        assert 0 <= answer.points < points[answer.question], answer.name


def test_a_header_says_the_verdict_and_later_cells_belong_to_it(tmp_path):
    right, wrong = read(
        tmp_path,
        '"""Answers."""\n\n'
        '# %% right="in two cells"\nhelper = 3\n\n# %%\ndef conv_macs(*sizes):\n    return helper\n\n'
        '# %% wrong="cut off" points=1.5 says="SyntaxError" cell="conv_macs"\ndef conv_macs(\n',
    )
    assert (right.name, right.right, right.points) == ("in two cells", True, None)
    assert [source for source, _ in right.cells] == ["helper = 3", "def conv_macs(*sizes):\n    return helper"]
    assert (wrong.points, wrong.says, wrong.cells) == (1.5, "SyntaxError", (("def conv_macs(", "conv_macs"),))
    assert placed(right).added == ("helper = 3",) and placed(right).replaced.keys() == {"q2_2-conv_macs"}


def test_a_cell_that_defines_several_names_empties_their_other_cells(tmp_path):
    (answer,) = read(tmp_path, '# %% right="both"\ndef conv_macs(): ...\ndef network_macs(): ...\n')
    replaced = placed(answer).replaced
    assert replaced["q2_2-conv_macs"].startswith("def conv_macs") and replaced["q2_2-network_macs"] == ELSEWHERE
    assert "q2_2-flops_multiplier" not in replaced


@pytest.mark.parametrize(
    "text, said",
    [
        ('# %% wrong="a"\nx = 1\n', "states points"),
        ('# %% wrong="a" points="1" says=""\nx = 1\n', "states points"),
        ('# %% right="a" point=1\nx = 1\n', "known are"),
        ('# %% right="a"\nx = 1\n\n# %% right="a"\nx = 2\n', "two answers are called"),
        ('# %%\nx = 1\n\n# %% right="a"\nx = 2\n', "before the first answer"),
        ('# %% [raw] right="a" like="b"\n# -x\n', "no answer before it is called 'b'"),
        ('# %% right="b"\nx = 1\n\n# %% [raw] right="a" like="b"\n# -x = 2\n', "this stands 0 times"),
        ('# %% right="b"\nx = 1\nx = 1\n\n# %% [raw] right="a" like="b"\n# -x = 1\n', "this stands 2 times"),
    ],
)
def test_what_is_wrong_in_a_header_is_said(tmp_path, text, said):
    with pytest.raises(CourseError, match=said):
        read(tmp_path, text)


def test_an_answer_is_another_one_with_lines_changed_added_and_taken_away(tmp_path):
    text = (
        '# %% right="a"\ndef conv_macs():\n    one = 1\n    two = 2\n\n    return one + two\n\n# %%\nkept = 4\n\n'
        '# %% [raw] wrong="b" points=1 says="c" like="a"\n'
        "# -    one = 1\n# +    one = 0\n# ...\n#      two = 2\n# +    three = 3\n#\n# -    return one + two\n"
    )
    _, wrong = read(tmp_path, text)
    assert wrong.cells == (("def conv_macs():\n    one = 0\n    two = 2\n    three = 3\n", ""), ("kept = 4", ""))
    assert (wrong.points, wrong.says) == (1.0, "c")


def test_a_cell_that_is_not_there_is_said(tmp_path):
    (answer,) = read(tmp_path, '# %% right="a" cell="conv_mac"\nx = 1\n')
    with pytest.raises(CourseError, match="no answer cell of conv_mac"):
        placed(answer)
