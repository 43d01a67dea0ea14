"""What happens in Gradescope's container for one submission. Run by the zip's run_autograder, as root."""

import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from autograder.atomic import write_text
from autograder.course import Course
from autograder.engines.grading import Grading
from autograder.engines.results import results_for
from autograder.errors import NothingHandedIn, UserError
from autograder.intake.collect import clean
from autograder.intake.gather import Gatherer, Handin, unpacked
from autograder.judge import Results
from autograder.log import told_of
from autograder.room import Limits, close_all_rooms
from autograder.run.cluster.course_there import lay_out
from autograder.run.gradescope.layout import ASKED, COURSE, Asked, Layout
from autograder.run.gradescope.results_json import results_json

STUDENT = "student"
"""Whoever it is: a verdict does not depend on it, and Gradescope knows."""

FOR_US = 300 * 2**20
"""Bytes of the container's memory that rooms leave to the judge."""

LEAST = 400 * 2**20


def main(root: str = "/autograder") -> int:
    """Grade what was uploaded.

    Args:
        root: Gradescope's folder, with the zip and the upload below it.

    Returns:
        The exit status. It is 1, and no results are written, if grading fails: it is no fault of the student's.
    """
    layout, started = Layout(Path(root)), time.monotonic()
    layout.results.unlink(missing_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="grading-", dir=layout.root) as scratch:
            Path(scratch).chmod(0o711)  # rooms are other users, and reach what they may see in it
            verdicts, remarks = grade(layout, Path(scratch))
            made = results_json(verdicts, remarks, time.monotonic() - started)
            layout.results.parent.mkdir(exist_ok=True)
            write_text(layout.results, json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    except UserError as problem:
        print(f"autograder: {problem}")
        return 1
    except Exception as problem:
        print(f"autograder: not graded, and no fault of the student's: {told_of(problem)}")
        return 1
    finally:
        close_all_rooms()
    print(f"autograder: {sum(one.score for one in verdicts):g} points by tests, in {made['execution_time']} s")
    return 0


def grade(layout: Layout, scratch: Path) -> tuple[list[Results], tuple[str, ...]]:
    """The verdicts on the notebooks that the zip grades, and what intake has to say of the upload as a whole.

    Args:
        layout: where Gradescope puts the zip and the upload.
        scratch: an empty folder, which rooms' users have to be able to enter.

    Raises:
        UserError: if the container allows no room, or the zip is damaged.
    """
    asked = TypeAdapter(Asked).validate_json((layout.source / ASKED).read_bytes())
    course = lay_out((layout.source / COURSE).read_bytes(), scratch / "course")
    grading = Grading(scratch / "out" / "results", course, asked.seed, limits=limits_here())
    with unpacked(one_hand_in(layout, course, scratch)) as handin:
        cleaned = clean(handin, course, scratch)
        chosen = [one for name, one in cleaned.items() if not asked.notebooks or name in asked.notebooks]
        return [results_for(one.submission, grading) for one in chosen], handin.remarks


def one_hand_in(layout: Layout, course: Course, scratch: Path) -> Handin:
    """What was uploaded. It is one student's, whatever files and folders are called.

    Args:
        layout: where Gradescope puts the upload.
        course: the course.
        scratch: a folder for what is unpacked (`unpacked`).

    Raises:
        NothingHandedIn: if nothing in it can be read.
    """
    gatherer = Gatherer(STUDENT, course, scratch / "unpacked")
    gatherer.add_folder(layout.submission)
    if gatherer.is_empty:
        raise NothingHandedIn("submission: no notebooks here; upload the notebooks, or a zip of them")
    return gatherer.handin()


def limits_here() -> Limits:
    """The usual limits, with no more memory than this container can give to a room."""
    usual, there = Limits(), memory_of_container()
    return usual if there is None else replace(usual, memory_bytes=min(usual.memory_bytes, max(LEAST, there - FOR_US)))


def memory_of_container() -> int | None:
    """The bytes that control groups allow this container, or None if they allow it all."""
    for path in (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")):
        try:
            said = path.read_text(encoding="ascii").strip()
        except OSError:
            continue
        if said.isdigit() and int(said) < 2**50:
            return int(said)
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
