"""The corpus gains nothing and harms nobody, with either engine, in the best room that this machine allows.

A few attacks of each aim are handed in by every run of the tests, all of them by `make proofs`: to each engine a class
of its own. In CI (PARTS_OF_THE_BANK, see tests/verify/test_answers.py) both engines grade the same class, so that each
attack runs once: one engine judges, and the other one renders the same verdicts. Every second attack is in that class.
In four commits each attack meets each engine.
"""

import os
import re
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder.course.skeleton import load_skeletons
from autograder.judge.results import QuestionResult, Status
from tests.attacks.classes import write_one
from tests.attacks.corpus import AIMS, read_corpus
from tests.attacks.leftovers import kill, left_over
from tests.attacks.planted import ANSWER, Planted
from tests.attacks.running import ENGINES, NO_WALLS, Came, Outcome, allowed, best_room, run_corpus
from tests.compound import COURSE, ROOT

pytestmark = [pytest.mark.room, pytest.mark.xdist_group("attacks")]
PROOF = pytest.mark.proof

PARTS, PART = int(os.environ.get("PARTS_OF_THE_BANK", "1")), int(os.environ.get("PART_OF_THE_BANK", "0"))

CORPUS = read_corpus()
TRIED = CORPUS if PARTS == 1 else CORPUS[PART // 2 % 2 :: 2]
WAITS = [sys.executable, "-c", "import time; time.sleep(60)"]
EVERY = pytest.mark.parametrize("attack", TRIED, ids=lambda attack: attack.name)
SAMPLE = ("course_folder", "do_execute", "forged_replies", "gradebook_write", "kill_all", "network", "print_inputs",
          "write_outside")  # fmt: skip
SAMPLED = [attack for attack in CORPUS if attack.name in SAMPLE]


@pytest.fixture(scope="module")
def room() -> str:
    return best_room()


@pytest.fixture(scope="module")
def outcomes(course, room) -> dict[str, Outcome]:
    """The corpus, graded with each engine."""
    attacks = allowed(TRIED, room)
    if PARTS == 1:
        return {engine: run_corpus(attacks, (engine,), room, course)[engine] for engine in ENGINES}
    first = PART % len(ENGINES)
    return run_corpus(attacks, ENGINES[first:] + ENGINES[:first], room, course)


@pytest.fixture(scope="module")
def outcomes_of_sample(course, room) -> dict[str, Outcome]:
    """The sample, which one engine judges and both grade."""
    return run_corpus(allowed(SAMPLED, room), ENGINES, room, course)


@pytest.fixture(params=ENGINES)
def outcome(request, outcomes) -> Outcome:
    """What came of the corpus with one engine."""
    return outcomes[request.param]


@pytest.fixture(params=ENGINES)
def outcome_of_sample(request, outcomes_of_sample) -> Outcome:
    """The same of the sample."""
    return outcomes_of_sample[request.param]


def check_held(attack, outcome, room):
    came = {one.attack.name: one for one in outcome.came}
    if attack.name not in came:
        pytest.skip(f"must not be tried in a room of kind '{room}'")
    if attack.walls and room == NO_WALLS:
        pytest.xfail("the room has no walls")
    assert (came[attack.name].succeeded, came[attack.name].otherwise) == ("", "")


def check_harmless(outcome, room):
    assert outcome.harmed == ()
    assert room == NO_WALLS or outcome.strays == ()


@PROOF
@EVERY
def test_an_attack_is_held(attack, outcome, room):
    check_held(attack, outcome, room)


@PROOF
def test_fellow_students_get_full_marks_and_nothing_is_touched_by_nobody_knows_whom(outcome, room):
    check_harmless(outcome, room)


@pytest.mark.sample
@pytest.mark.parametrize("attack", SAMPLED, ids=lambda attack: attack.name)
def test_an_attack_of_the_sample_is_held(attack, outcome_of_sample, room):
    check_held(attack, outcome_of_sample, room)


@pytest.mark.sample
def test_the_sample_harms_nobody_and_has_every_aim(outcome_of_sample, room):
    check_harmless(outcome_of_sample, room)
    assert len(SAMPLED) == len(SAMPLE) and {attack.aims for attack in SAMPLED} == set(AIMS)


def test_there_are_attacks_of_every_aim():
    assert len(CORPUS) >= 35
    assert {attack.aims for attack in CORPUS} == set(AIMS)


@EVERY
def test_an_attack_has_what_it_needs(attack):
    assert attack.story.endswith(".")
    assert attack.aims in AIMS
    skeleton = load_skeletons(COURSE)[attack.notebook]
    assert skeleton.by_id[attack.cell].role == "answer"
    assert attack.source is not None or attack.make is not None
    compile(attack.source or "", attack.name, "exec")


def test_every_folder_is_an_attack():
    folders = {path.name for path in CORPUS[0].folder.parent.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == {attack.name for attack in CORPUS}


def test_every_promise_names_attacks_and_every_attack_is_named():
    text = (ROOT / "autograder" / "PROMISES.md").read_text()
    tried = text.partition("## What tries them")[2].partition("\n## ")[0]
    promises = dict(re.findall(r"- Promise (\d): ([^.]+)\.", tried))
    assert set(promises) == set("12345")
    named = {name for names in promises.values() for name in re.findall(r"`(\w+)`", names)}
    assert named == {attack.name for attack in CORPUS}


def test_every_promise_without_attacks_names_tests_that_are_there():
    text = (ROOT / "autograder" / "PROMISES.md").read_text()
    promised = re.findall(r"^(\d)\. \*\*", text.partition("## What we promise")[2].partition("\n## ")[0], re.MULTILINE)
    tried = text.partition("## What tries them")[2].partition("\n## ")[0]
    lines = re.findall(r"^- Promises? (\d)(?: and (\d))?", tried, re.MULTILINE)
    assert [number for line in lines for number in line if number] == promised
    named = re.findall(r"`(tests/[\w/.]+)`", tried)
    assert named and [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    ("message", "ends", "otherwise"),
    [
        ("", (), False),
        ("The cell q2_3-flops_growth_rule raised ImportError.", (), True),
        ("The cell q2_3-flops_growth_rule did not end within 5 seconds.", ("did not end",), False),
        ("", ("did not end",), True),
    ],
)
def test_an_attack_that_was_stopped_before_its_end_has_not_been_tried(message, ends, otherwise):
    attack = replace(next(one for one in CORPUS if one.name == "network"), ends=ends)
    question = QuestionResult(attack.question, 0.0, 5.0, Status.WRONG, message)
    assert bool(Came(attack, 0.0, question).otherwise) == otherwise


def test_what_an_attack_reaches_is_seen_and_put_down_to_it():
    """The canaries themselves: a file, a change, a connection, a process and a leak, each by an attack of its own."""
    names = ["writes", "changes", "writes_more", "calls", "stays", "tells"]
    with Planted(seconds_to_end=1.0) as planted:
        marks = planted.marks
        planted.begin()
        (planted.outside / "public" / f"{marks.token}-writes").write_text("")
        (planted.outside / "public" / f"{marks.token}-writes_more").write_text("")
        (planted.outside / "private" / "keep.txt").write_text(f"{marks.token}-changes")
        with socket.create_connection(("127.0.0.1", marks.port)) as caller:
            caller.sendall(b"calls")
            assert caller.recv(100) == ANSWER
        (planted.folder / "store" / "result.json").write_text(f"{marks.token[::-1]}-tells-(3, 4)")
        stays = subprocess.Popen([*WAITS, f"{marks.token}-stays"])
        touched = planted.look(names)
        assert set(touched) == set(names)
        assert stays.wait(60) != 0
        assert left_over((marks.token,), set(), seconds=0) == []


def test_a_process_that_ends_in_time_is_not_left_over():
    process = subprocess.Popen(["sh", "-c", "sleep 0.5; : some-mark-of-a-test"])
    assert left_over(("some-mark-of-a-test",), set()) == []
    process.wait()
    process = subprocess.Popen([*WAITS, "some-mark-of-a-test"])
    ((found, said),) = left_over(("some-mark-of-a-test",), set(), seconds=0.1)
    assert found.pid == process.pid and "some-mark-of-a-test" in said
    kill(found)
    process.wait()


def test_marks_are_filled_in(tmp_path):
    attack = next(one for one in CORPUS if one.name == "write_outside")
    with Planted() as planted:
        write_one(attack, planted.marks, tmp_path / "handin")
        text = (tmp_path / "handin" / "2_compound_scaling.ipynb").read_text()
        assert planted.marks.outside in text and "@TOKEN@" not in text
