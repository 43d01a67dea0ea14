"""Of an answer that stands in another notebook it is said where it belongs."""

import json

from autograder.course.answered import fill, model_answers
from autograder.intake.collect import clean, collect
from tests.compound import COURSE
from tests.intake.intake_files import code

FIRST, SECOND, THIRD = "1_intuition", "2_compound_scaling", "3_efficientnet"


def absent(tmp_path, skeletons, released, without, then=()):
    """What is said of three notebooks, answered but for some cells: notebook → pairs of question and sentence."""
    answers = {cell: source for cell, source in model_answers(COURSE).items() if cell not in without}
    for name in (FIRST, SECOND, THIRD):
        notebook = json.loads(json.dumps(fill(skeletons[name], answers)))
        notebook["cells"] += [code(source) for where, source in then if where == name]
        path = tmp_path / "class" / "ada" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    [one] = collect(tmp_path / "class", scratch, released)
    return {name: rebuilt.submission.absent for name, rebuilt in clean(one, released).items()}


def test_an_answer_in_another_notebook_is_named_with_where_it_belongs(tmp_path, skeletons, released):
    then = [(SECOND, "def compose(stages):\n    return lambda x: x")]
    told = absent(tmp_path, skeletons, released, {"q1_3-compose", "q3_net-round_repeats"}, then)
    [(question, sentence)] = told[FIRST]
    assert question == "q1_3"
    assert sentence == f"compose stands in {SECOND}.ipynb and is not in {FIRST}.ipynb: put it into its answer cell."
    assert [question for question, _ in told[THIRD]] == ["q3_net"] and not told[SECOND]


def test_nothing_is_said_of_answers_that_stand_in_their_notebook_or_nowhere(tmp_path, skeletons, released):
    told = absent(tmp_path, skeletons, released, {"q1_2-stage_output_shape"}, [(SECOND, "compose = 3")])
    assert not any(told.values())
