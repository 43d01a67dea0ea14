"""What runs inside a Dask worker: it keeps the course and the agents, and passes submissions on. It judges nothing."""

import atexit
import os
import shutil
import subprocess
import sys
from threading import Lock, Thread

from pydantic import TypeAdapter

from autograder.course import Course
from autograder.course.settings import FILE
from autograder.errors import UserError
from autograder.room import pick_kind
from autograder.room.files_of_rooms import files_of_rooms
from autograder.run.cluster.agent import Begin
from autograder.run.cluster.course_there import lay_out
from autograder.run.cluster.frames import read_frame, write_frame
from autograder.run.cluster.packing import packed
from autograder.run.course_content import digest_of_course, versions_of

DIED = "died"
"""The name of what comes back where an agent died."""

GONE = "gone"
"""The name of what comes back from a worker that does not know the course: it is new."""

READY, REFUSES = "ready", "refuses"


class Host:
    """A course on this worker, with the agents that judge it.

    room: the kind of its rooms. The folder with the course and the template ends with this process.
    """

    def __init__(self, content: bytes):
        self._files = files_of_rooms()
        folder = self._files.folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        self.course: Course = lay_out(content, folder / "files")
        self._place = folder / "place"
        self._place.mkdir(mode=0o700)
        self.room = ""
        self._idle: list[subprocess.Popen] = []
        self._lock = Lock()
        self._ended = False

    def judge(self, task: bytes) -> bytes:
        """What an agent answers; it has this task alone."""
        with self._lock:
            agent = self._idle.pop() if self._idle else None
        try:
            agent = agent or self._new()
            assert agent.stdin is not None and agent.stdout is not None  # they are pipes
            write_frame(agent.stdin, task)  # type: ignore[arg-type]  # typed as IO[bytes]
            answer = read_frame(agent.stdout)  # type: ignore[arg-type]
        except OSError:
            answer = None
        if answer is None:
            if agent is not None:
                agent.kill()
                agent.wait()
            return packed({DIED: b""})
        with self._lock:
            self._idle.append(agent)  # type: ignore[arg-type]  # it has answered
        if self._ended:
            self.end()
        return answer

    def end(self) -> None:
        """End the agents that are at nothing, and each other one when it has answered."""
        self._ended = True
        with self._lock:
            idle, self._idle = self._idle, []
        for agent in idle:
            if agent.stdin is not None:
                agent.stdin.close()
            agent.wait()
        shutil.rmtree(self._files.folder, ignore_errors=True)

    def _new(self) -> subprocess.Popen:
        environment = os.environ | {"OMP_NUM_THREADS": "1"}  # there are as many agents as cores
        agent = subprocess.Popen(
            [sys.executable, "-P", "-m", "autograder.run.cluster.agent"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        begin = Begin(str(self.course.folder), str(self._place), self.room)
        write_frame(agent.stdin, TypeAdapter(Begin).dump_json(begin))  # type: ignore[arg-type]
        return agent


_hosts: dict[str, Host] = {}
"""By the hash of the course."""


def versions_here(names: list[str]) -> dict[str, str]:
    """The versions that verdicts depend on."""
    return versions_of(names)


def get_ready(digest: str, content: bytes, room: str) -> tuple[str, str]:
    """Lay a course out, and see to it that its rooms have walls here.

    Args:
        digest: the course's.
        content: what it is packed as.
        room: the kind of rooms that is wanted, or "auto".

    Returns:
        READY and the kind of room, or REFUSES and why, in one line.
    """
    try:
        if digest not in _hosts:
            host = Host(content)
            if digest_of_course(host.course) != digest:
                return REFUSES, f"{FILE} or a file that it names did not arrive as it is"
            host.room = pick_kind(room, host.course.room_needs)
            _hosts[digest] = host
        if room not in ("auto", _hosts[digest].room):
            _hosts[digest].room = pick_kind(room, _hosts[digest].course.room_needs)
        return READY, _hosts[digest].room
    except (UserError, OSError, ValueError) as problem:
        return REFUSES, str(problem)


def end(digest: str) -> None:
    """A run is over: nothing of it stays on this worker."""
    if (host := _hosts.pop(digest, None)) is not None:
        Thread(target=host.end).start()


def judge_here(digest: str, task: bytes) -> bytes:
    """In a thread of a worker: the verdict on a submission, in a process of ours.

    Args:
        digest: of the course, as `get_ready` got it.
        task: a packed Task with its attachments.

    Returns:
        What the agent answers, packed; an entry GONE if the course is not known here, or DIED if the agent died.
    """
    host = _hosts.get(digest)
    return packed({GONE: b""}) if host is None else host.judge(task)
