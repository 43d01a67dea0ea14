"""Students made of the bank show every answer, in any company, and are the same each time."""

from itertools import pairwise

import nbformat

from autograder.verify.students import Made, draw_students, write_students
from tests.compound import BANK, COURSE

ANSWERS = BANK.answers


def banks(*notebooks):
    """The bank of each notebook, given as its questions."""
    return [{question: ANSWERS[question] for question in questions} for questions in notebooks]


SOME = banks(("q1_2", "q1_3"), ("q2_2", "q2_3"))


def test_every_answer_is_shown_and_combinations_come_on_top():
    students = draw_students(SOME, 5, seed=1)
    for bank in SOME:
        longest = max(len(answers) for answers in bank.values())
        for question, answers in bank.items():
            shown = [student.answers[question] for student in students if question in student.answers]
            assert set(shown) == set(answers) and len(shown) == longest + 5


def test_a_notebook_that_is_through_is_not_handed_in_again(tmp_path):
    students = draw_students(SOME, 0, seed=1)
    assert "q1_2" in students[0].answers and "q1_2" not in students[-1].answers
    write_students(COURSE, students[-1:], ["1_intuition", "2_compound_scaling"], tmp_path)
    assert [path.stem for path in tmp_path.rglob("*.ipynb")] == ["2_compound_scaling"]


def test_answers_of_two_questions_do_not_always_meet():
    students = draw_students(banks(("q2_2", "q2_3")), 60, seed=1)
    pairs = {(one.answers["q2_2"].name, one.answers["q2_3"].name) for one in students}
    assert len(pairs) > len(students) / 2
    assert any(one.answers["q2_2"] != other.answers["q2_2"] for one, other in pairwise(students))


def test_a_seed_gives_the_same_students():
    assert draw_students(SOME, 3, seed=4) == draw_students(SOME, 3, seed=4) != draw_students(SOME, 3, seed=5)


def test_an_answer_stands_in_its_cells_and_own_cells_before_them(tmp_path):
    answer = next(one for one in ANSWERS["q2_2"] if len(one.cells) > 1)
    write_students(COURSE, [Made("eva", {"q2_2": answer})], ["2_compound_scaling"], tmp_path)
    notebook = nbformat.read(tmp_path / "eva" / COURSE.name / "2_compound_scaling.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells]
    for source, _ in answer.cells:
        assert source in sources
