"""Handing in: one zip of what is graded, after a look at whether it is what the student means to hand in.

The look only tells; it never keeps a file back. Forgetting to save is the commonest mistake, so it also says
when each notebook was last saved.
"""

import os
import tempfile
import time
import zipfile
from pathlib import Path

from scalelab.notebook_state import ANSWERED, read_notebook

NOTEBOOKS = (
    "1_intuition.ipynb",
    "2_compound_scaling.ipynb",
    "3_efficientnet.ipynb",
    "4_cifar.ipynb",
    "5_comparison.ipynb",
)
WEIGHTS, RECORD = TRAINED = ("best.safetensors", "best.json")
"""What the training of notebook 4 made. Nothing else in the folder is ever handed in."""

DEFAULT_NAME = "compound_scaling.zip"


class NothingToHandIn(Exception):
    """There is no notebook of the assignment where it was looked for."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback: the one line."""
        return [str(self)]


def hand_in(folder: str | Path = ".", output: str | Path | None = None, student: str | None = None) -> Path:
    """Make the zip to hand in, print what is in it and what is not answered yet, and return its path.

    folder: where the notebooks lie. output: the zip to write, by default compound_scaling.zip in `folder`.
    student: a name to put before the default file name, where the course asks for one.
    Raises NothingToHandIn where `folder` holds no notebook of the assignment.
    """
    folder = Path(folder)
    notebooks = [folder / name for name in NOTEBOOKS if (folder / name).is_file()]
    if not notebooks:
        raise NothingToHandIn(
            f"No notebook of the assignment lies in {folder.resolve()}: call hand_in with the folder that "
            f"holds {NOTEBOOKS[0]}, as in hand_in('path/to/folder')."
        )
    output = Path(output) if output is not None else folder / _default_name(student)
    for line in _report(folder):
        print(line)
    files = [*notebooks, *(folder / name for name in TRAINED if (folder / name).is_file())]
    _write_zip(output, sorted(files, key=lambda file: file.name))
    print(f"\nHand in this file: {output.resolve()} ({_size(output.stat().st_size)})")
    return output


def _default_name(student: str | None) -> str:
    if student is None:
        return DEFAULT_NAME
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in student).strip(".")
    return f"{safe}_{DEFAULT_NAME}" if safe else DEFAULT_NAME


def _report(folder: Path) -> list[str]:
    """The lines that tell a student what is about to be handed in, and what is odd about it."""
    lines, unanswered = [], []
    for name in NOTEBOOKS:
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
    trained = [name for name in TRAINED if (folder / name).is_file()]
    lines.append(f"{'trained model':26}  {', '.join(trained) if trained else 'none (made by 4_cifar.ipynb)'}")
    if len(trained) == 1:
        lines.append(f"    {set(TRAINED).difference(trained).pop()} is MISSING beside it: q3_3 needs both files")
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
