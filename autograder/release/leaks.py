"""Finds lines of answers, rubrics and hidden tests in what students get."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.course.questions import Question
from autograder.course.source import SourceNotebook

MIN_LINE = 25
"""A line with at least this many characters, blanks not counted, is a leak wherever it stands."""

MIN_LINES = 3
"""This many shorter lines in a row are a leak as well."""

IMPORT = re.compile(r"^[ \t]*(from [\w.]+ )?import [\w., ]+$", re.MULTILINE)
"""What a secret imports is none."""


@dataclass(frozen=True)
class Secret:
    """A text that students must not get. origin: where it stands, for a message."""

    origin: str
    text: str


def secrets_of(sources: Iterable[SourceNotebook], questions: Iterable[Question]) -> list[Secret]:
    """Every answer, rubric and hidden test.

    Args:
        sources: of all notebooks. An answer without solution marks is a secret as a whole.
        questions: all tested questions of the course.
    """
    found = []
    for source in sources:
        for cell in source.cells:
            if cell.role == "rubric":
                found.append(Secret(f"{source.path.name}, the rubric of {cell.question}", cell.source))
            elif cell.role == "answer":
                text = cell.solution if cell.solution is not None else cell.source
                found.append(Secret(f"{source.path.name}, the answer {cell.id}", text))
    found += [Secret(f"{q.path.name}, its hidden part", q.hidden_text) for q in questions]
    return found


def find_leaks(secrets: list[Secret], files: dict[str, str]) -> Iterator[str]:
    """One line for each file and each secret of which it holds a part.

    Args:
        secrets: of `secrets_of`.
        files: name → text, of all that students get.
    """
    hidden = [(secret.origin, _lines(IMPORT.sub("", secret.text))) for secret in secrets]
    for name, text in files.items():
        lines = _lines(text)
        joined, runs = "\n".join(lines), set(_runs(lines))
        for origin, secret in hidden:
            leak = _leak(secret, joined, runs)
            if leak:
                yield f"{name}: holds a line of {origin}: {leak!r}"


def _lines(text: str) -> list[str]:
    """The lines that hold anything, without their blanks."""
    stripped = ("".join(line.split()) for line in text.split("\n"))
    return [line for line in stripped if line]


def _runs(lines: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(lines[start:] for start in range(MIN_LINES)), strict=False)


def _leak(secret: list[str], joined: str, runs: set[tuple[str, ...]]) -> str | None:
    for line in secret:
        if len(line) >= MIN_LINE and line in joined:
            return line
    for run in _runs(secret):
        if run in runs and any(re.search(r"\w", line) for line in run):
            return " / ".join(run)
    return None
