"""What the bank showed, as a table, with a line for each deviation."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from autograder.verify.bank import Answer
from autograder.verify.both_engines import Verified
from autograder.verify.clauses import Clause
from autograder.verify.students import MODEL, UNTOUCHED
from autograder.verify.verdict import Verdict

if TYPE_CHECKING:
    from autograder.verify.mutants_judged import Fate

MIN_NAMED = 0.95
"""The share of wrong answers that must be told their misconception, at least."""


def show(verified: Verified, console: Console) -> bool:
    """Print what came of the bank, with a line for each deviation.

    Args:
        verified: every verdict by every engine.
        console: where to print.

    Returns:
        Whether everything is as it must be.
    """
    checked = ("model", "untouched", "right accepted", "wrong refused", "exact points", "mistake named")
    table = new_table("question", "points", *checked, "leaks", "tools equal")
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


def show_clauses(clauses: Iterable[Clause], mistakes: Iterable[str], console: Console) -> bool:
    """Print how many clauses each question has, and how many are covered, with a line for each mistake.

    Args:
        clauses: of `clauses_of`.
        mistakes: lines of `mistakes_in` and `mistakes_shown`.
        console: where to print.

    Returns:
        Whether there is no mistake.
    """
    clauses, mistakes = tuple(clauses), tuple(mistakes)
    table = new_table("question", "clauses", "covered")
    for question in dict.fromkeys(clause.question for clause in clauses):
        of_it = [clause for clause in clauses if clause.question == question]
        open_ones = [one for one in of_it if any(line.startswith(f"{question}, {one.quote!r}:") for line in mistakes)]
        table.add_row(question, str(len(of_it)), str(len(of_it) - len(open_ones)))
    console.print(table)
    for line in mistakes:
        console.print(line, markup=False, soft_wrap=True)
    return not mistakes


def show_mutants(fates: "list[Fate]", console: Console) -> bool:
    """Print the mutation score of each question, with a line for each survivor that is not known to be equivalent.

    Args:
        fates: of `run_mutants`.
        console: where to print.

    Returns:
        Whether each survivor is known to be equivalent.
    """
    table = new_table("question", "mutants", "killed", "equivalent", "survived", "mutation score")
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


def show_repeated(repeated: dict[Answer, list[Verdict]], console: Console) -> bool:
    """Print how many answers got the same with every seed, and what else they got, with all seeds that gave it.

    Args:
        repeated: of `repeat_bank`.
        console: where to print.

    Returns:
        Whether every answer got what it must with every seed.
    """
    table = new_table("question", "answers", "the same with every seed")
    for question in dict.fromkeys(answer.question for answer in repeated):
        of_it = [verdicts for answer, verdicts in repeated.items() if answer.question == question]
        same = sum(not any(one.deviation for one in verdicts) for verdicts in of_it)
        table.add_row(question, str(len(of_it)), str(same))
    console.print(table)
    deviating = deviations(repeated.values())
    for line in deviating:
        console.print(line, markup=False, soft_wrap=True)
    return not deviating


def deviations(repeated: Iterable[list[Verdict]]) -> list[str]:
    """A line for each way in which an answer deviates, with all seeds that show it.

    Args:
        repeated: of each answer, the verdicts that it got.
    """
    shown: dict[tuple[str, str, str], list[str]] = {}
    for one in (one for verdicts in repeated for one in verdicts if one.deviation):
        shown.setdefault((one.answer.question, one.answer.name, one.deviation), []).append(one.student)
    return [f"{question}, {name!r}, {', '.join(seeds)}: {how}" for (question, name, how), seeds in shown.items()]


def new_table(*headings: str) -> Table:
    """A table without lines, with these headings."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    for heading in headings:  # which wrap, so that 80 columns are enough; what stands below does not
        table.add_column(heading, min_width=max(10 * (heading == "question"), *map(len, heading.split())))
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
    for one in (one for one in verified.verdicts if one.deviation):
        yield f"{one.answer.question}, {one.answer.name!r} ({one.engine}, {one.student}): {one.deviation}"
    wrong = _worst([one for one in verified.verdicts if not one.answer.right and one.answer.name != UNTOUCHED])
    unnamed = [one for one in wrong if not one.answer.says]
    if len(unnamed) > (1 - MIN_NAMED) * len(wrong):
        yield f"{len(unnamed)} of {len(wrong)} wrong answers are told no misconception; {1 - MIN_NAMED:.0%} may be"
