"""Handing in: one zip of what is graded, after a look at whether it is what the student means to hand in.

The look only tells; it never keeps a file back. Forgetting to save is the commonest mistake, so it also says
when each notebook was last saved.
"""

import json
import os
import tempfile
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from notebook_checks.notebook_state import ANSWERED, read_notebook

LIST = "hand_in.json"
"""Lies beside the notebooks: what belongs to the assignment. The release writes it."""


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
) -> Path:
    """Make the zip to hand in, print what is in it and what is not answered yet, and return its path.

    Args:
        folder: where the notebooks are.
        output: the zip to write, by default one named after the assignment in `folder`.
        student: a name to put before the default file name, if the course asks for one.
        assignment: what belongs to it; by default what hand_in.json in `folder` says.

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
    for line in _report(folder, assignment):
        print(line)
    files = [*notebooks, *(folder / name for name in assignment.attachments if (folder / name).is_file())]
    _write_zip(output, sorted(files, key=lambda file: file.name))
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
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in student or "").strip(".")
    return f"{safe}_{assignment.name}.zip" if safe else f"{assignment.name}.zip"


def _report(folder: Path, assignment: Assignment) -> list[str]:
    """The lines that tell a student what is about to be handed in, and what is odd about it."""
    lines, unanswered = [], []
    for name in assignment.notebooks:
        if not (folder / name).is_file():
            lines.append(f"{name:26}  MISSING: not in {folder.resolve()}")
            continue
        state = read_notebook(folder / name)
        lines.append(f"{name:26}  saved {_ago(folder / name)}")
        if state.problem:
            lines.append(f"    NOT READABLE: {state.problem}")
        for question, answer in state.questions.items():
            if answer != ANSWERED:
                unanswered.append(question)
            lines.append(f"    {question:10}  {answer}")
        lines.extend(f"    {problem}" for problem in state.syntax_errors)
    for name, question in assignment.questions.items():
        if (folder / name).is_file():
            lines.append(f"{name:26}  {_size((folder / name).stat().st_size)}, for {question}")
        else:
            lines.append(f"{name:26}  MISSING: {question} needs it")
    if unanswered:
        lines.append(f"\nNot fully answered, as the files were last saved: {', '.join(unanswered)}.")
    return lines


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
