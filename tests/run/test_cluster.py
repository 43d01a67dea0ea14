"""A class on a Dask cluster: a scheduler and two workers as processes of their own, which speak tls on loopback."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import dask
import psutil
import pytest
from distributed import Client

from autograder.course import Course
from autograder.errors import NoWorker, SchedulerGone, WrongCall
from autograder.run.cluster import connection
from autograder.run.cluster.address import Address, security_for
from autograder.run.cluster.connection import Cluster
from autograder.run.cluster.executor import ClusterWorkers
from tests.certificates import make_certificate, options_of_dask, settings_of_client, variables_of_client
from tests.command import autograder
from tests.processes import wait_for
from tests.run.whole_runs import SEED, content, graded, make_class
from tests.tiny import FIRST, hand_in_solved

pytestmark = [pytest.mark.room, pytest.mark.tool]

PYTHON = [sys.executable, "-m"]


@dataclass
class Dask:
    """A cluster's processes. folder: with their certificate."""

    folder: Path
    processes: list[subprocess.Popen] = field(default_factory=list)

    def start(self, program: str, *options: str) -> subprocess.Popen:
        """Start a part of the cluster."""
        command = [*PYTHON, f"distributed.cli.dask_{program}", *options_of_dask(self.folder), *options]
        with (self.folder / f"{program}.log").open("ab") as log:
            self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder))
        return self.processes[-1]

    def start_worker(self, *options: str) -> subprocess.Popen:
        """Start a worker with one thread."""
        return self.start("worker", str(self.address), "--nthreads=1", "--no-dashboard", *options)

    def end(self) -> None:
        """End them, the scheduler last, for which workers would wait."""
        for one in reversed(self.processes):
            one.terminate()
            try:
                one.wait(30)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()

    def has_address(self) -> bool:
        """Whether the scheduler has written it down; its file is there a moment before."""
        try:
            return bool(self.address)
        except (OSError, ValueError):
            return False

    @property
    def address(self) -> Address:
        """The scheduler's."""
        written = json.loads((self.folder / "scheduler.json").read_text())
        host, _, port = written["address"].removeprefix("tls://").partition(":")
        return Address("tls", host, int(port))


@pytest.fixture(scope="module")
def cluster_of_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A scheduler, a worker with a nanny and one without: both have come."""
    made = Dask(tmp_path_factory.mktemp("dask"))
    make_certificate(made.folder)
    options = ("--host=tls://127.0.0.1", "--port=0", "--no-dashboard", "--scheduler-file=scheduler.json")
    try:
        made.start("scheduler", *options)
        wait_for(made.has_address)
        made.start_worker("--name=with-nanny")
        made.start_worker("--name=without", "--no-nanny")
        with dask.config.set(settings_of_client(made.folder)):
            security = security_for(made.address)
        with Client(str(made.address), security=security) as client:
            client.wait_for_workers(2, timeout=120)
        yield made
    finally:
        made.end()


@pytest.fixture
def connect(cluster_of_two: Dask) -> Iterator[Callable]:
    """Connects to it, in a room without walls unless something else is said."""
    with dask.config.set(settings_of_client(cluster_of_two.folder)):
        security = security_for(cluster_of_two.address)

        def connected(course: Course, tell: Callable[[str], None] = lambda _: None, room: str = "none") -> Cluster:
            return Cluster(cluster_of_two.address, security, course, room, tell)

        yield connected


@pytest.fixture(scope="module")
def handins(tiny: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_class(tiny, tmp_path_factory.mktemp("class") / "handins")


def both_workers(cluster: Cluster) -> bool:
    cluster.look(at_once=True)
    return len(cluster.slots) == 2


def test_a_cluster_gives_what_this_machine_gives(tiny, handins, connect, tmp_path):
    expected = content(graded(tiny, handins, tmp_path / "local", "nbgrader"), tiny, "nbgrader")
    attached: list[Path] = []

    class Watching(ClusterWorkers):
        """Looks whether copies of attachments outlive their student's verdicts."""

        def _finished(self, student):
            folders = [one.submission.folder for one in student.prepared.rebuilt if one.submission.folder]
            assert all(folder.is_dir() for folder in folders)
            attached.extend(folders)
            done = super()._finished(student)
            assert not any(folder.exists() for folder in folders)
            return done

    with connect(tiny) as cluster:
        wait_for(partial(both_workers, cluster))
        out = graded(tiny, handins, tmp_path / "dask", "nbgrader", executor=partial(Watching, cluster))
    assert attached and content(out, tiny, "nbgrader") == expected


def scores(out: Path) -> list[list[str]]:
    with (out / "scores.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_a_worker_that_is_killed_loses_nothing_and_what_was_judged_is_not_judged_again(tiny, connect, tmp_path):
    for number in range(6):
        own = {"q1-median": f"# {number}\ndef median(numbers):\n    return sorted(numbers)[len(numbers) // 2]"}
        hand_in_solved(tiny, tmp_path / "handins" / f"s{number}" / tiny.name, own, FIRST)
    (tmp_path / "roster.csv").write_text("student\ns0\n", encoding="utf-8")
    arrived: dict[Path, bytes] = {}

    def kill_one(cluster: Cluster, worker: str) -> None:
        results = sorted((tmp_path / "dask" / "results").glob(f"*/{FIRST}.json"))
        if results and not arrived:
            arrived.update({path: path.read_bytes() for path in results})
            port = int(worker.rpartition(":")[2])
            [pid] = {
                one.pid for one in psutil.net_connections("tcp") if one.status == "LISTEN" and one.laddr.port == port
            }
            os.kill(pid, signal.SIGKILL)

    class Killing(ClusterWorkers):
        """Kills a worker that has just been given something, once a verdict has come."""

        def _give(self, worker, one, alone=False):
            super()._give(worker, one, alone)
            kill_one(self._cluster, worker)

    with connect(tiny) as cluster:
        wait_for(partial(both_workers, cluster))
        out = graded(tiny, tmp_path / "handins", tmp_path / "dask", "nbgrader", executor=partial(Killing, cluster))
    assert arrived and {path: path.read_bytes() for path in arrived} == arrived
    assert scores(out) == scores(graded(tiny, tmp_path / "handins", tmp_path / "local", "nbgrader"))


def test_a_worker_with_other_versions_is_refused_by_name(tiny, connect, monkeypatch):
    monkeypatch.setattr(connection, "pins_of", lambda course: real(course) | {"nbformat": "4.0"})
    said: list[str] = []
    with connect(tiny, said.append) as cluster, pytest.raises(NoWorker, match=r"none of its . workers can be used"):
        cluster.wait_for_workers()
    assert all("NOT USED: the worker tls://127.0.0.1:" in line and "nbformat" in line for line in said) and said
    assert "and not 4.0" in said[0]


real = connection.pins_of


def test_a_worker_that_cannot_wall_student_code_off_is_refused_by_name(tiny, connect):
    said: list[str] = []
    with connect(tiny, said.append, "dungeon") as cluster, pytest.raises(NoWorker):
        cluster.wait_for_workers()
    assert "--room dungeon: there is no such room" in said[0]


def test_without_the_right_certificates_nobody_gets_in(cluster_of_two, tiny, tmp_path):
    settings, address = settings_of_client(cluster_of_two.folder), cluster_of_two.address
    none = dict.fromkeys(settings)
    with dask.config.set(none), pytest.raises(WrongCall, match="no certificate is named; name the certificates in"):
        security_for(address)
    other = settings | {"distributed.comm.tls.ca-file": str(tmp_path / "none.pem")}
    with dask.config.set(other), pytest.raises(WrongCall, match=r"tls.ca-file is .*none.pem, and there is no such"):
        security_for(address)


def test_a_scheduler_that_is_not_there_is_told_in_one_line(cluster_of_two, tiny, monkeypatch):
    monkeypatch.setattr(connection, "SECONDS_TO_CONNECT", 0.5)
    with dask.config.set(settings_of_client(cluster_of_two.folder)):
        security = security_for(cluster_of_two.address)
    with pytest.raises(SchedulerGone, match=r"--scheduler tls://127.0.0.1:9: cannot be reached") as refused:
        Cluster(Address("tls", "127.0.0.1", 9), security, tiny, "none", print).__enter__()
    assert "\n" not in str(refused.value)


def test_the_command_grades_with_otter_on_a_cluster_behind_walls(cluster_of_two, tiny, handins, tmp_path):
    command = [f"--course={tiny.folder}", "grade", handins, "--only=bob", f"--seed={SEED}", f"--out={tmp_path / 'out'}"]
    where = [f"--scheduler={cluster_of_two.address}", "--engine=otter", "--workers=1"]
    done = autograder(*command, *where, **variables_of_client(cluster_of_two.folder))
    assert done.returncode == 0, done.stderr
    assert "2 of 2 notebooks graded, student code in rooms" in done.stderr
    assert {row[2]: row[3] for row in scores(tmp_path / "out")[1:]}.items() >= {"q1": "4", "q3": "4"}.items()
    refused = autograder(*command, *where)
    assert refused.returncode == 2 and refused.stderr.startswith("autograder: --scheduler tls://127.0.0.1:")
    assert len(refused.stderr.strip().split("\n")) == 1
