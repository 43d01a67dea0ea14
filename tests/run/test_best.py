"""`attempt = "best"`: all attempts are judged, and the best one after its penalty counts."""

import csv
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from autograder.course.settings import Deadline
from autograder.engines.grading import Grading
from autograder.intake.gather import Handin
from autograder.intake.handed_over import not_graded
from autograder.intake.owners import Origin
from autograder.judge import QuestionResult, Results, Status
from autograder.judge.store import Store
from autograder.run.best import best_attempts
from autograder.run.deadlines import Due
from autograder.run.graded import Graded, NotGraded
from autograder.run.run import Run
from autograder.run.workers.judged import Judged
from tests.command import autograder
from tests.lms_files import DUE, JEAN, class_of, write
from tests.run.big_class import DUE as DEADLINE
from tests.small_course import edit
from tests.tiny import FIRST, SECOND, release_tiny


class Judge:
    """An Executor that knows what each attempt is worth: the number in its notebook's name."""

    def __init__(self, run: Run, scratch: Path):
        self.run = run

    def __enter__(self) -> "Judge":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def each_judged(self, handins, written):
        for one in reversed(handins):
            future: Future = Future()
            points = one.notebooks[0].stem
            future.set_result(Judged([_graded(one.student, name, points) for name in (FIRST, SECOND)]))
            yield one, future


def _graded(student: str, notebook: str, points: str) -> Graded | NotGraded:
    if points == "fault":
        return NotGraded(student, notebook, "MachineTrouble: no room")
    score = float(points) if notebook == FIRST else 0.0
    question = QuestionResult("q1", score, 10.0, Status.PARTIAL)
    return Graded(student, notebook, Results(student, notebook, 1, (question,), key=f"key of {points}"))


def attempt(points: str, hours: float, remarks: tuple[str, ...] = ()) -> Handin:
    """An attempt that was handed in so many hours after the deadline."""
    origin = Origin("brightspace", "7", "Ada Lovelace", handed_in=DEADLINE + timedelta(hours=hours), remarks=remarks)
    return Handin("ada", (Path(f"{points}.ipynb"),), origin=origin)


def chosen(tiny, tmp_path, *attempts: Handin) -> Handin:
    """Which of them counts. The newest is the first."""
    newest, *others = attempts
    newest = replace(newest, earlier=tuple(others))
    origin = replace(newest.origin, remarks=tuple(not_graded(one) for one in others), section="Mon", attempts=3)
    run = Run(tmp_path, Grading(tmp_path / "results", tiny, 1, "none"), "nbgrader", tmp_path, 1)
    due = Due(Deadline(due=DEADLINE, percent_per_day=10, attempt="best"))
    alone = Handin("ben", (Path("3.ipynb"),))
    [ada, ben] = best_attempts(run, [replace(newest, origin=origin), alone], Judge, tmp_path, due)
    assert ben is alone, "who handed in once is not judged here"
    assert (ada.student, ada.origin.section, ada.origin.attempts, len(ada.earlier)) == ("ada", "Mon", 3, len(others))
    return ada


@pytest.mark.parametrize(
    ("attempts", "counts"),
    [
        ([("8", -1), ("9", -2)], "9"),
        ([("9", -1), ("8", -2)], "9"),
        ([("8", -1), ("8", -2)], "8"),
        ([("9", 1), ("8.5", -2)], "8.5"),
        ([("10", 1), ("8.5", -2)], "10"),
        ([("10", 30), ("8.5", -2), ("9", 1)], "8.5"),
        ([("0", -1), ("0", -2), ("0.5", 100)], "0.5"),
    ],
)
def test_the_attempt_with_the_most_points_after_its_penalty_counts(tiny, tmp_path, attempts, counts):
    every = [attempt(*one) for one in attempts]
    ada = chosen(tiny, tmp_path, *every)
    assert ada.notebooks[0].stem == counts
    [told] = ada.origin.remarks
    assert told.startswith(f"the attempt of {ada.origin.handed_in:%Y-%m-%d %H:%M} counts, as the best")
    kept = Store(tmp_path / "results").load("ada", FIRST, f"key of {counts}")
    assert kept is not None and kept.student == "ada", "it is not judged twice"


def test_of_equal_attempts_the_newest_counts(tiny, tmp_path):
    newest = attempt("8", -1)
    assert chosen(tiny, tmp_path, newest, attempt("8", -2)).origin.handed_in == newest.origin.handed_in


def test_what_was_said_of_each_attempt_stays_said(tiny, tmp_path):
    ada = chosen(tiny, tmp_path, attempt("8", -1), attempt("9", -2, ("x.exe is no notebook",)))
    assert ada.origin.remarks[1:] == ("x.exe is no notebook",)


def test_if_one_could_not_be_judged_the_newest_counts_and_that_is_said(tiny, tmp_path):
    ada = chosen(tiny, tmp_path, attempt("8", -1), attempt("fault", -2), attempt("9", -3))
    assert ada.notebooks[0].stem == "8"
    assert ada.origin.remarks == (
        "which attempt is the best is not known, as one could not be judged: the newest counts",
    )


@pytest.mark.room
@pytest.mark.tool
def test_the_best_of_what_an_lms_hands_over_is_graded_and_the_table_says_which(tmp_path):
    course = release_tiny(tmp_path / "tiny").course
    with (course.folder / "course.toml").open("a", encoding="utf-8") as file:
        file.write(f'{DUE}attempt = "best"\n')
    jean = [one for one in class_of(course, tmp_path / "scratch") if one.person is JEAN]
    place = write("brightspace", jean, tmp_path / "handins.zip")
    call = [f"--course={course.folder}", "grade", place, f"--out={tmp_path}/out"]
    done = autograder(*call)
    assert done.returncode == 0, done.stderr
    row = student_in(tmp_path / "out")
    assert (row["attempts"], row["tests"], row["bonus"]) == ("2", "13", "2"), "the newer one lacks a file, and 3 points"
    older = "the attempt of 2026-11-19 22:59 counts, as the best by tests after its penalty: 15 points"
    assert row["remarks"].startswith(f"{older} (of 2026-11-20 22:59: 14)")
    edit(course.folder / "course.toml", '"best"', '"newest"')
    assert autograder(*call).returncode == 0
    assert student_in(tmp_path / "out")["tests"] == "12"


def student_in(out: Path) -> dict[str, str]:
    with (out / "students.csv").open(newline="", encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    return row
