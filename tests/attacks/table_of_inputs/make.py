"""Hands in a table of what an earlier answer of the same run was asked, in the place of an answer."""

from autograder.course.answered import model_answers
from autograder.course.questions import read_question
from autograder.course.submission import Cell
from autograder.judge.seeds import Seeds
from notebook_checks import judging
from tests.attacks.handin_files import cell, edit
from tests.attacks.running import SEED
from tests.compound import COURSE

ANSWER = "q1_2-stage_output_shape"


def make(folder):
    table = asked(SEED) | asked(seed_of_the_model_answer())
    source = f"table = {table!r}\n\n\ndef stage_output_shape(*args):\n    return table.get(args)\n"
    edit(folder, lambda content: cell(content, ANSWER).update(source=source), "1_intuition.ipynb")


def seed_of_the_model_answer():
    """The model answer is what the earlier hand-in had."""
    seeds = Seeds(SEED)
    seeds.add(Cell(ANSWER, "code", "answer", "q1_2", model_answers(COURSE)[ANSWER]))
    return seeds.of(read_question(COURSE.questions / "q1_2.py"))


def asked(seed):
    """What the question's cases ask with a seed, and what is right: {arguments: shape}."""
    found = {}

    def stage_output_shape(height, width, inputs, outputs, stride, repeats):
        right = -(-height // stride), -(-width // stride), outputs
        found[height, width, inputs, outputs, stride, repeats] = right
        return right

    with judging(seed, eval):
        for case in read_question(COURSE.questions / "q1_2.py").judged_cases():
            case.body.call_func({"stage_output_shape": stage_output_shape})
    return found
