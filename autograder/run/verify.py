"""The release's own proof: the model solution gets everything, the untouched release nothing, in both engines."""

import shutil
import tempfile
from pathlib import Path

import nbformat
from rich.console import Console
from rich.table import Table

from autograder.course import ASSIGNMENT, Course
from autograder.engines.nbgrader import CLEAN
from autograder.engines.verdicts import Grading
from autograder.intake.skeleton import load_skeletons
from autograder.run.answers import add_trained, fill, model_answers
from autograder.run.grading import Graded, Run, grade_class

MODEL, UNTOUCHED = "model-solution", "untouched-release"


def verify_course(course: Course) -> bool:
    """Grade both with both engines and print a table. Returns whether everything is as it must be."""
    with tempfile.TemporaryDirectory() as folder:
        handins = Path(folder) / "handins"
        _write(course, handins)
        graded = {}
        for engine in ("nbgrader", "otter"):
            copy = Path(folder) / engine
            shutil.copytree(course.dist / "nbgrader", copy, ignore=shutil.ignore_patterns("autograded", CLEAN))
            grading = Grading(copy / "results")
            run = Run(handins, grading, engine, copy, workers=2)
            graded[engine] = grade_class(run, lambda *_: None)
    return _tell(graded)


def _write(course: Course, handins: Path) -> None:
    for student, answers in ((MODEL, model_answers(course)), (UNTOUCHED, {})):
        folder = handins / student / ASSIGNMENT
        folder.mkdir(parents=True)
        for name, skeleton in load_skeletons(course).items():
            nbformat.write(fill(skeleton, answers), folder / f"{name}.ipynb")
        if answers:
            add_trained(course, folder)


def _tell(graded: dict[str, list[Graded]]) -> bool:
    table = Table("question", "points", *(f"{engine}, {who}" for who in ("model", "untouched") for engine in graded))
    good = True
    for one in graded["nbgrader"]:
        if one.student != MODEL or one.results is None:
            good = good and one.results is not None
            continue
        for question in one.results.questions:
            if question.score is None:
                continue
            full = sum(case.points for case in question.cases)
            row = [_score(graded[engine], who, one.notebook, question.question) for who in (MODEL, UNTOUCHED)
                   for engine in graded]  # fmt: skip
            good = good and row == [full, full, 0.0, 0.0]
            table.add_row(question.question, f"{full:g}", *(str(score) for score in row))
    Console().print(table)
    for engine, all_graded in graded.items():
        for one in (one for one in all_graded if one.problem):
            print(f"{engine}: {one.student}, {one.notebook}: {one.problem}")
            good = False
    print("verified" if good else "NOT as it must be: the model solution gets everything, the untouched release 0")
    return good


def _score(graded: list[Graded], student: str, notebook: str, question: str) -> float | None:
    one = next(one for one in graded if (one.student, one.notebook) == (student, notebook))
    return one.scores.get(question)
