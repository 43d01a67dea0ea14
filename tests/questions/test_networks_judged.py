"""Notebook 3 in a real room: what is withheld there, and whose block a network is judged with."""

import json

import jupytext
import pytest

from autograder.course.questions import read_question, withheld_in
from autograder.course.submission import Cell
from autograder.errors import CourseError
from autograder.judge.cases import run_cases
from autograder.judge.session import Session
from autograder.judge.told import NOT_PASSED
from autograder.room import Limits, RoomLost
from tests.compound import COURSE

pytestmark = pytest.mark.room

QUESTIONS = {name: read_question(COURSE.questions / f"{name}.py") for name in ("q3_se", "q3_mbconv", "q3_net")}
SAID = "are not available here"


@pytest.fixture
def session():
    """A room with the model solution in it; what is played later replaces parts of it."""
    made = Session((), "none", Limits(), withheld=withheld_in(COURSE, "3_efficientnet"), needs=COURSE.room_needs)
    cells = jupytext.read(COURSE.source("3_efficientnet")).cells
    play(made, "import math\nimport torch\nimport torchvision\nfrom torch import nn")
    for cell in cells:
        if cell.metadata.get("role") == "answer" or cell.source.startswith("STAGES"):
            play(made, cell.source)
    yield made
    made.close()


def play(session, source):
    number = len(session.outcomes)
    return session.play(Cell(f"cell-{number}", "code", "answer", "q3_net", source))


def judged(session, question):
    cases, fault, _ = run_cases(QUESTIONS[question], session, 5, lambda name: True)
    assert not fault
    return sum(case.points for case in cases if case.passed), {c.name: c.message for c in cases if not c.passed}


def test_the_model_solution_gets_all_points(session):
    for name, question in QUESTIONS.items():
        assert judged(session, name) == (question.points, {})


def test_a_room_that_is_lost_while_a_small_network_is_tried_costs_nothing(session, monkeypatch):
    own, lost, asked = session.ask, [], []

    def ask(request, seconds, reply=None):
        asked.append(request["do"])
        if not lost and '["width", 0.25]' in json.dumps(request):
            lost.append(request)
            session.close()
            raise RoomLost("killed")
        return own(request, seconds, reply)

    monkeypatch.setattr(session, "ask", ask)
    assert judged(session, "q3_net") == (12, {})
    assert lost
    assert "replace" not in asked  # as it is where a case has failed, for a second try with our own block


def test_torchvisions_own_network_is_not_to_be_had_and_the_student_is_told(session):
    outcome = play(
        session,
        "class EfficientNet(nn.Module):\n"
        "    def __init__(self, **options):\n"
        "        super().__init__()\n"
        "        self.inner = torchvision.models.efficientnet_b0()\n",
    )
    assert outcome.status == "ok"
    earned, said = judged(session, "q3_net")
    told = [message for message in said.values() if message != NOT_PASSED]
    assert earned == 0 and len(told) == 3, "two public cases, and once of all hidden ones"
    assert all(SAID in message for message in told)


@pytest.mark.parametrize(
    "source",
    [
        "from torchvision.models.efficientnet import MBConv",
        "from torchvision.models import efficientnet_b0",
        "torchvision.models.get_model('efficientnet_b0')",
        "torchvision.models.EfficientNet",
        "torchvision.ops.SqueezeExcitation(4, 2)",
    ],
)
def test_every_way_to_reach_it_raises_importerror(session, source):
    outcome = play(session, source)
    assert (outcome.status, outcome.error) == ("error", "ImportError")


def test_the_rest_of_torchvision_is_there(session):
    source = (
        "from torchvision.models import *\ntorchvision.models.resnet18()\ntorchvision.ops.StochasticDepth(0.5, 'row')"
    )
    assert play(session, source).status == "ok"


def test_a_wrong_block_costs_the_network_nothing_and_stays_the_students(session):
    play(
        session,
        "right = MBConv\nclass MBConv(right):\n    def forward(self, x):\n        return 2 * super().forward(x)",
    )
    assert judged(session, "q3_net") == (12, {})
    assert judged(session, "q3_mbconv")[0] < 8


@pytest.mark.parametrize("made", ["x + 0 * {}", "{} * 0.5", "torch.zeros_like({})"])
def test_wrong_gates_cost_the_block_nothing(session, made):
    forward = made.format("super().forward(x)")
    play(session, f"class SqueezeExcite(SqueezeExcite):\n    def forward(self, x):\n        return {forward}")
    assert judged(session, "q3_mbconv") == (8, {})
    assert judged(session, "q3_se")[0] < 5


def test_a_block_of_another_name_is_not_replaced(session):
    play(session, "class Own(MBConv):\n    def forward(self, x):\n        return 2 * super().forward(x)")
    cells = jupytext.read(COURSE.source("3_efficientnet")).cells
    network = next(cell.source for cell in cells if cell.source.startswith("class EfficientNet"))
    play(session, network.replace("MBConv(", "Own("))
    assert judged(session, "q3_net")[0] < 12


def test_code_that_forges_what_scalelab_counts_gains_no_function(session):
    play(
        session,
        "from scalelab.checking import filled\n"
        "filled.counts = lambda *_: {'parameters': 5288548, 'macs': 385814752}\n"
        "filled.outputs = lambda *_: {'module': True, 'tensor': True, 'shape': [2, 1000], 'values': [0.0] * 2000,\n"
        "                             'layers': [], 'repeated': 0, 'loose': 0}\n",
    )
    earned, said = judged(session, "q3_net")
    assert earned == 2 and "b0_as_torchvision_computes_it" in said


def test_what_is_withheld_is_read_from_the_public_part(tmp_path):
    whole = QUESTIONS["q3_se"]
    assert "torchvision.models.efficientnet" in whole.withheld
    assert set(whole.withheld) <= set(withheld_in(COURSE, "3_efficientnet"))
    path = tmp_path / "q3_se.py"
    path.write_text(whole.text.replace('withheld = ("torchvision', 'withheld = [] + ("torchvision'))
    with pytest.raises(CourseError, match="not a tuple of names"):
        read_question(path)
