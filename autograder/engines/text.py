"""One question's verdict as text for the student."""

import textwrap

from autograder.judge import QuestionResult
from autograder.room import NONE

WIDTH = 100
"""Characters in a line of feedback: nbgrader's pages do not wrap them."""


def verdict_text(result: QuestionResult, room: str = "") -> str:
    """Score, status, and what to think about.

    Args:
        result: of one question.
        room: the kind that its code ran in. If it had no walls, the text says so.
    """
    score = "not graded yet" if result.score is None else f"{result.score:g}"
    most = "bonus" if result.bonus else f"of {result.max_score:g}"
    verdict = f"{result.question}: {score} {most} points, {result.status}."
    if room == NONE:
        verdict += " (Graded without a room: student code was trusted.)"
    lines = [textwrap.fill(line, WIDTH, subsequent_indent="    ") for line in result.message.split("\n") if line]
    return "\n".join([verdict, *lines]) + "\n"
