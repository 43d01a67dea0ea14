"""What kills its agents or workers: it is tried again, at last alone, and then named; all others are graded."""

import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
import pytest
from pydantic import TypeAdapter

from autograder.room import Limits
from autograder.run.cluster.agent import RESULTS, TASK, Task, answer_to
from autograder.run.cluster.connection import Gone
from autograder.run.cluster.course_there import packed_course
from autograder.run.cluster.executor import ClusterWorkers
from autograder.run.cluster.on_worker import DIED, Host
from autograder.run.cluster.packing import packed, unpacked
from autograder.run.run_record import parsed
from tests.processes import below
from tests.run.whole_runs import SEED, graded
from tests.tiny import FIRST, hand_in_solved, submission_of

pytestmark = pytest.mark.room


class Answer:
    """A future of Dask's that is done."""

    status = "finished"

    def __init__(self, answer: bytes):
        self._answer = answer

    def done(self) -> bool:
        return True

    def result(self, timeout: float) -> bytes:
        return self._answer

    def add_done_callback(self, called: Callable) -> None:
        called(self)

    def cancel(self) -> None:
        pass


class ClusterOfTwo:
    """A cluster's two workers, in this process: `mortal` kills whoever judges it."""

    def __init__(self, course, mortal: str, lose: bool = False):
        self.slots = {"one": 1, "two": 1}
        self.sent: list[tuple[str, str]] = []
        self._course, self._mortal, self._lose = course, mortal, lose

    def look(self, at_once: bool = False) -> Gone:
        if self._lose and len(self.sent) > 2:
            self._lose = False
            return Gone(frozenset(("one", "two")), by_scheduler=True)
        return Gone(frozenset())

    def submit(self, task: bytes, worker: str) -> Answer:
        student = TypeAdapter(Task).validate_json(unpacked(task)[TASK]).submission.student
        self.sent.append((student, worker))
        if student == self._mortal:
            return Answer(packed({DIED: b""}))
        return Answer(answer_to(task, self._course, "none"))


@pytest.fixture(scope="module")
def handins(tiny, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("class") / "handins"
    for student in ("ada", "bob", "cy"):
        hand_in_solved(tiny, folder / student / tiny.name, {"q1-median": f"# {student}\nmedian = max"}, FIRST)
    (folder.parent / "roster.csv").write_text("student\nada\n", encoding="utf-8")
    return folder


def test_what_kills_whoever_judges_it_is_named_after_three_tries_and_all_others_are_graded(tiny, handins, tmp_path):
    cluster = ClusterOfTwo(tiny, mortal="bob")
    out = graded(tiny, handins, tmp_path / "out", "nbgrader", executor=partial(ClusterWorkers, cluster))
    record = parsed((out / "run.json").read_bytes())
    assert record is not None
    told = "WorkerDied: its worker died 3 times, at last with nothing else to do"
    assert {(one.student, one.problem) for one in record.failed} == {("bob", told)}
    assert [student for student, _ in cluster.sent].count("bob") == 6  # two notebooks
    assert [student for student, _ in cluster.sent].count("ada") == 2


def test_a_scheduler_that_restarts_is_nobodys_fault(tiny, handins, tmp_path):
    cluster = ClusterOfTwo(tiny, mortal="", lose=True)
    out = graded(tiny, handins, tmp_path / "out", "nbgrader", executor=partial(ClusterWorkers, cluster))
    record = parsed((out / "run.json").read_bytes())
    assert record is not None and record.failed == () and record.students == ("ada", "bob", "cy")


def test_an_agent_that_is_killed_is_told_of_and_the_next_one_judges(tiny):
    host = Host(packed_course(tiny))
    host.room = "none"
    try:
        task = Task(submission_of(tiny, FIRST), SEED, Limits())
        content = packed({TASK: TypeAdapter(Task).dump_json(task)})
        killer = threading.Thread(target=kill_the_agent)
        killer.start()
        assert list(unpacked(host.judge(content))) == [DIED]
        killer.join()
        assert list(unpacked(host.judge(content))) == [RESULTS]
    finally:
        host.end()
    assert not host.course.folder.exists()


def kill_the_agent() -> None:
    while not (agents := below(psutil.Process(), "autograder.run.cluster.agent")):
        time.sleep(0.02)
    os.kill(agents[0].pid, signal.SIGKILL)
