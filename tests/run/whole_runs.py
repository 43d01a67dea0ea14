"""A small class with what goes wrong in one, graded in this process, and all that a run leaves of it."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import Course
from autograder.course.settings import Deadline
from autograder.engines.grading import Grading
from autograder.intake.roster import read_roster
from autograder.intake.timestamps import write_timestamp
from autograder.room import NONE
from autograder.run.deadlines import Due
from autograder.run.hand_ins import Intake
from autograder.run.run import Run
from autograder.run.run_record import grade_and_record
from autograder.run.sharding.shards import Shard
from autograder.run.workers.executor import Executor, LocalWorkers
from tests.tiny import UPPER, hand_in_solved

SEED = 7
OTHERS = ("scores.csv", "students.csv", "changes.csv", "report.html", "hand_ins.json", "left_out.txt", "told.json")
DUE = Due(Deadline(due=datetime(2026, 5, 1, 12, tzinfo=UTC), percent_per_day=10), {})


def make_class(tiny: Course, folder: Path) -> Path:
    """Five students: one is late, one has a broken file, one has handed in a single notebook; and a stray file."""
    folder.mkdir()
    for student in ("ada", "bob", "cy"):
        hand_in_solved(tiny, folder / student / tiny.name, UPPER if student == "bob" else {})
    write_timestamp(folder / "bob" / tiny.name, datetime(2026, 5, 3, 12, tzinfo=UTC))
    hand_in_solved(tiny, folder / "dee" / tiny.name, {}, "1_averages")
    hand_in_solved(tiny, folder / "eve" / tiny.name)
    (folder / "eve" / tiny.name / "2_spread.ipynb").write_text('{"cells": [', encoding="utf-8")
    (folder / "notes.txt").write_text("of nobody", encoding="utf-8")
    (folder.parent / "roster.csv").write_text("student,name\nada,Ada\nbob,Bob\nzoe,Zoe\n", encoding="utf-8")
    return folder


def intake_for(handins: Path) -> Intake:
    return Intake(roster=read_roster(handins.parent / "roster.csv"), due=DUE)


def graded(
    course: Course,
    handins: Path,
    out: Path,
    engine: str,
    shard: Shard | None = None,
    executor: Callable[[Run, Path], Executor] = LocalWorkers,
) -> Path:
    """Grade the class, or a shard of it. nbgrader's course of a whole run lies beside `out`."""
    folder = out if shard else own_gradebook(course, out)
    run = Run(handins, Grading(out / "results", course, SEED, NONE), engine, folder, 1, into_gradebook=shard is None)
    grade_and_record(run, out, intake_for(handins), shard, executor)
    return out


def own_gradebook(course: Course, out: Path) -> Path:
    folder = out.with_name(f"{out.name}-course")
    if not folder.exists():
        shutil.copytree(course.dist / "nbgrader", folder, ignore=shutil.ignore_patterns("autograded", "intake"))
    return folder.resolve()


def without_times(path: Path) -> str:
    return re.sub(r'"seconds": [\d.e-]+', '"seconds": 0', path.read_text(encoding="utf-8"))


def content(out: Path, course: Course, engine: str) -> dict[str, object]:
    """All that a run leaves: its files without times, the autograded files, and what the gradebook holds."""
    found: dict[str, object] = {name: (out / name).read_text(encoding="utf-8") for name in OTHERS}
    for path in sorted((out / "results").glob("*/*.json")):
        found[str(path.relative_to(out))] = without_times(path)
    if engine == "nbgrader":
        from autograder.run.gradebook.marks import marks_of_class
        from autograder.run.gradebook.writing import open_gradebook

        folder = own_gradebook(course, out)
        for path in sorted((folder / "autograded").rglob("*")):
            if path.is_file():
                found[str(path.relative_to(folder))] = path.read_bytes()
        with open_gradebook(course, folder, "") as book:
            found["gradebook"] = marks_of_class(book, course.name)
    return found
