"""A Dask cluster as it is seen from here: which workers it has, which of them may judge, and what was sent to which."""

import logging
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from distributed import Client, Future, Security

from autograder.course import Course
from autograder.engines.grading import AUTO
from autograder.errors import NoWorker, SchedulerGone
from autograder.log import told_of
from autograder.run.cluster.address import Address
from autograder.run.cluster.course_there import packed_course
from autograder.run.cluster.on_worker import READY, REFUSES, end, get_ready, judge_here, versions_here
from autograder.run.course_content import differences, digest_of_course, packages_of, pins_of

SECONDS_TO_CONNECT = 10
SECONDS_FOR_SCHEDULER = 120
"""How long a run waits for a scheduler that has gone away."""

SECONDS_BETWEEN_LOOKS = 1.0

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Gone:
    """Workers that are not there any more. by_scheduler: whether their scheduler has ended, and they have not."""

    workers: frozenset[str]
    by_scheduler: bool = False


class Cluster:
    """A context: the connection to a scheduler.

    Args:
        address: of the scheduler.
        security: the certificates.
        course: that is graded. Each worker gets it once.
        room: the kind of rooms that is wanted; with "auto", the best one of the first worker is that of all.
        tell: called with each line that a person should see.
    """

    def __init__(self, address: Address, security: Security, course: Course, room: str, tell: Tell):
        self.room = room
        self.slots: dict[str, int] = {}
        self._address, self._security, self._tell = address, security, tell
        self._digest, self._content = digest_of_course(course), packed_course(course)
        self._packages, self._pins = packages_of(course), pins_of(course)
        self._refused: dict[str, str] = {}
        self._looked = 0.0
        self._client: Client | None = None

    def __enter__(self) -> "Cluster":
        logging.getLogger("distributed").handlers[:] = [logging.NullHandler()]  # what matters is told in lines of ours
        try:
            self._client = self._connected()
        except OSError as problem:
            raise SchedulerGone(f"--scheduler {self._address}: cannot be reached: {_in_short(problem)}") from None
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None and self.slots:
            with suppress(Exception):  # they end with their workers at the latest
                self._client.run(end, self._digest, workers=list(self.slots))
        self._close()

    def _close(self) -> None:
        if self._client is not None:
            with suppress(Exception):  # it may be gone, and a person waits
                self._client.close(timeout=2)

    def wait_for_workers(self) -> None:
        """Wait until a worker may judge.

        Raises:
            NoWorker: if there are workers, and none of them may.
            SchedulerGone: if the scheduler does not come back.
        """
        told = False
        while not self.slots:
            self.look(at_once=True)
            if self._refused and not self.slots:
                raise NoWorker(f"--scheduler {self._address}: none of its {len(self._refused)} workers can be used")
            if not self.slots:
                if not told:
                    self._tell(f"no worker has come to {self._address} yet: waiting (Ctrl-C ends)")
                told = True
                time.sleep(SECONDS_BETWEEN_LOOKS)

    def look(self, at_once: bool = False) -> Gone:
        """Which workers have ended since the last look. New ones are made ready, or refused by name.

        Args:
            at_once: look even if the last look was less than SECONDS_BETWEEN_LOOKS ago.

        Raises:
            SchedulerGone: if the scheduler does not come back.
        """
        if not at_once and time.monotonic() < self._looked + SECONDS_BETWEEN_LOOKS:
            return Gone(frozenset())
        if (there := self._workers()) is None:
            return self._wait_for_scheduler()
        gone = self.slots.keys() - there.keys()
        for address in gone:
            del self.slots[address]
        known = self.slots.keys() | self._refused.keys()
        if new := {address: threads for address, threads in there.items() if address not in known}:
            self._admit(new)
        if gone and not self.slots:
            self._tell(f"no worker is left at {self._address}: waiting for one (Ctrl-C ends)")
        self._looked = time.monotonic()
        return Gone(frozenset(gone))

    def submit(self, task: bytes, worker: str) -> Future:
        """Have a worker judge a submission. The future gives what `judge_here` does.

        Args:
            task: a packed Task with its attachments, as `Wanted.packed` makes it.
            worker: its address, one of `slots`. If it ends, the task is not sent to another one.
        """
        assert self._client is not None  # of a context that was entered
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that weights which were handed in are large
            return self._client.submit(
                judge_here, self._digest, task, workers=[worker], allow_other_workers=False, pure=False, retries=0
            )

    def forget(self, worker: str) -> None:
        """Make a worker ready anew: it does not know the course any more."""
        self.slots.pop(worker, None)

    def _connected(self) -> Client:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other versions, which `_admit` names where they matter
            return Client(str(self._address), security=self._security, timeout=SECONDS_TO_CONNECT, set_as_default=False)

    def _workers(self) -> dict[str, int] | None:
        """Address → threads; None if the scheduler does not answer."""
        client = self._client
        if client is None or client.scheduler is None or client.status != "running":
            return None
        try:
            known = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=SECONDS_TO_CONNECT)
        except Exception:
            return None
        return {address: worker["nthreads"] for address, worker in known["workers"].items()}

    def _wait_for_scheduler(self) -> Gone:
        """Connect anew. All workers count as gone then. Raises SchedulerGone."""
        self._tell(f"the scheduler at {self._address} does not answer: waiting for it")
        deadline = time.monotonic() + SECONDS_FOR_SCHEDULER
        self._close()
        while True:
            try:
                self._client = self._connected()
                break
            except OSError as problem:
                if time.monotonic() > deadline:
                    kept = "what was judged is kept, and the same command goes on from there"
                    raise SchedulerGone(
                        f"--scheduler {self._address}: has gone away ({_in_short(problem)}); {kept}"
                    ) from None
                time.sleep(SECONDS_BETWEEN_LOOKS)
        self._tell(f"the scheduler at {self._address} is back")
        gone = frozenset(self.slots)
        self.slots.clear()
        self._refused.clear()
        return Gone(gone, by_scheduler=True)

    def _admit(self, new: dict[str, int]) -> None:
        """Make workers ready, all at a time, or say by name why one is refused."""
        try:
            reasons = self._hindrances(list(new))
        except Exception:  # Dask's, of a scheduler or a worker that has just ended: the next look tells
            return
        for address, reason in reasons.items():
            if reason:
                self._refused[address] = reason
                self._tell(f"NOT USED: the worker {address}: {reason}")
            else:
                self.slots[address] = new[address]

    def _hindrances(self, workers: list[str]) -> dict[str, str]:
        """Why workers may not judge; "" for those that are ready now. Who has ended meanwhile is left out."""
        assert self._client is not None  # of a context that was entered
        known: Any = self._client.get_versions()
        reasons = {address: self._other_python(known["workers"].get(address, {})) for address in workers}
        for address, versions in self._run(versions_here, _fine(reasons), self._packages).items():
            reasons[address] = _said_of(versions) or differences(self._pins, versions)
        for address, answer in self._run(get_ready, _fine(reasons), self._digest, self._content, self.room).items():
            reasons[address] = _said_of(answer) or self._other_room(address, *answer)
        there = self._workers() or {}
        return {address: reason for address, reason in reasons.items() if address in there}

    def _other_python(self, worker: dict[str, Any]) -> str:
        ours, python = self._pins["python"], worker.get("host", {}).get("python", "")
        if python.startswith(f"{ours}."):  # Dask tells of 3.11.2.final.0
            return ""
        return f"has another Python: {python.removesuffix('.final.0') or 'none that it tells'} and not {ours}"

    def _other_room(self, address: str, answer: str, said: str) -> str:
        """Why the rooms of a worker are not those of the run; the first worker's are, where any would do."""
        if answer == REFUSES:
            return said
        self.room = said if self.room == AUTO else self.room
        if said == self.room:
            return ""
        [again] = self._run(get_ready, [address], self._digest, self._content, self.room).values()
        return _said_of(again) or ("" if again[0] == READY else again[1])

    def _run(self, function: Callable, workers: list[str], *arguments: Any) -> dict[str, Any]:
        """What a function gives on each of some workers, or the exception that it raised there."""
        assert self._client is not None  # of a context that was entered
        if not workers:
            return {}
        return self._client.run(function, *arguments, workers=workers, on_error="return")


def _fine(reasons: dict[str, str]) -> list[str]:
    return [address for address, reason in reasons.items() if not reason]


def _said_of(answer: object) -> str:
    """What a worker raised, in words; "" if it raised nothing."""
    if isinstance(answer, ImportError):
        return f"has no autograder, or another one ({answer}); install the same version there"
    return _in_short(answer) if isinstance(answer, BaseException) else ""


def _in_short(problem: BaseException) -> str:
    return told_of(problem)
