"""A verdict is used again only if nothing has changed that it depends on, and if it is one."""

import multiprocessing
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder.course import Course, load_course
from autograder.course.questions import read_question
from autograder.course.skeleton import load_skeletons
from autograder.engines.grading import Grading
from autograder.engines.results import results_for
from autograder.intake.read import RawCell
from autograder.intake.rebuild import rebuild
from autograder.judge import QuestionResult, Results, Status, grader
from autograder.judge import store as storing
from autograder.judge.grader import digest_of_grader
from autograder.judge.store import Store, key_of
from autograder.room import Limits
from tests.compound import COURSE
from tests.small_course import edit

pytestmark = pytest.mark.tool


@pytest.fixture
def made(small) -> Course:
    """A released course, to be changed."""
    return load_course(small / "course")


def submission(course: Course):
    load_skeletons.cache_clear()
    skeleton = load_skeletons(course)["first"]
    return rebuild([RawCell(cell.kind, cell.source, cell.id) for cell in skeleton.cells], skeleton, "ada").submission


def key(course: Course) -> str:
    """The key as another process would compute it."""
    for cached in (digest_of_grader, read_question):
        cached.cache_clear()
    return key_of(submission(course), "none", Limits(), course)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("grading/values.py", "1", "2"),
        ("secret_data/numbers.txt", "82", "83"),
        ("notebooks/first.ipynb", '"points": 2', '"points": 4'),
        ("questions/q1.py", "82", "83"),
        ("course.toml", '["secret_data"]', '["secret_data"]\n[room]\nwithheld = ["numpy"]'),
    ],
)
def test_the_key_changes_with_what_the_course_judges_by(made, file, old, new):
    path = made.folder / file
    before = key(made)
    assert key(Course(made.folder)) == before
    edit(path, old, new)
    assert key(Course(made.folder)) != before


@pytest.mark.parametrize(
    "part", ["judge/values.py", "course/skeleton.py", "intake/rebuild.py", "room/inside/responder.py"]
)
def test_the_key_changes_with_the_code_that_judges(made, part, monkeypatch, tmp_path):
    copy = tmp_path / "autograder"
    shutil.copytree(grader.OURS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = key(made)
    monkeypatch.setattr(grader, "OURS", copy)
    assert key(made) == before, "where the program lies does not matter"
    with (copy / part).open("a") as file:
        file.write("# another tolerance\n")
    assert key(made) != before


def test_the_key_changes_with_the_checks_and_with_the_library(checkout):
    digest = {digest_of_grader.__wrapped__(checkout)}
    with (checkout.library / "checking" / "networks.py").open("a") as file:
        file.write("# another tolerance\n")
    digest.add(digest_of_grader.__wrapped__(checkout))
    assert len(digest) == 2
    named = {name for name, _, _ in grader._places(checkout)}
    assert named == {
        *(f"autograder/{part}" for part in grader.JUDGING),
        "notebook_checks",
        "library",
        "grading",
        "data-0",
    }
    assert COURSE.judging_data[0] == COURSE.folder.parents[1] / "data" / "judging"


def test_the_key_changes_with_the_version_of_what_runs_student_code(made, monkeypatch):
    before = key(made)
    monkeypatch.setattr(grader, "version", lambda name: "99" if name == "ipykernel" else "1")
    assert key(made) != before


def test_what_grading_reads_is_declared_as_judging_data():
    """Every folder of data/ that a module of grading/ names lies in what course.toml declares."""
    texts = "".join(path.read_text(encoding="utf-8") for path in COURSE.grading.glob("*.py"))
    for name in re.findall(r'"data" / "(\w+)"', texts):
        assert any(path.name == name for path in (*COURSE.judging_data, *COURSE.data)), name
    assert "judging" in texts


def test_the_grader_is_hashed_once_in_a_process():
    digest_of_grader.cache_clear()
    assert digest_of_grader(COURSE) == digest_of_grader(COURSE)
    assert digest_of_grader.cache_info().misses == 1


# ---- faults


def with_fault(fault: bool) -> Results:
    question = QuestionResult("q1", 3.0, 3.0, Status.CORRECT, course_fault=fault)
    return Results("ada", "first", 3, (question,))


def test_a_fault_of_ours_is_written_and_judged_again_in_the_next_run(made, tmp_path, monkeypatch):
    judged = []

    def judge(*_):
        judged.append(len(judged))
        return with_fault(fault=len(judged) == 1)

    monkeypatch.setattr("autograder.judge.judging.judge", judge)
    grading = Grading(tmp_path / "results", made, 3, "none")
    for _ in range(4):
        results_for(submission(made), grading)
    assert judged == [0, 1], "again after the fault, and not again after a verdict"
    assert Store(tmp_path / "results").path("ada", "first").exists()


def test_results_that_a_run_has_already_are_rendered_and_not_judged_again(made, tmp_path):
    known = with_fault(fault=True)
    assert results_for(submission(made), Grading(tmp_path / "results", made, 3, "none", known=(known,))) is known


# ---- the seed


@pytest.mark.parametrize("content", [b"", b"12 monkeys", b"\xff\xfe", b"1e5"])
def test_a_damaged_seed_is_drawn_anew_where_nothing_depends_on_it(content, tmp_path):
    (tmp_path / ".seed").write_bytes(content)
    seed = Store(tmp_path).seed()
    assert Store(tmp_path).seed() == seed


@pytest.mark.parametrize("content", [b"", b"12 monkeys"])
def test_a_damaged_seed_that_results_were_judged_with_is_found_again_and_said(content, tmp_path, caplog):
    store = Store(tmp_path)
    store.save(replace(with_fault(False), seed=77), "key")
    store.save(replace(with_fault(False), seed=77, student="bob"), "key")
    store.save(replace(with_fault(False), seed=5, student="cleo"), "key")
    (tmp_path / ".seed").write_bytes(content)
    assert store.seed() == 77
    assert "it is 77 again" in caplog.text and "1 others had another" in caplog.text
    assert store.seed() == 77


def test_processes_that_begin_together_draw_one_seed(tmp_path):
    (tmp_path / ".seed").touch()
    with multiprocessing.get_context("fork").Pool(8) as pool:
        seeds = pool.map(_seed_in, [tmp_path] * 64, chunksize=1)
    assert len(set(seeds)) == 1


def _seed_in(folder):
    return storing.Store(folder).seed()


def test_results_are_written_and_read_in_utf_8_whatever_the_locale(tmp_path):
    script = (
        "import sys; from pathlib import Path\n"
        "from autograder.judge import Results; from autograder.judge.store import Store\n"
        "assert not sys.flags.utf8_mode\n"
        "store = Store(Path(sys.argv[1]))\n"
        "store.save(Results('ada', 'first', 3, (), notes=('gr\\u00f6\\u00dfer',)), 'key')\n"
        "assert store.load('ada', 'first', 'key').notes == ('gr\\u00f6\\u00dfer',)\n"
    )
    ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, env=os.environ | ascii_only, timeout=300)
    assert "größer" in Store(tmp_path).path("ada", "first").read_bytes().decode("utf-8")
