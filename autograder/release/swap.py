"""Several files and folders that are replaced all at once, or not at all."""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path


class Swap:
    """A context. What is to come is made beside its target and takes the target's place when the context ends well.

    If it ends with an exception, or something cannot be replaced, every target is as it was.
    """

    def __init__(self):
        self._mark = secrets.token_hex(4)
        self._staged: dict[Path, Path] = {}
        self._made: list[Path] = []

    def __enter__(self) -> "Swap":
        return self

    def stage(self, target: Path) -> Path:
        """Where to make what will be `target`: a path beside it that is free. A link is followed, and stays.

        Raises:
            OSError: if the folder of `target` cannot be made.
        """
        target = target.resolve()
        self._make(target.parent)
        self._staged[target] = target.with_name(f".{target.name}.{self._mark}.new")
        return self._staged[target]

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        done = False
        try:
            if kind is None:
                self._replace_all()
                done = True
        finally:
            for path in self._staged.values():
                _remove(path)
            for folder in () if done else reversed(self._made):
                with suppress(OSError):
                    folder.rmdir()

    def _make(self, folder: Path) -> None:
        for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
            missing.mkdir(exist_ok=True)
            self._made.append(missing)

    def _replace_all(self) -> None:
        """Move what was there aside, and what was made in its place; back again if that fails halfway."""
        moved: list[tuple[Path, Path | None]] = []
        try:
            for target, made in self._staged.items():
                old = target.with_name(f".{target.name}.{self._mark}.old") if target.exists() else None
                moved.append((target, old))
                if old is not None:
                    os.rename(target, old)
                os.rename(made, target)
        except BaseException:
            for target, old in reversed(moved):
                if old is None:
                    _remove(target)
                elif old.exists():
                    _remove(target)
                    os.rename(old, target)
            raise
        for _, old in moved:
            if old is not None:
                _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
