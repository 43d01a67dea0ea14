"""What the bank showed, as a table, with a line for each deviation."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from autograder.verify.again import Repeated
from autograder.verify.engines import Verdict, Verified
from autograder.verify.mutation import Fate
from autograder.verify.students import MODEL, UNTOUCHED

NAMED = 0.95
"""This part of the wrong answers, at least, is told its misconception."""


def show(verified: Verified, console: Console) -> bool:
    """Print it. Returns whether everything is as it must be."""
    checked = ("model", "untouched", "right accepted", "wrong refused", "exact points", "misconception named")
    table = _table("question", "points", *checked, "leaked", "engines equal")
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


def show_mutants(fates: list[Fate], console: Console) -> bool:
    """Print the mutation score of each question. Returns whether each survivor is known to be equivalent."""
    table = _table("question", "mutants", "killed", "equivalent", "survived", "mutation score")
    questions = list(dict.fromkeys(one.mutant.question for one in fates))
    for question in [*questions, *(["all"] if len(questions) > 1 else [])]:
        of_it = [one for one in fates if question in ("all", one.mutant.question)]
        killed = sum(bool(one.killed_by) for one in of_it)
        equivalent = sum(bool(one.why) for one in of_it)
        score = f"{killed / max(1, len(of_it) - equivalent):.1%}"
        counts = (len(of_it), killed, equivalent, len(of_it) - killed - equivalent)
        table.add_row(question, *map(str, counts), score, style="bold" if question == "all" else "")
    console.print(table)
    survivors = [one for one in fates if not one.killed_by and not one.why]
    for one in survivors:
        console.print(f"SURVIVED {one.mutant.cell}: {one.mutant.told}", markup=False, soft_wrap=True)
    return not survivors


def show_repeated(all_repeated: list[Repeated], console: Console) -> bool:
    """Print how many answers got the same with every seed, and what else they got."""
    table = _table("question", "answers", "the same with every seed")
    for question in dict.fromkeys(one.answer.question for one in all_repeated):
        of_it = [one for one in all_repeated if one.answer.question == question]
        table.add_row(question, str(len(of_it)), str(sum(not one.deviations for one in of_it)))
    console.print(table)
    for one in all_repeated:
        for line in one.deviations:
            console.print(f"{one.answer.question}, {one.answer.name!r}, {line}", markup=False, soft_wrap=True)
    return not any(one.deviations for one in all_repeated)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, no_wrap=True)
    return table


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
