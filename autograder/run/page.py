"""report.html: how a class did, question by question, what was misunderstood, and what to look at."""

import csv
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.atomic import write_text
from autograder.errors import NoReport
from autograder.judge import QuestionResult, Results, Status
from autograder.run.graded import Graded, NotGraded, with_verdict, without_verdict
from autograder.run.scores import UNGRADED
from autograder.run.students import Student

BINS = 10
ORDER = (
    *(Status.CORRECT, Status.PARTIAL, Status.WRONG, Status.ERROR, Status.TIMEOUT, Status.MEMORY),
    *(Status.MISSING, Status.UNGRADED),
)
"""Statuses as they stand beside each other, from full points to none."""
CUT_SHORT = (Status.ERROR, Status.TIMEOUT, Status.MEMORY)
FAILED = (Status.PARTIAL, Status.WRONG, *CUT_SHORT)
NOT_HANDED_IN = "Not handed in. "
"""How the reason begins of a notebook that is missing, where there is more to say of it."""

BY_HAND = (Status.CORRECT, Status.PARTIAL, Status.WRONG)
"""What a written answer may be once a person has graded it."""


@dataclass(frozen=True)
class QuestionRow:
    """One question of the class. mean: of the points that were given, None where nobody has graded it.

    tested: whether tests grade it, and no person. told: (what students were told, who was), the most frequent first.
    """

    notebook: str
    name: str
    points: float
    bonus: bool
    tested: bool
    mean: float | None
    statuses: tuple[tuple[Status, int], ...]
    told: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Look:
    """Something that an instructor should see. question: "" where it is about the whole notebook."""

    student: str
    notebook: str
    question: str
    what: str


LEFT_OUT = "left_out.txt"
"""What a run leaves beside its scores.csv: the entries of the class's folder that belong to no student."""


def write_left_out(out: Path, lines: Sequence[str]) -> None:
    """Keep what belongs to no student for a report that is made anew; no file if there is nothing."""
    if lines:
        write_text(out / LEFT_OUT, "".join(f"{line}\n" for line in lines))
    else:
        (out / LEFT_OUT).unlink(missing_ok=True)


def read_left_out(out: Path) -> list[str]:
    """What `write_left_out` has written."""
    try:
        return (out / LEFT_OUT).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []


def write_report(
    path: Path,
    title: str,
    outcomes: list[Graded | NotGraded],
    left_out: Sequence[str] = (),
    students: Sequence[Student] = (),
) -> None:
    """Write the page, or leave it as it was. It needs no network, and no file beside it.

    Args:
        path: of the page.
        title: of the course.
        outcomes: what came of each notebook.
        left_out: what belongs to no student, a line each.
        students: the rows of students.csv.
    """
    template = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True, undefined=StrictUndefined
    ).get_template("report.html.j2")
    described = _described(title, outcomes) | {"rows": students}
    described["penalties"] = {one.student: one.penalty for one in students if one.penalty}
    described["looks"] = [*(Look("", "", "", line) for line in left_out), *described["looks"]]
    write_text(path, template.render(described))


def read_graded(out: Path, but: Container[str] = ()) -> list[Graded | NotGraded]:
    """What an earlier run has written to scores.csv and results/. but: students to leave out. Raises NoReport."""
    scores: dict[tuple[str, str], dict[str, float | None]] = defaultdict(dict)
    problems: dict[tuple[str, str], str] = {}
    try:
        with (out / "scores.csv").open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                place = row["student"], row["notebook"]
                if place[0] in but:
                    continue
                if row["question"]:
                    scores[place][row["question"]] = _number(row["score"]) if row["score"] else None
                else:
                    problems[place] = row["message"].removeprefix(UNGRADED)
        failed = [NotGraded(*place, problem) for place, problem in problems.items()]
        return failed + [Graded(*place, _read_results(out, *place), given) for place, given in scores.items()]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as problem:
        raise NoReport(
            f"{out}: holds no scores.csv with its results/; run 'autograder grade' first ({problem})"
        ) from None


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is no score")
    return number


def _read_results(out: Path, student: str, notebook: str) -> Results:
    return Results.from_json((out / "results" / student / f"{notebook}.json").read_text(encoding="utf-8"))


def _described(title: str, outcomes: list[Graded | NotGraded]) -> dict:
    """All that the template shows."""
    done = with_verdict(outcomes)
    questions = [_question_row(answers) for answers in _answers(done)]
    students = sorted({one.student for one in outcomes})
    cells = {
        (one.student, q.question): (one.status_of(q), one.scores.get(q.question))
        for one in done
        for q in one.results.questions
    }
    judged = {one.student for one in done}
    tested = [question for question in questions if question.tested]
    most = sum(question.points for question in tested)  # bonuses, too
    return {
        "assignment": title,
        "students": students,
        "questions": questions,
        "cells": cells,
        "totals": {student: _total(cells, student, questions) for student in judged},
        "most": most,
        "bins": _binned([_total(cells, student, tested) for student in judged], most),
        "problems": without_verdict(outcomes),
        "faults": [f"{q.question} ({one.student})" for one in done for q in one.results.questions if q.course_fault],
        "looks": _each_once(look for one in done for look in _looks(one)),
        "retried": [f"{one.student}, {one.notebook}" for one in done if one.results.retried],
        "waiting": sum(dict(question.statuses).get(Status.UNGRADED, 0) for question in questions),
        "runs": sorted({(str(one.results.seed), one.results.room) for one in done}),
        "versions": sorted({pair for one in done for pair in one.results.versions.items()}),
        "order": ORDER,
    }


def _answers(done: list[Graded]) -> Iterable[list[tuple[Graded, QuestionResult]]]:
    """What everyone's answer to a question got, question by question in the course's order."""
    by_question = defaultdict(list)
    for one in sorted(done, key=lambda one: one.notebook):
        for question in one.results.questions:
            by_question[one.notebook, question.question].append((one, question))
    return by_question.values()


def _question_row(answers: list[tuple[Graded, QuestionResult]]) -> QuestionRow:
    first = answers[0][1]
    tested = next((result for _, result in answers if result.cases), None)
    scores = (one.scores.get(result.question) for one, result in answers)
    given = [score for score in scores if score is not None]
    counts = Counter(one.status_of(result) for one, result in answers)
    graded = tested or any(counts[status] for status in BY_HAND)
    told = defaultdict(list)
    for one, result in answers:
        if result.status in FAILED and not _about_all(one.results):
            for line in dict.fromkeys(result.message.split("\n")):
                told[line].append(one.student)
    return QuestionRow(
        answers[0][0].notebook,
        first.question,
        sum(case.points for case in tested.cases) if first.bonus and tested else first.max_score,
        first.bonus,
        tested is not None,
        sum(given) / len(given) if given and graded else None,
        tuple((status, counts[status]) for status in ORDER if counts[status]),
        tuple((line, tuple(who)) for line, who in sorted(told.items(), key=lambda item: -len(item[1])) if line),
    )


def _each_once(looks: Iterable[Look]) -> list[Look]:
    """The same, where what is said of each missing notebook of a student stands once."""
    kept: dict[tuple[str, ...], Look] = {}
    for look in looks:
        where = ("", "") if look.what.startswith(NOT_HANDED_IN) else (look.notebook, look.question)
        kept.setdefault((look.student, look.what, *where), look)
    return list(kept.values())


def _about_all(results: Results) -> str:
    """What is said of a whole notebook that could not be played, and so at each of its questions; or ""."""
    said = {(question.status, question.message) for question in results.questions}
    status, message = said.pop()
    told = status == Status.ERROR or (status == Status.MISSING and message.startswith(NOT_HANDED_IN))
    return message if told and not said else ""


def _looks(one: Graded) -> Iterator[Look]:
    """What is odd about one notebook: what intake restored, what tests remark, what ended before its time."""
    about_all = _about_all(one.results)
    if about_all:
        yield Look(one.student, one.notebook, "", about_all)
    for note in one.results.notes:
        yield Look(one.student, one.notebook, "", note)
    for question in one.results.questions:
        if again := one.said_again(question):
            yield Look(one.student, one.notebook, question.question, again)
        for remark in question.remarks:
            yield Look(one.student, one.notebook, question.question, remark)
        if question.status in CUT_SHORT and not about_all:
            yield Look(one.student, one.notebook, question.question, question.message.split("\n")[0])


def _total(cells: dict, student: str, questions: list[QuestionRow]) -> float:
    return sum(cells[student, each.name][1] or 0 for each in questions if (student, each.name) in cells)


def _binned(totals: Iterable[float], most: float) -> list[tuple[str, int]]:
    """(points from and to, how many students) in steps of whole points; full marks stand in the last one."""
    width = max(1, ceil(most / BINS))
    last = max(ceil(most / width), 1) - 1
    counts = Counter(min(int(total / width), last) for total in totals)
    return [(f"{width * place}–{width * (place + 1)}", counts[place]) for place in range(last + 1)]
