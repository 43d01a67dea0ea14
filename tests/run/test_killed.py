"""A class of twelve, while a template, a worker, or the whole run is killed: nothing is lost or judged twice."""

import csv
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from autograder.course import Course
from autograder.course.answered import model_answers
from tests.processes import below, wait_for
from tests.tiny import FIRST, hand_in

pytestmark = pytest.mark.room

STUDENTS = 12
SEED = 11


@pytest.fixture(scope="module")
def handins(tiny, tmp_path_factory) -> Path:
    """Twelve model solutions of notebook 1, each with its student's name in it."""
    folder = tmp_path_factory.mktemp("handins")
    for number in range(STUDENTS):
        name = f"s{number:02}"
        answers = model_answers(tiny)
        own = {"q1-median": f"# {name}\n{answers['q1-median']}"}
        hand_in(tiny, folder / name / tiny.name, answers | own, FIRST)
    return folder


def start(handins: Path, place: Path, course: Course, engine: str = "nbgrader") -> subprocess.Popen:
    """`autograder grade`, into `place`."""
    options = [f"--out={place / 'out'}", f"--nbgrader-course={place / 'course'}", "--workers=2", f"--seed={SEED}"]
    program = [sys.executable, "-m", "autograder", f"--course={course.folder}"]
    command = [*program, "grade", str(handins), *options, f"--engine={engine}"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def done(out: Path) -> list[Path]:
    return sorted((out / "results").glob(f"*/{FIRST}.json"))


def workers(run: subprocess.Popen) -> list[psutil.Process]:
    """The server that workers are forked from is left out: it is the parent of the others."""
    forked = below(psutil.Process(run.pid), "multiprocessing.forkserver")
    return [one for one in forked if one.parent() in forked]


def templates(run: subprocess.Popen) -> list[psutil.Process]:
    """bwrap around a template, the template, what it has forked, and what that has."""
    return below(psutil.Process(run.pid), "inside.template")


def kernels_of_otter(run: subprocess.Popen) -> list[psutil.Process]:
    """What a process has forked that a worker has forked."""
    forked = workers(run)
    return [one for one in forked if one.parent() in forked and one.parent().parent() in forked]


def kill_one(run: subprocess.Popen, victims: Callable, chance: random.Random) -> bool:
    """Kill one of the victims, as soon as there is one. Returns whether the run lasted until then."""
    while run.poll() is None:
        with suppress(psutil.NoSuchProcess):  # one has just ended
            if found := victims(run):
                chance.choice(found).kill()
                return True
    return False


def judged_once(out: Path, before: dict[Path, int]) -> None:
    """All have a verdict; those that were there before are the very same files."""
    assert len(done(out)) == STUDENTS
    for path, written in before.items():
        assert path.stat().st_mtime_ns == written
    with (out / "scores.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["question"] == "q1"]
    assert [row["score"] for row in rows] == ["6"] * STUDENTS
    for path in done(out):
        assert all(
            question["status"] in ("correct", "ungraded") for question in json.loads(path.read_text())["questions"]
        )


@pytest.fixture
def place(tiny, tmp_path):
    shutil.copytree(tiny.dist / "nbgrader", tmp_path / "course")
    return tmp_path


@pytest.mark.parametrize(
    ("victims", "engine"),
    [(templates, "nbgrader"), (workers, "nbgrader"), (kernels_of_otter, "otter")],
    ids=["the template", "a worker", "a kernel of otter's"],
)
def test_killing_costs_nobody_anything(victims, engine, handins, place, tiny):
    run = start(handins, place, tiny, engine)
    chance = random.Random(SEED)
    killed = 0
    for number in (1, 4, 7):
        wait_for(lambda number=number: len(done(place / "out")) >= number or run.poll() is not None)
        killed += kill_one(run, victims, chance)
    said = run.communicate(timeout=300)[0]
    assert (run.returncode, killed) == (0, 3), said
    judged_once(place / "out", {})


@pytest.fixture
def temporary(monkeypatch) -> Iterator[Path]:
    """An own folder for temporary files. Its path is short, as those of sockets in it must be."""
    with TemporaryDirectory(prefix="t", ignore_cleanup_errors=True) as folder:
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


def test_a_run_that_is_killed_leaves_no_process_and_goes_on_where_it_was(handins, place, tiny, temporary):
    run = start(handins, place, tiny)
    wait_for(lambda: len(done(place / "out")) >= 3)
    everyone = psutil.Process(run.pid).children(recursive=True)
    run.kill()
    run.wait()
    run.stdout.close()
    alive = psutil.wait_procs(everyone, timeout=60)[1]
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
    assert {one.name.rpartition("-")[0] for one in temporary.iterdir()} >= {"rooms-of", "grading-run"}
    before = {path: path.stat().st_mtime_ns for path in done(place / "out")}
    assert 3 <= len(before) < STUDENTS
    run = start(handins, place, tiny)
    said = run.communicate(timeout=300)[0]
    assert run.returncode == 0, said
    judged_once(place / "out", before)
    assert list(temporary.iterdir()) == [], "nothing of either run is left"
