"""`autograder merge`, as it is told in a terminal."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from autograder.bars import bars
from autograder.course import Course
from autograder.course.released import need_release
from autograder.errors import DONE, NOT_ALL_DONE
from autograder.intake.read import shown
from autograder.run.deadlines import read_due
from autograder.run.gradebook.patience import Patience, WaitingLines
from autograder.run.graded import without_verdict
from autograder.run.page import read_left_out
from autograder.run.preflight import need_gradebook
from autograder.run.sharding.merge import merge_shards, read_shards
from autograder.terminal import tell


def merge_and_tell(
    course: Course, outs: Sequence[Path], out: Path, course_folder: Path | None = None, gradebook: str = ""
) -> int:
    """Put shards together and tell what came of it; see `autograder.run.sharding.merge`.

    Args:
        course: that was graded.
        outs: the --out of each shard, in any order.
        out: the folder of the whole run; none of the shards' own.
        course_folder: nbgrader's own course folder; None for the course's.
        gradebook: the URL of another gradebook than that folder's, or "".

    Returns:
        The exit status: 1 if a notebook of somebody has no verdict.

    Raises:
        UserError: in one line, or in a line for each shard that is missing.
    """
    need_release(course)
    shards, due = read_shards(course, outs), read_due(course)
    if shards[0].record.engine == "nbgrader":
        need_gradebook(course, course_folder or course.dist / "nbgrader", gradebook)
    waiting = WaitingLines()

    def tell_waiting(reason: str, seconds: float, is_back: bool) -> None:
        if line := waiting.line(reason, seconds, is_back):
            tell(line)

    with bars() as advance:
        told = partial(advance, "merging")
        settled = merge_shards(course, shards, out, due, told, course_folder, gradebook, Patience(tell_waiting))
    failed = without_verdict(settled.graded)
    done = f"{len(settled.graded) - len(failed)} of {len(settled.graded)} notebooks, of {len(shards)} shards"
    tell(f"{done}; {out / 'scores.csv'}, students.csv, report.html")
    for line in (*(f"LEFT OUT: {line}" for line in read_left_out(out)), *settled.lines):
        tell(line)
    for one in failed:
        tell(f"NOT GRADED: {shown(one.student)}, {one.notebook}: {one.problem}")
    return NOT_ALL_DONE if failed else DONE
