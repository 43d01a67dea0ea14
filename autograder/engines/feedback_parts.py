"""What a page of feedback says of one notebook: read from the autograded notebook and its questions' grades."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.course.skeleton import OURS
from autograder.engines.feedback_page import Asked, Criterion, NotebookPart, QuestionPart
from autograder.engines.sanitize import RENDERED
from autograder.rendering import Texts

NO_COMMENT = "No response."
"""What nbgrader itself comments on an answer that was left as it is."""

BUDGET = 45_000
"""Characters of HTML, without pictures, that a notebook's own texts and code may take on a page, so that a page of five
notebooks stays under 300 kB."""

NOT_HERE = "Its notebook was not handed in."
LEFT_OUT = "It is too long for this page: look in your notebook."
HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*$", re.MULTILINE)
MARKUP = re.compile(r"[*`$]|\s*\([^()]*\bpoints?\b[^()]*\)")
PICTURE = re.compile(r'src="data:[^"]*"')

MARK_SCHEME = "=== BEGIN MARK SCHEME ==="
"""Where nbgrader's mark scheme begins in the text of a written question. No student sees it."""


@dataclass(frozen=True)
class Given:
    """What a question was given. score: None while it waits for a person. most: 0 for a bonus.

    criteria: of the rubric, if a TA has graded by them in a sheet. asked: regrade requests.
    """

    score: float | None
    most: float
    criteria: tuple[Criterion, ...] = ()
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Grades:
    """What a student's notebook was given. of: by question. comments: a TA's, as they were typed, by the cell's id."""

    of: Mapping[str, Given]
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Seen:
    """What was read of a question so far."""

    heading: str = ""
    status: str = ""
    hints: tuple[str, ...] = ()
    cells: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


def notebook_part(
    name: str, cells: Sequence[Mapping[str, Any]], grades: Grades, notes: tuple[str, ...] = (), here: bool = True
) -> NotebookPart:
    """Describe one notebook.

    Args:
        name: of the notebook.
        cells: of the autograded notebook, as JSON has them.
        grades: what its questions were given.
        notes: what was restored of the hand-in.
        here: whether the notebook was handed in at all; without it, `cells` are the release's.

    Returns:
        The part of the page, with the questions in the notebook's order.

    Raises:
        MachineTrouble: if no process can be started that renders texts.
    """
    seen, title = _read(cells)
    texts, left = Texts(), BUDGET
    questions = []
    for question, one in seen.items():
        if question not in grades.of:
            continue
        got = grades.of[question]
        if not here:
            part = QuestionPart(question, one.heading, got.score, got.most, hints=(NOT_HERE,), asked=got.asked)
            questions.append(part)
            continue
        answer, left = _within(_answer(one, texts), left)
        code, left = _within("\n\n\n".join(one.code), left)
        typed = [grades.comments.get(cell, "").strip() for cell in one.cells]
        comment = "\n".join(texts.html(text) for text in typed if text and text != NO_COMMENT)
        status = one.status or ("" if got.score is None else "graded")
        questions.append(
            QuestionPart(
                question,
                one.heading,
                got.score,
                got.most,
                status,
                one.hints,
                answer,
                code,
                comment,
                got.criteria,
                got.asked,
            )
        )
    return NotebookPart(name, title or name, tuple(questions), notes)


def _read(cells: Sequence[Mapping[str, Any]]) -> tuple[dict[str, _Seen], str]:
    """What the cells say of each question, in their order, and the notebook's title."""
    seen: dict[str, _Seen] = {}
    title = heading = last = ""
    for cell in cells:
        ours = cell.get("metadata", {}).get(OURS, {})
        role, question, source = ours.get("role"), ours.get("question", ""), _joined(cell.get("source", ""))
        if cell["cell_type"] == "markdown" and role in {"prose", "written", "given"}:
            found = HEADING.findall(source.split(MARK_SCHEME)[0])
            title = title or (_plain(found[0]) if found else "")
            heading = _plain(found[-1]) if found else heading
        if question:
            last = question
            seen.setdefault(question, _Seen(heading)).cells.append(cell.get("id", ""))
        if role == "check":
            seen[question].status, seen[question].hints = _verdict(cell)
        elif role in {"answer", "added"} and last in seen:
            _add(seen[last], cell, role, source, ours)
    return seen, title


def _add(one: _Seen, cell: Mapping[str, Any], role: str, source: str, ours: Mapping[str, Any]) -> None:
    if cell["cell_type"] != "code":
        one.texts.append(source if ours.get(RENDERED) else f"\0{source}")
    elif role == "answer" and source.strip():
        one.code.append(source)


def _answer(one: _Seen, texts: Texts) -> str:
    """The student's texts, as HTML; those that an earlier version has graded are rendered now."""
    return "\n".join(texts.html(text[1:]) if text.startswith("\0") else text for text in one.texts)


def _within(text: str, left: int) -> tuple[str, int]:
    """A text, if it fits into what is left for them, and what is left then. Pictures do not count."""
    size = len(PICTURE.sub("", text))
    return (text, left - size) if size <= left else (LEFT_OUT, left - len(LEFT_OUT))


def _verdict(cell: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """A check cell's status, and what it tells the student, a line each: it was wrapped for nbgrader's own pages."""
    said = "".join(_joined(output.get("text", "")) for output in cell.get("outputs", []) if "text" in output)
    first, _, rest = said.partition("\n")
    lines: list[str] = []
    for line in rest.split("\n"):
        if line.startswith("    ") and lines:
            lines[-1] += f" {line.strip()}"
        elif line.strip():
            lines.append(line)
    return first.rpartition(", ")[2].split(".")[0], tuple(lines)


def _joined(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source)


def _plain(heading: str) -> str:
    return " ".join(MARKUP.sub("", heading).split())
