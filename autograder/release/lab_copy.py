"""A copy of the student release to work in: an hour of work must not change what is committed.

`python -m autograder.release.lab_copy RELEASE COPY` makes it, or brings it up to date. A notebook that was worked in is
never written over.
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

KNOWN = ".release.json"
"""Lies in the copy: what each file was when it was copied."""


def copy_release(release: Path, copy: Path) -> list[str]:
    """Make the copy, or bring up to date what was not worked in.

    Args:
        release: the folder with the student release.
        copy: the folder to work in.

    Returns:
        One line for each notebook that stays as it is although the release has changed.
    """
    known, kept = _read(copy / KNOWN), []
    for file in sorted(_files_of(release)):
        name = file.relative_to(release).as_posix()
        target, new = copy / name, _digest(file)
        was_worked_in = file.suffix == ".ipynb" and target.exists() and _digest(target) not in (new, known.get(name))
        if not was_worked_in:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            known[name] = new
        elif known.get(name) != new:
            kept.append(f"{target} is yours and stays; the release's has changed. Rename yours to get the new one.")
    (copy / KNOWN).write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    return kept


def _files_of(release: Path) -> Iterator[Path]:
    """What a release is made of. Whatever else lies there, such as a log, is not copied."""
    yield from release.glob("*.ipynb")
    yield from release.glob("tests/*.py")
    yield from release.glob("hand_in.json")


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _read(file: Path) -> dict[str, str]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


if __name__ == "__main__":
    made = Path(sys.argv[2])
    for line in copy_release(Path(sys.argv[1]), made):
        print(line)
    print(f"Your copy of the notebooks is in {made}")
