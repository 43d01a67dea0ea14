"""Makes hand-ins for intake's tests."""

import json
import os
from pathlib import Path

from autograder.course.skeleton import Skeleton
from autograder.intake.read import RawCell


def code(source: str | list, **parts) -> dict:
    """A code cell as it stands in a notebook file."""
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": []} | parts


def notebook_bytes(*cells, **top) -> bytes:
    """A notebook file. top: what else it says of itself."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | top).encode()


def as_raw(skeleton: Skeleton) -> list[RawCell]:
    """A notebook of the release as it is read back."""
    nodes = skeleton.notebook.cells
    grade_ids = [node.metadata.get("nbgrader", {}).get("grade_id", "") for node in nodes]
    return [RawCell(n.cell_type, n.source, n.id, g) for n, g in zip(nodes, grade_ids, strict=True)]


def place_of(skeleton: Skeleton, cell_id: str) -> int:
    """The index of a cell."""
    return next(index for index, cell in enumerate(skeleton.cells) if cell.id == cell_id)


def hand_in(skeleton: Skeleton, path: Path, mark: str = "", time: float | None = None) -> Path:
    """Write a hand-in. mark: what the student wrote as their first answer. time: when, in seconds."""
    content = json.loads(json.dumps(skeleton.notebook))
    first = next(index for index, cell in enumerate(skeleton.cells) if cell.is_students)
    if mark:
        content["cells"][first]["source"] = mark
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    if time is not None:
        os.utime(path, (time, time))
    return path
