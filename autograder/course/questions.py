"""The test files: what of them students get, and whether their points add up."""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

from autograder.course.folder import Course
from autograder.course.skeleton import load_skeletons
from autograder.course.texts import text_of
from autograder.errors import CourseError

if TYPE_CHECKING:
    from otter.test_files import TestCase, TestFile

HIDDEN_LINE = "# ---- hidden: nothing below this line reaches a student ----"
BONUS = re.compile(r"^bonus = True$", re.MULTILINE)
REMEMBERED = re.compile(r"^@(?:\w+\.)?remembered\b", re.MULTILINE)
POINTS = re.compile(r"^points = (\d+(?:\.\d+)?)$", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """One question's test file. points: its most points; a bonus comes on top of the assignment's 100.

    withheld: modules, and names in modules, that the room of the question's notebook does not have. remembers: whether
    it has functions marked `@remembered`, which take long.
    """

    name: str
    path: Path
    points: float
    bonus: bool
    text: str
    withheld: tuple[str, ...] = ()
    remembers: bool = False

    @property
    def public_text(self) -> str:
        """What students get: the text above the hidden line."""
        return self.text.split(HIDDEN_LINE)[0].rstrip() + "\n"

    @property
    def hidden_text(self) -> str:
        """What they never get."""
        return self.text.split(HIDDEN_LINE, 1)[1] if HIDDEN_LINE in self.text else ""

    def load(self) -> "TestFile":
        """The test file as otter reads it, with fresh cases. Runs the file's own code: it is ours.

        Its functions say that they are of the file at `path`, which is where the judge reads them again.

        Raises:
            CourseError: see `check`.
        """
        self.check()
        return _load(self.text, self.path, self.path.name)

    def judged_cases(self) -> "list[TestCase]":
        """Those that the judge runs: all but a student's practice, which are the public ones that are worth no points.

        Raises:
            CourseError: see `check`.
        """
        return [case for case in self.load().test_cases if case.hidden or case.points]

    def check(self) -> None:
        """See to it that otter and the judge read the test file as it is meant.

        Raises:
            CourseError: for what otter would skip in silence: another name, points that do not add up, or a case on the
                wrong side of the hidden line.
        """
        _check(self)


@lru_cache
def read_question(path: Path) -> Question:
    """Read a test file, of which nothing is run.

    Raises:
        CourseError: if it is missing or no text, or if it does not declare its points, or wrongly what it withholds.
    """
    text = text_of(path)
    declared = POINTS.search(text)
    if declared is None:
        raise CourseError(f"{path.name}: no line 'points = …'")
    return Question(
        path.stem,
        path,
        float(declared[1]),
        bool(BONUS.search(text)),
        text,
        _withheld(text, path.name),
        bool(REMEMBERED.search(text)),
    )


def read_questions(folder: Path) -> dict[str, Question]:
    """All test files of a folder, by question."""
    paths = sorted(path for path in folder.glob("*.py") if path.stem != "__init__")
    return {path.stem: read_question(path) for path in paths}


@lru_cache
def withheld_in(course: Course, notebook: str) -> tuple[str, ...]:
    """The names that rooms of a notebook do not have: what the course or any question of the notebook withholds.

    Args:
        course: the course, released.
        notebook: its name, without `.ipynb`.

    Returns:
        Modules, and names in modules with the module's name before them, sorted.

    Raises:
        CourseError: if a test file cannot be read.
    """
    questions = read_questions(course.questions)
    asked = (questions[cell.question] for cell in load_skeletons(course)[notebook].cells if cell.role == "check")
    named = {name for question in asked for name in question.withheld}
    return tuple(sorted(named | set(course.settings.room.withheld)))


def _withheld(text: str, name: str) -> tuple[str, ...]:
    """The file's `withheld = (…)`, which stands above the hidden line, so that students know. Raises CourseError."""
    try:
        body = ast.parse(text.split(HIDDEN_LINE)[0]).body
    except (SyntaxError, ValueError) as problem:
        raise CourseError(f"{name}, above its hidden line: does not parse: {problem}") from None
    for node in body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "withheld":
            try:
                names = ast.literal_eval(node.value)
            except ValueError:
                names = None
            if not isinstance(names, tuple) or not all(isinstance(one, str) for one in names):
                raise CourseError(f"{name}: 'withheld' is not a tuple of names, each in quotes")
            return names
    return ()


def _load(text: str, path: Path, name: str) -> "TestFile":
    from otter.test_files.exception_test import ExceptionTestFile  # all of otter, which only workers need

    try:
        return ExceptionTestFile._from_compiled_code(_compiled(text, path), path=str(path))
    except Exception as problem:  # whatever the file's own code raises
        raise CourseError(f"{name} cannot be loaded: {type(problem).__name__}: {problem}") from problem


@lru_cache
def _compiled(text: str, path: Path) -> CodeType:
    """Compiling takes ten times as long as all else that otter's own `from_string` does, and is the same each time."""
    return compile(text, str(path), "exec")


@lru_cache
def _check(question: Question) -> None:
    file = question.path.name
    tests = _load(question.text, question.path, file)
    if tests.name != question.name:
        raise CourseError(f"{file}: its name is {tests.name!r}, not {question.name!r}")
    total = sum(case.points for case in tests.test_cases)
    if abs(total - question.points) > 1e-9:
        raise CourseError(f"{file}: its cases' points are {total:g} together, its points {question.points:g}")
    names = [case.body.test_func.__name__ for case in tests.test_cases]
    public = _load(question.public_text, question.path, f"the public part of {file}")
    public_names = {case.body.test_func.__name__ for case in public.test_cases}
    for name, case in zip(names, tests.test_cases, strict=True):
        if case.hidden == (name in public_names):
            place = "above" if case.hidden else "below"
            raise CourseError(f"{file}: the {'hidden' if case.hidden else 'public'} case {name} is {place} the line")
