"""Nothing is judged twice, and nothing stale is used."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder.course.skeleton import load_skeletons
from autograder.intake.read import RawCell
from autograder.intake.rebuild import rebuild
from autograder.judge import Results
from autograder.judge.store import Store, key_of
from autograder.room import Limits
from tests.compound import COURSE, ROOT


def submission(extra: str = ""):
    skeleton = load_skeletons(COURSE)["1_intuition"]
    raw = [RawCell(cell.kind, cell.source, cell.id) for cell in skeleton.cells]
    return rebuild([*raw, RawCell("code", extra)], skeleton, "ada").submission


def test_a_result_is_found_again_by_its_key_and_by_no_other(tmp_path):
    store = Store(tmp_path)
    saved = store.save(Results("ada", "1_intuition", 3, ()), "key")
    assert store.load("ada", "1_intuition", "key") == saved
    assert store.load("ada", "1_intuition", "other") is None
    assert store.load("bob", "1_intuition", "key") is None


IN_ASCII = """
import locale, sys
from pathlib import Path
from autograder.course.questions import read_questions
from autograder.judge import QuestionResult, Results, Status
from autograder.judge.store import Store
from autograder.run.graded import Graded
from autograder.run.page import read_graded
from autograder.run.scores import write_scores
from tests.compound import COURSE

assert locale.getpreferredencoding(False) != "UTF-8"
assert any(not question.text.isascii() for question in read_questions(COURSE.questions).values())
out = Path(sys.argv[1])
question = QuestionResult("q1_2", 0.0, 4.0, Status.WRONG, "the width is \\u03b1")
saved = Store(out / "results").save(Results("ada", "1_intuition", 3, (question,)), "key")
assert Store(out / "results").load("ada", "1_intuition", "key") == saved
write_scores(out / "scores.csv", [Graded("ada", "1_intuition", saved, {"q1_2": 0.0})])
assert [one.results for one in read_graded(out)] == [saved]
"""


@pytest.mark.tool
def test_results_are_the_same_for_the_report_whatever_the_locale_is(tmp_path):
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-c", IN_ASCII, str(tmp_path)]
    done = subprocess.run(
        command, env=os.environ | ascii_alone, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_result_that_was_cut_off_is_judged_again(tmp_path):
    store = Store(tmp_path)
    store.save(Results("ada", "1_intuition", 3, ()), "key")
    path = store.path("ada", "1_intuition")
    path.write_text(path.read_text()[:40])
    assert store.load("ada", "1_intuition", "key") is None


def test_the_key_changes_with_the_submission_and_with_the_room_and_not_with_the_name():
    key = key_of(submission(), "none", Limits(), COURSE)
    assert key == key_of(replace(submission(), student="bob"), "none", Limits(), COURSE)
    assert key != key_of(submission("x = 1"), "none", Limits(), COURSE)
    assert key != key_of(submission(), "bwrap", Limits(), COURSE)


def test_who_is_given_more_time_is_judged_again():
    key = key_of(submission(), "none", Limits(cell_seconds=30), COURSE)
    assert key != key_of(submission(), "none", Limits(cell_seconds=60), COURSE)


def test_the_key_changes_with_a_test(checkout):
    key = key_of(submission(), "none", Limits(), checkout)
    path = checkout.questions / "q1_2.py"
    path.write_text(path.read_text() + "\n# changed\n")
    from autograder.course.questions import read_question

    read_question.cache_clear()
    assert key != key_of(submission(), "none", Limits(), checkout)


def test_a_run_keeps_its_seed_and_another_run_draws_its_own(tmp_path):
    seed = Store(tmp_path / "one").seed()
    assert Store(tmp_path / "one").seed() == seed
    assert Store(tmp_path / "two").seed() != seed


def test_the_key_changes_with_the_content_of_what_training_made_and_not_with_where_it_lies(tmp_path):
    keys = []
    for name, weights in (("one", b"w"), ("two", b"w"), ("three", b"v")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "best.safetensors").write_bytes(weights)
        keys.append(key_of(replace(submission(), folder=tmp_path / name), "none", Limits(), COURSE))
    assert keys[0] == keys[1] != keys[2]
    assert keys[0] != key_of(submission(), "none", Limits(), COURSE)
