"""Verdicts as Gradescope's results.json: https://gradescope-autograders.readthedocs.io/en/latest/specs/."""

from collections.abc import Iterable
from typing import Any

from autograder.judge import CaseResult, QuestionResult, Results, Status

NOT_HANDED_IN = "Not handed in"
"""How intake begins what it says of every question of a notebook that is missing, with the reason behind it."""

VISIBLE, AFTER_PUBLISHED, NEVER = "visible", "after_published", "hidden"


def results_json(verdicts: Iterable[Results], remarks: Iterable[str], seconds: float) -> dict[str, Any]:
    """What Gradescope shows: a summary, and one test for each case of each question.

    Cases that students cannot run are shown when grades are published; Gradescope shows no sum of points before that.
    A bonus is a test with a score above its max_score of 0.

    Args:
        verdicts: on all notebooks that are graded.
        remarks: of intake, for the student.
        seconds: the time that grading took.
    """
    verdicts = tuple(verdicts)
    questions = [question for verdict in verdicts for question in verdict.questions]
    return {
        "score": round(sum(question.score or 0.0 for question in questions), 4),
        "execution_time": round(seconds, 1),
        "output": summary(verdicts, remarks),
        "output_format": "md",
        "visibility": VISIBLE,
        "stdout_visibility": NEVER,
        "tests": [test for question in questions for test in tests_of(question)],
        "extra_data": {
            "seed": [verdict.seed for verdict in verdicts],
            "room": sorted({verdict.room for verdict in verdicts}),
            "versions": verdicts[0].versions if verdicts else {},
            "remarks": [f"{one.question}: {remark}" for one in questions for remark in one.remarks],
        },
    }


def summary(verdicts: tuple[Results, ...], remarks: Iterable[str]) -> str:
    """What a student reads first, as Markdown: what a person has still to grade, and what intake had to say.

    Args:
        verdicts: on all notebooks that are graded.
        remarks: of intake on the upload as a whole, as plain text.
    """
    lines = []
    waiting = [one for verdict in verdicts for one in verdict.questions if one.score is None]
    if waiting:
        points = sum(one.max_score for one in waiting)
        names = ", ".join(one.question for one in waiting)
        lines.append(f"**{points:g} points wait for a person** to read your written answers: {escaped(names)}.")
    notes = [*remarks, *(f"{verdict.notebook}: {note}" for verdict in verdicts for note in verdict.notes)]
    for verdict in verdicts:
        if verdict.questions and all(one.message.startswith(NOT_HANDED_IN) for one in verdict.questions):
            notes.append(f"{verdict.notebook}: {verdict.questions[0].message}")
        else:
            notes += [f"{one.question}: {said}" for one in verdict.questions for said in apart(one)]
    lines += [f"- {escaped(note)}" for note in dict.fromkeys(notes)]
    return "\n".join(lines) or "All of it was graded by tests."


def apart(question: QuestionResult) -> list[str]:
    """What is said of a question and of no case of it, such as that a cell of it raised an exception."""
    of_cases = {case.message for case in question.cases}
    return [line for line in question.message.splitlines() if line and line not in of_cases]


def tests_of(question: QuestionResult) -> list[dict[str, Any]]:
    """A question's cases as Gradescope's tests; none where a person grades.

    Where the cases do not come to the question's score, as where points are given because a test of ours failed, the
    question is one test.
    """
    if question.score is None:
        return []
    by_cases = sum(case.points for case in question.cases if case.passed)
    if not question.cases or abs(by_cases - question.score) > 1e-6:
        most = 0.0 if question.bonus else question.max_score
        passed = question.status is Status.CORRECT
        return [_test(question.question, question, question.message, AFTER_PUBLISHED, passed, question.score, most)]
    return [_test_of_case(question, case) for case in question.cases]


def _test_of_case(question: QuestionResult, case: CaseResult) -> dict[str, Any]:
    name = f"{question.question} · {case.name.replace('_', ' ')}"
    told = (
        case.message if case.message in question.message else ""
    )  # the judge tells a few of many, see its MAX_MESSAGES
    shown = AFTER_PUBLISHED if case.hidden else VISIBLE
    score, most = case.points * case.passed, 0.0 if question.bonus else case.points
    return _test(name, question, told, shown, case.passed, score, most)


def _test(
    name: str, question: QuestionResult, message: str, visibility: str, passed: bool, score: float, most: float
) -> dict[str, Any]:
    return {
        "name": name,
        "number": question.question,
        "score": round(score, 4),
        "max_score": most,
        "status": "passed" if passed else "failed",
        "output": escaped(message),
        "output_format": "md",
        "visibility": visibility,
    }


MARKUP = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>()#+!|~$"})


def escaped(text: str) -> str:
    """Text as Markdown that shows it as it is: parts of it are a student's own, such as the name of a file."""
    return text.translate(MARKUP)
