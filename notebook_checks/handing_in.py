"""Handing in: one zip of what is graded, after a look at whether it is what the student means to hand in.

The look tells. The one thing that it keeps back is an attachment that is nothing of the kind, such as weights that are
none: nothing could come of it. Forgetting to save is the commonest mistake, so it also says when each notebook was
last saved, and when the kernel has run what no file holds. What needs to be done comes last, where it is read.
"""

import json
import os
import tempfile
import time
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from notebook_checks.notebook_state import NotebookState, read_notebook
from notebook_checks.public_checks import read_public_checks
from notebook_checks.unsaved import unsaved_in

LIST = "hand_in.json"
"""Lies beside the notebooks: what belongs to the assignment. The release writes it."""

FILE_WIDTH, QUESTION_WIDTH = 29, 14
"""Characters: names of files and questions are padded to these, so that what is said of each stands in one column."""


@dataclass(frozen=True)
class Assignment:
    """What is handed in. notebooks, attachments: names of files. Nothing else in the folder is ever handed in.

    questions: attachment → the question that it belongs to.
    """

    name: str
    notebooks: tuple[str, ...]
    questions: dict[str, str] = field(default_factory=dict)

    @property
    def attachments(self) -> tuple[str, ...]:
        """The names of the files that are handed in beside the notebooks."""
        return tuple(self.questions)

    def to_json(self) -> str:
        """The text of hand_in.json."""
        content = {"name": self.name, "notebooks": self.notebooks, "attachments": self.questions}
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Look:
    """What was seen of an attachment. says: what it is; refused: why nothing can come of it, or ""."""

    says: str
    refused: str = ""


class NothingToHandIn(Exception):
    """There is no notebook of the assignment where it was looked for."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback: the one line."""
        return [str(self)]


def hand_in(
    folder: str | Path = ".",
    output: str | Path | None = None,
    student: str | None = None,
    *,
    assignment: Assignment | None = None,
    looks: Mapping[str, Callable[[Path], Look]] | None = None,
) -> Path:
    """Make the zip to hand in, print what is in it and what is not answered yet, and return its path.

    Args:
        folder: where the notebooks are.
        output: the zip to write, by default one named after the assignment in `folder`.
        student: a name to put before the default file name, if the course asks for one.
        assignment: what belongs to it; by default what hand_in.json in `folder` says.
        looks: attachment → what looks into it.

    Raises:
        NothingToHandIn: if `folder` holds no notebook of the assignment.
    """
    folder = Path(folder)
    assignment = _read_list(folder) or assignment
    if assignment is None:
        raise NothingToHandIn(
            f"There is no {LIST} in {folder.resolve()}, which tells what belongs to the assignment: call hand_in with "
            "the folder that holds it, as in hand_in('path/to/folder')."
        )
    notebooks = [folder / name for name in assignment.notebooks if (folder / name).is_file()]
    if not notebooks:
        raise NothingToHandIn(
            f"No notebook of the assignment lies in {folder.resolve()}: call hand_in with the folder that "
            f"holds {assignment.notebooks[0]}, as in hand_in('path/to/folder')."
        )
    output = Path(output) if output is not None else folder / _default_name(assignment, student)
    report = _Report(folder, assignment, looks or {})
    for line in report.lines:
        print(line)
    files = [*notebooks, *(folder / name for name in assignment.attachments if (folder / name).is_file())]
    files = [file for file in files if file.name not in report.refused]
    _write_zip(output, sorted(files, key=lambda file: file.name))
    for line in report.warnings:
        print(line)
    print(f"\nHand in this file: {output.resolve()} ({_size(output.stat().st_size)})")
    return output


def _read_list(folder: Path) -> Assignment | None:
    """What hand_in.json says, or None if it is missing or damaged: students may have deleted or edited it."""
    try:
        content = json.loads((folder / LIST).read_text(encoding="utf-8"))
        return Assignment(str(content["name"]), tuple(map(str, content["notebooks"])), dict(content["attachments"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _default_name(assignment: Assignment, student: str | None) -> str:
    """The student's name before the assignment's: what stands there is who the grader takes it to be from."""
    name = unicodedata.normalize("NFC", student or "")
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name).strip("._- ")
    return f"{safe}_{assignment.name}.zip" if safe else f"{assignment.name}.zip"


class _Report:
    """What a student is told.

    Args:
        folder: where the files are.
        assignment: what belongs to it.
        looks: attachment → what looks into it, or says what to do if it is missing.
    """

    def __init__(self, folder: Path, assignment: Assignment, looks: Mapping[str, Callable[[Path], Look]]):
        self.folder = folder
        self.lines: list[str] = []
        self.problems: list[str] = []
        self.refused: set[str] = set()
        self.unanswered: list[str] = []
        states = {name: read_notebook(folder / name) for name in assignment.notebooks if (folder / name).is_file()}
        for name in assignment.notebooks:
            self._tell_of_notebook(name, states.get(name))
        for name, question in assignment.questions.items():
            self._tell_of_attachment(name, question, looks.get(name))
        self.unsaved = unsaved_in(folder, states)

    @property
    def warnings(self) -> list[str]:
        """What is to be done before handing in: the last lines, the most urgent one at the end."""
        lines = []
        if self.unanswered:
            lines.append(f"Not fully answered, as the files were last saved: {', '.join(self.unanswered)}.")
        lines += self.problems
        for name, questions in self.unsaved.items():
            which = f" ({', '.join(questions)})" if questions else ""
            save = "Press Ctrl+S (Cmd+S on a Mac), then run this cell again."
            lines.append(f"UNSAVED: you have unsaved changes in {name}{which}. {save}")
        return ["", *lines] if lines else []

    def _tell_of_notebook(self, name: str, state: NotebookState | None) -> None:
        if state is None:
            self.lines.append(f"{name:{FILE_WIDTH}}  MISSING: not in {self.folder.resolve()}")
            self.problems.append(f"MISSING: {name} is not in {self.folder.resolve()}.")
            return
        self.lines.append(f"{name:{FILE_WIDTH}}  saved {_ago(self.folder / name)}")
        if state.problem:
            self.lines.append(f"    NOT READABLE: {state.problem}")
            self.problems.append(f"NOT READABLE: {name}: {state.problem}.")
        for question, answer in state.questions.items():
            points = self._points(question, state)
            if question in state.not_answered and "bonus" not in points:
                self.unanswered.append(question)
            self.lines.append(f"    {question:{QUESTION_WIDTH}}  {answer}{f'  [{points}]' if points else ''}")
        self.lines.extend(f"    {problem}" for problem in state.syntax_errors)

    def _points(self, question: str, state: NotebookState) -> str:
        """What a question is worth, and how much of it the checks that students have say already."""
        checks, worth = read_public_checks(self.folder / "tests" / f"{question}.py"), state.points.get(question)
        if checks is None:
            return "" if worth is None else "bonus" if worth == 0 else f"{_of(worth, 'point')}"
        points = _of(checks.points, "bonus point" if checks.bonus else "point")
        public = sum(checks.cases)
        if not public:
            return points
        earned = checks.earned(state.checks.get(question, ""))
        return f"{points}; checked here: {public:g}, {'no result' if earned is None else f'passed: {earned:g}'}"

    def _tell_of_attachment(self, name: str, question: str, look: Callable[[Path], Look] | None) -> None:
        file = self.folder / name
        seen = look(file) if look is not None else Look("")
        if not file.is_file():
            self.lines.append(f"{name:{FILE_WIDTH}}  MISSING: {question} needs it")
            self.problems.append(f"MISSING: {question} needs {name}.{f' {seen.says}' if seen.says else ''}")
            return
        says = f": {seen.says}" if seen.says else ""
        self.lines.append(f"{name:{FILE_WIDTH}}  {_size(file.stat().st_size)}, for {question}{says}")
        if seen.refused:
            self.refused.add(name)
            self.problems.append(f"NOT HANDED IN: {name}: {seen.refused}")


def _of(number: float, what: str) -> str:
    return f"{number:g} {what}{'' if number == 1 else 's'}"


def _ago(file: Path) -> str:
    """When `file` was last saved, and how long ago that is."""
    saved = file.stat().st_mtime
    minutes = max(0, int(time.time() - saved)) // 60
    hours, days = minutes // 60, minutes // (24 * 60)
    span = f"{days} days ago" if days > 1 else f"{hours} h ago" if hours > 1 else f"{minutes} min ago"
    return f"{time.strftime('%Y-%m-%d %H:%M', time.localtime(saved))} ({span})"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{max(1, round(size / 1e3))} kB"


def _write_zip(output: Path, files: list[Path]) -> None:
    """Write `files`, by their names alone, to `output`: all of it or nothing."""
    output.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.name)
        os.chmod(temporary, 0o644)  # mkstemp's files are for their owner alone; an upload tool may be another user
        os.replace(temporary, output)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
