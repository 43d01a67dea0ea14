"""The table's stock columns come from the real tools."""

from tests.attacks.corpus import read_corpus
from tests.attacks.stock import stock_scores


def test_an_attack_that_we_hold_succeeds_on_the_tool_that_it_was_made_for():
    attack = next(attack for attack in read_corpus() if attack.name == "do_execute")
    assert attack.score == 0
    scores = stock_scores([attack])
    assert scores["nbgrader", "do_execute"] == "SUCCEEDED, 25 points"
    assert scores["otter", "do_execute"] == "held, 0 points"
