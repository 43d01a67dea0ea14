"""A call that waited for a processor is tried once more, at the run's end, and that verdict is kept."""

from threading import Event, Thread

import pytest

from autograder.engines.grading import Grading, WhenStarved
from autograder.engines.results import results_for
from autograder.judge.store import Store
from autograder.room import NONE, Limits
from autograder.run.grading import Run, grade_class
from autograder.run.page import write_report
from autograder.verify.one_question import alone
from tests.busy import BURN, PIN, busy_processor
from tests.tiny import FIRST, hand_in

pytestmark = pytest.mark.room

LIMITS = Limits(call_seconds=2, question_seconds=2, patience=0.75)
SLOW = {
    "q1-median": f"{PIN}{BURN}\n\ncalls = []\n\n\ndef median(numbers):\n    if not calls:\n        burn(0.3)\n"
    "        calls.append(1)\n    return sorted(numbers)[len(numbers) // 2]"
}
"""Right for lists of odd length, where it has a processor, and too slow on a busy one."""

ENDLESS = {"q1-median": "def median(numbers):\n    while True:\n        pass"}


@pytest.fixture
def run(tiny, tmp_path):
    """Grades a class of one. Returns what `grade_class` gives."""

    def run(own: dict[str, str], limits: Limits = LIMITS):
        if not (tmp_path / "handins").exists():
            hand_in(tiny, tmp_path / "handins" / "ada", own, FIRST)
        grading = Grading(tmp_path / "results", tiny, 3, NONE, limits)
        graded = grade_class(Run(tmp_path / "handins", grading, "otter", tmp_path, 1), lambda *_: None)
        return next(one for one in graded if one.notebook == FIRST)

    run.results = tmp_path / "results"
    return run


def test_it_is_tried_again_when_the_rest_is_done_and_that_verdict_is_kept(run, tmp_path):
    with busy_processor() as others:
        done = Event()

        def quiet_when_judged() -> None:
            path = run.results / "ada" / f"{FIRST}.json"
            while not path.exists() and not done.is_set():
                done.wait(0.02)
            for one in others:
                one.kill()

        watching = Thread(target=quiet_when_judged)
        watching.start()
        try:
            graded = run(SLOW)
        finally:
            done.set()
            watching.join()
    assert graded.results.retried and not graded.results.starved
    assert all(case.message != "A call did not end in time." for q in graded.results.questions for case in q.cases)
    results = graded.results
    assert results.key and Store(run.results).load("ada", FIRST, results.key) == results
    write_report(tmp_path / "report.html", "A course", [graded])
    assert "Judged a second time, with nothing beside it" in (tmp_path / "report.html").read_text()


def test_a_call_that_runs_for_ever_is_not_tried_again(run):
    graded = run(ENDLESS, Limits(call_seconds=0.5, question_seconds=1, patience=60))
    assert not graded.results.retried and not graded.results.starved
    assert "did not end in time" in graded.results.question("q1").message


def test_without_a_run_it_is_tried_again_at_once_and_in_one_not_kept(tiny, tmp_path):
    submission = alone(tiny, "q1", {"q1-median": SLOW["q1-median"]})
    with busy_processor():
        later = Grading(tmp_path / "later", tiny, 3, NONE, LIMITS, starved=WhenStarved.LATER)
        put_off = results_for(submission, later)
        assert put_off.starved and not put_off.retried and put_off.key == ""
        at_once = results_for(submission, Grading(tmp_path / "now", tiny, 3, NONE, LIMITS))
    assert at_once.retried and at_once.starved, "it is tried once more, and that verdict is final"
    assert Store(tmp_path / "now").load("alone", FIRST, at_once.key) == at_once
