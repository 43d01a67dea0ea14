"""One-liners that pass every assert of the stock tools. Here they must gain nothing, with either engine."""

import os

import pytest

from autograder.course import ASSIGNMENT, COURSE
from autograder.engines.verdicts import Grading
from autograder.room import Limits
from autograder.run.grading import Run, grade_class
from tests.engines.conftest import hand_in

DROP_ASSERTS = """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return None
    def visit_Raise(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(Drop())
"""
LIAR = """
class Liar(float):
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __sub__ = __rsub__ = __abs__ = lambda self, *other: 0.0
    __hash__ = float.__hash__
class LiarDict(dict):
    __eq__ = lambda self, other: True
    __contains__ = lambda self, key: True
    __getitem__ = get = lambda self, key, *other: Liar()
    keys = lambda self: {"depth", "width", "resolution"}
    items = lambda self: [(key, Liar()) for key in self.keys()]
    __iter__ = lambda self: iter(self.keys())
    __len__ = lambda self: 3
conv_macs = network_macs = flops_growth = flops_growth_rule = lambda *args, **kwargs: Liar()
round_repeats = round_channels = lambda *args, **kwargs: Liar()
flops_multiplier = LiarDict()
"""
DO_EXECUTE = """
async def do_execute(*args, **kwargs):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
get_ipython().kernel.do_execute = do_execute
"""
ATTACKS = {
    "abs": "abs = lambda x: 0",
    "ast_transformer": DROP_ASSERTS,
    "lying_float": LIAR,
    "call_func": "import otter.test_files.exception_test as e\ne.test_case.call_func = lambda *args: None",
    "pickle_dump": "import pickle\npickle.dump = lambda *args, **kwargs: None",
    "do_execute": DO_EXECUTE,
    "responder": (
        "kernel = get_ipython().kernel\n"
        "import sys, types\n"
        "import scalelab.checking.values as values\n"
        "values.plain = lambda *args: 0\n"
        "values.expect_close = values.expect_equal = lambda *args, **kwargs: None"
    ),
}


@pytest.mark.parametrize("engine", ["nbgrader", "otter"])
def test_attacks_gain_nothing(engine, course, classroom, tmp_path):
    """Each attacker hands in the untouched release with the attack in an answer cell that stands before checks."""
    for name, attack in ATTACKS.items():
        place = tmp_path / "handins" / name / ASSIGNMENT
        hand_in(place, {"q2_2-conv_macs": attack}, "2_compound_scaling")
    grading = Grading(tmp_path / "results", 3, limits=Limits(cell_seconds=5, call_seconds=2), course=course)
    run = Run(tmp_path / "handins", grading, engine, classroom, workers=os.cpu_count() or 1)
    graded = grade_class(run, lambda *_: None)
    assert len(graded) == len(ATTACKS) * len(COURSE.notebooks)
    assert [one.problem for one in graded] == [""] * len(graded)
    gained = {(one.student, one.notebook): sum(score or 0 for score in one.scores.values()) for one in graded}
    assert {who: score for who, score in gained.items() if score} == {}
