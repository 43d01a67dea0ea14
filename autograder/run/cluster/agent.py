"""A process of ours beside a Dask worker: judges one submission at a time, as it is told on its standard input.

Dask's own worker processes may have no children by multiprocessing, and a judge that dies must not take one along. An
agent stays for further submissions. When whoever started it has ended, it ends, and its rooms with it.
"""

import os
import select
import tempfile
from dataclasses import replace
from pathlib import Path
from threading import Thread

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from autograder.course import Course
from autograder.course.submission import Submission
from autograder.engines.grading import Grading
from autograder.engines.results import judge_anew
from autograder.log import told_of, trace_of
from autograder.room import Limits, Place, close_all_rooms, use_places
from autograder.run.cluster.frames import read_frame, write_frame
from autograder.run.cluster.packing import packed, unpacked

TASK, ATTACHED, RESULTS, PROBLEM = "task.json", "attached/", "results.json", "problem.json"
"""Names in what goes to and from an agent. Attachments follow ATTACHED."""

ENDED = 143


@dataclass(frozen=True)
class Begin:
    """The first message to an agent. course: its folder here. place: the folder of the template that rooms are of."""

    course: str
    place: str
    room: str


@dataclass(frozen=True)
class Task:
    """What is to be judged. submission: without its folder."""

    submission: Submission
    seed: int
    limits: Limits


@dataclass(frozen=True)
class Problem:
    """Why there is no verdict, in one line, and how that came about, for the log."""

    told: str
    trace: str


def main() -> None:
    """Judge until there is nothing more to read."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    Thread(target=_end_with_parent, daemon=True).start()
    begin = TypeAdapter(Begin).validate_json(read_frame(requests) or b"")
    course = Course(Path(begin.course))
    use_places(Place(begin.room, course.room_needs, Path(begin.place)))
    while (request := read_frame(requests)) is not None:
        write_frame(answers, answer_to(request, course, begin.room))


def answer_to(request: bytes, course: Course, room: str) -> bytes:
    """The verdict on a submission, packed, or why there is none.

    Args:
        request: a packed Task with its attachments, as `Wanted.packed` makes it.
        course: as it lies on this machine.
        room: the kind of the rooms; not "auto".

    Returns:
        RESULTS with a verdict, or PROBLEM with a Problem, packed.
    """
    files = unpacked(request)
    task = TypeAdapter(Task).validate_json(files.pop(TASK))
    with tempfile.TemporaryDirectory() as scratch:
        attached = Path(scratch) / "attached"
        for name, content in files.items():
            attached.mkdir(exist_ok=True)
            (attached / Path(name.removeprefix(ATTACHED)).name).write_bytes(content)
        submission = replace(task.submission, folder=attached if files else None)
        grading = Grading(Path(scratch) / "results", course, task.seed, room, task.limits)
        try:
            return packed({RESULTS: judge_anew(submission, grading, task.seed).to_json().encode()})
        except Exception as problem:  # a fault of ours, or of this machine, which the run tells of
            said = Problem(told_of(problem), trace_of(problem))
            return packed({PROBLEM: TypeAdapter(Problem).dump_json(said)})


def _end_with_parent() -> None:
    """Wait until nobody can write to standard input any more, whatever this process is at."""
    waits = select.poll()
    waits.register(0, 0)
    waits.poll()
    close_all_rooms()
    os._exit(ENDED)


if __name__ == "__main__":
    main()
