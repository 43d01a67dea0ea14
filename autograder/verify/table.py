"""What the bank showed, as a table, with a line for each deviation."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from autograder.verify.engines import Verdict, Verified
from autograder.verify.students import MODEL, UNTOUCHED

NAMED = 0.95
"""This part of the wrong answers, at least, is told its misconception."""


def show(verified: Verified, console: Console) -> bool:
    """Print it. Returns whether everything is as it must be."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("question", "points", "model", "untouched", "right accepted", "wrong refused", "exact points"):
        table.add_column(heading, no_wrap=True)
    for heading in ("misconception named", "leaked", "engines equal"):
        table.add_column(heading, no_wrap=True)
    questions = sorted({one.answer.question for one in verified.verdicts})
    for question in questions:
        table.add_row(*_row([one for one in verified.verdicts if one.answer.question == question]))
    if len(questions) > 1:
        table.add_row(*_row(verified.verdicts), style="bold")
    console.print(table)
    deviations = list(_deviations(verified))
    for line in deviations:
        console.print(line, markup=False, soft_wrap=True)
    return not deviations


def _row(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    of_bank = [one for one in verdicts if one.answer.name not in (MODEL, UNTOUCHED)]
    right, wrong = (_worst([one for one in of_bank if one.answer.right is kind]) for kind in (True, False))
    questions = {one.answer.question: one.most for one in verdicts}
    heading = next(iter(questions)) if len(questions) == 1 else "all"
    refused = [one for one in wrong if one.score is not None and one.score < one.most - 1e-6]
    return (
        heading,
        f"{sum(questions.values()):g}",
        _yes(one.exact for one in verdicts if one.answer.name == MODEL),
        _yes(one.exact for one in verdicts if one.answer.name == UNTOUCHED),
        _of(sum(one.exact and one.named for one in right), len(right)),
        _of(len(refused), len(wrong)),
        _of(sum(one.exact for one in wrong), len(wrong)),
        _of(sum(one.named for one in wrong), len(wrong)),
        str(sum(bool(one.leaked) for one in verdicts)),
        _yes(not _differ(verdicts, *key) for key in {(one.student, one.answer.question) for one in verdicts}),
    )


def _worst(verdicts: list[Verdict]) -> list[Verdict]:
    """One verdict an answer: of the several that it got, the one that is least as it must be."""
    worst: dict[tuple[str, str], Verdict] = {}
    for one in verdicts:
        key = (one.answer.question, one.answer.name)
        if key not in worst or (one.exact, one.named) < (worst[key].exact, worst[key].named):
            worst[key] = one
    return list(worst.values())


def _differ(verdicts: Iterable[Verdict], student: str, question: str) -> bool:
    scores = {one.score for one in verdicts if (one.student, one.answer.question) == (student, question)}
    return len(scores) > 1


def _of(some: int, of_all: int) -> str:
    return f"{some}/{of_all}"


def _yes(all_of: Iterable[bool]) -> str:
    found = list(all_of)
    return "–" if not found else "yes" if all(found) else "NO"


def _deviations(verified: Verified) -> Iterable[str]:
    yield from verified.problems
    for one in verified.verdicts:
        where = f"{one.answer.question}, {one.answer.name!r} ({one.engine}, {one.student})"
        if not one.exact:
            fault = ", the course's fault" if one.fault else ""
            yield f"{where}: {one.score} points{fault}, not {one.wanted:g}; told: {one.message or 'nothing'}"
        elif one.answer.says and not one.named:
            yield f"{where}: is not told {one.answer.says!r} but {one.message!r}"
        elif one.answer.right and not one.named:
            yield f"{where}: is right, and told {one.message!r}"
        if one.leaked:
            yield f"{where}: LEAKED {one.leaked}"
    wrong = _worst([one for one in verified.verdicts if not one.answer.right and one.answer.name != UNTOUCHED])
    unnamed = [one for one in wrong if not one.answer.says]
    if len(unnamed) > (1 - NAMED) * len(wrong):
        yield f"{len(unnamed)} of {len(wrong)} wrong answers are told no misconception; {1 - NAMED:.0%} may be"
