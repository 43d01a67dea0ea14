"""The table's stock columns come from the real tools."""

import subprocess
import sys

import pytest

from tests.attacks import stock
from tests.attacks.corpus import read_corpus
from tests.attacks.stock import stock_scores

pytestmark = pytest.mark.tool


@pytest.mark.proof
def test_an_attack_that_we_hold_succeeds_on_the_tool_that_it_was_made_for():
    attack = next(attack for attack in read_corpus() if attack.name == "do_execute")
    assert attack.score == 0
    scores = stock_scores([attack])
    assert scores["nbgrader", "do_execute"] == "SUCCEEDED, 27 points"
    assert scores["otter", "do_execute"] == "held, 0 points"


def test_what_a_stock_tool_leaves_behind_is_ended(monkeypatch):
    left = []

    def leave_one_behind(tool: str, notebook: object, name: str) -> float:
        waits = [sys.executable, "-c", "import sys; sys.stdin.read()", str(notebook)]
        left.append(subprocess.Popen(waits, stdin=subprocess.PIPE, start_new_session=True))
        return 0.0

    monkeypatch.setattr(stock, "stock_score", leave_one_behind)
    stock_scores([attack for attack in read_corpus() if attack.name == "do_execute"])
    assert [process.wait(timeout=60) for process in left] == [-9, -9]
