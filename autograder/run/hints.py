"""What students were told at each attempt, kept beside the results: hints that are told again did not help."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from autograder.atomic import FOR_US, write_bytes
from autograder.judge import Results
from autograder.judge.store import HAND_IN
from autograder.run.class_report.messages import Told, kind_of
from autograder.run.graded import Graded, NotGraded, with_verdict

FILE = "told.json"
MAX_ATTEMPTS = 30
"""So many attempts of a student are kept, the newest."""


@dataclass(frozen=True)
class Attempt:
    """What was told of one notebook. hand_in: the hash of what was handed in. told: question → hints."""

    hand_in: str
    told: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class History:
    """What everyone was told: student → notebook → attempts, the oldest first."""

    of: dict[str, dict[str, tuple[Attempt, ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Repeated:
    """A hint. tried: how many students were told it and handed in again. again: those who were told it once more."""

    question: str
    line: str
    tried: int
    again: tuple[str, ...]


def with_attempts(history: History, attempts: Iterable[Results]) -> History:
    """The same with what verdicts tell. One on the newest hand-in that is known takes the place of the one before.

    Args:
        history: what is known.
        attempts: verdicts, the oldest of a student first.
    """
    of = {student: dict(notebooks) for student, notebooks in history.of.items()}
    for results in attempts:
        if not (hand_in := results.parts.get(HAND_IN, "")):
            continue  # of a version that did not keep it
        known = of.setdefault(results.student, {}).get(results.notebook, ())
        kept = known[:-1] if known and known[-1].hand_in == hand_in else known
        of[results.student][results.notebook] = (*kept, Attempt(hand_in, _hints_in(results)))[-MAX_ATTEMPTS:]
    return replace(history, of=of)


def after_run(history: History, before: Iterable[Graded | NotGraded], after: Iterable[Graded | NotGraded]) -> History:
    """The history after a run. Whoever is not in the class any more is not in it either.

    Args:
        history: what is known.
        before: what was graded before the run, of which nothing may be known yet.
        after: what is graded now.
    """
    graded = with_verdict(list(after))
    here = {one.student for one in graded}
    known = replace(history, of={student: of for student, of in history.of.items() if student in here})
    earlier = (
        one.results
        for one in with_verdict(list(before))
        if one.student in here and one.notebook not in known.of.get(one.student, {})
    )
    return with_attempts(with_attempts(known, earlier), (one.results for one in graded))


def repeated(history: History) -> list[Repeated]:
    """Hints that were told again at a later attempt, the most frequent first."""
    tried: dict[tuple[str, str], set[str]] = defaultdict(set)
    again: dict[tuple[str, str], set[str]] = defaultdict(set)
    for student, notebooks in history.of.items():
        for attempts in notebooks.values():
            for number, attempt in enumerate(attempts[:-1]):
                later = attempts[number + 1 :]
                for question, lines in attempt.told.items():
                    for line in lines:
                        tried[question, line].add(student)
                        if any(line in one.told.get(question, ()) for one in later):
                            again[question, line].add(student)
    found = [Repeated(*place, len(tried[place]), tuple(sorted(who))) for place, who in again.items()]
    return sorted(found, key=lambda one: (-len(one.again), one.question, one.line))


def joined(older: History, newer: History) -> History:
    """What two runs know together. Of a notebook, attempts that only the older one knows come first.

    Args:
        older: what is known already.
        newer: of a later run. Where both know an attempt, this one counts.
    """
    of = {student: dict(notebooks) for student, notebooks in older.of.items()}
    for student, notebooks in newer.of.items():
        for notebook, attempts in notebooks.items():
            known = {one.hand_in for one in attempts}
            before = (one for one in of.get(student, {}).get(notebook, ()) if one.hand_in not in known)
            of.setdefault(student, {})[notebook] = (*before, *attempts)[-MAX_ATTEMPTS:]
    return History(of)


def read_history(out: Path) -> History:
    """What is kept in a run's folder; nothing if there is no such file, or it is damaged."""
    try:
        content = (out / FILE).read_bytes()
    except OSError:
        return History()
    return parsed_history(content) or History()


def parsed_history(content: bytes) -> History | None:
    """What a file of that name says; None if it is damaged."""
    try:
        return _adapter().validate_json(content)
    except ValidationError:
        return None


def write_history(out: Path, history: History) -> None:
    """Write told.json anew, or leave it as it was.

    Args:
        out: the run's folder.
        history: of everyone.
    """
    write_bytes(out / FILE, _adapter().dump_json(history), FOR_US)


def _hints_in(results: Results) -> dict[str, tuple[str, ...]]:
    told: Mapping[str, tuple[str, ...]] = {
        question.question: tuple(line for line in question.message.split("\n") if line and kind_of(line) is Told.HINT)
        for question in results.questions
        if question.cases
    }
    return {question: lines for question, lines in told.items() if lines}


@lru_cache
def _adapter() -> TypeAdapter[History]:
    return TypeAdapter(History)
