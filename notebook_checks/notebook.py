"""otter's Notebook, whose checks say what a student can use. Plain `otter.Notebook()` works as well."""

import inspect
from pathlib import Path
from typing import Any

import otter
from otter.check.logs import EventType
from otter.check.utils import LoggedEventReturnValue, logs_event

from notebook_checks.checked_file import CheckedFile
from notebook_checks.failures import used_by
from notebook_checks.public_checks import names_asked, read_public_checks
from notebook_checks.unanswered import go_on

BETWEEN = ("notebook_checks", "otter", "wrapt")
"""Packages whose functions stand between a notebook and its check."""


class Notebook(otter.Notebook):
    """What a notebook calls `grader`. Takes what otter.Notebook takes."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._failed: set[str] = set()
        go_on()

    @logs_event(EventType.CHECK)
    def check(self, question: str, global_env: dict[str, Any] | None = None) -> LoggedEventReturnValue:
        """Run the checks of a question.

        Args:
            question: its name, such as "q1".
            global_env: the names to check; by default those of the notebook that calls this.

        Raises:
            FileNotFoundError: if the question has no test file.
        """
        names = _notebook_names() if global_env is None else global_env
        file = Path(self._tests_dir) / f"{question}.py"
        if not file.is_file():
            raise FileNotFoundError(f"{file}: there is no such check; is the folder 'tests' beside the notebook?")
        checked = CheckedFile.from_file(str(file))
        declared = read_public_checks(file)
        if declared is not None:
            checked.all_points, checked.bonus = declared.points, declared.bonus
        checked.run(names)
        (self._failed.discard if checked.passed_all else self._failed.add)(question)
        checked.begin_with = self._built_on(question, names)
        return LoggedEventReturnValue(checked, question=question, shelve_env=names)

    def _built_on(self, question: str, names: dict[str, Any]) -> str:
        """An earlier question whose check failed and whose answer this question's answer uses."""
        tests = Path(self._tests_dir)
        used = set().union(*(used_by(names, name) for name in names_asked(tests / f"{question}.py")))
        others = sorted(self._failed - {question})
        return next((one for one in others if used & names_asked(tests / f"{one}.py")), "")


def _notebook_names() -> dict[str, Any]:
    """The global names of whoever called `check`: the first caller outside the libraries that are between."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] in BETWEEN:
        frame = frame.f_back
    return {} if frame is None else frame.f_globals
