"""`make demo`: the bundled class, graded with nbgrader and with otter, and both tools' scores side by side."""

import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.course import Course
from autograder.engines.grading import AUTO, Grading
from autograder.release.build import build, write, write_nbgrader_course
from autograder.room import Limits
from autograder.run.graded import Graded, NotGraded, with_verdict, without_verdict
from autograder.run.report import grade_and_tell
from autograder.run.run import Run
from autograder.run.to_students.feedback import make_pages

CELL_SECONDS = 10.0
"""The bundled class has an endless loop: the demo waits less long for it than a real run does."""

console = Console(highlight=False, width=None if sys.stdout.isatty() else 130)


def run_demo(course: Course, workers: int, room: str = AUTO) -> bool:
    """Release, write the class, grade it twice, print the scores.

    Args:
        course: with a sample class in its grading/.
        workers: how many processes there are.
        room: the kind of room that the class's code runs in.

    Returns:
        Whether both tools agree.

    Raises:
        CourseError: if the course cannot be released, or has no sample class.
        NoSuchRoom: if the machine has no such room.
    """
    folder = course.dist / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    console.print("[bold]1. release[/]: the course folder → notebooks and dist/")
    release = build(course)
    write(release)
    write_nbgrader_course(release, folder / "course")
    with tempfile.TemporaryDirectory() as scratch:
        handins = Path(scratch) / "handins"
        students = course.grading_module("sample_class").write_class(course, handins)
        console.print(f"[bold]2. a class[/] of {len(students)} students hands in:")
        for student in students:
            console.print(f"   {student.name:12} {student.story}", markup=False)
        graded = {}
        seed = secrets.randbits(32)  # one for both tools: a wrong answer may pass with some inputs and not with others
        for number, engine in enumerate(("nbgrader", "otter"), start=3):
            console.print(f"[bold]{number}. grade[/] the class with {engine}")
            out = folder if engine == "nbgrader" else folder / "otter"
            grading = Grading(out / "results", course, seed, room, Limits(cell_seconds=CELL_SECONDS))
            graded[engine] = grade_and_tell(Run(handins, grading, engine, folder / "course", workers), out)
    make_pages(course, folder / "course", folder, (), lambda *_: None)
    return _tell(folder, [student.name for student in students], graded["nbgrader"], graded["otter"])


def _alike(one: float | None, other: float | None) -> bool:
    """Whether both tools gave a score, and the same one."""
    return one is not None and other is not None and abs(one - other) < 1e-6


def _both(one: float | None, other: float | None) -> str:
    """Two tools' scores, once where they are the same."""
    told = ["?" if score is None else f"{score:g}" for score in (one, other)]
    return told[0] if one == other and one is not None else " | ".join(told)


def _tell(
    folder: Path, students: list[str], nbgrader: list[Graded | NotGraded], otter: list[Graded | NotGraded]
) -> bool:
    """Print the table, one row per student and one column per question. Returns whether the tools agree everywhere."""
    scores = [
        {(one.student, question): score for one in with_verdict(outcomes) for question, score in one.scores.items()}
        for outcomes in (nbgrader, otter)
    ]
    questions = sorted({question for (_, question), score in scores[1].items() if score is not None})
    console.print("\nscores; where the tools differ, nbgrader's | otter's\n")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("student", *questions, "total"):
        table.add_column(heading, no_wrap=True)
    agree = not without_verdict(nbgrader + otter)
    for student in sorted(students):
        pairs = [(scores[0].get((student, question)), scores[1].get((student, question))) for question in questions]
        agree = agree and all(_alike(*pair) for pair in pairs)
        totals = sum(one or 0 for one, _ in pairs), sum(other or 0 for _, other in pairs)
        table.add_row(student, *(_both(*pair) for pair in [*pairs, totals]))
    console.print(table)
    formgrader = f"cd {folder / 'course'} && jupyter lab --LabApp.default_url=/formgrader"
    console.print(f"Written questions wait for a person: {formgrader}", markup=False, soft_wrap=True)
    where = f"{folder}: scores.csv, report.html, results/, feedback/ and otter/ (the same by otter)"
    console.print(where, markup=False, soft_wrap=True)
    console.print("Both tools give the same score on every question." if agree else "THE TOOLS DISAGREE.")
    return agree
