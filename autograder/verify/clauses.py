"""The table from contract to case: which case fails where an answer drops one clause of a question's description.

It stands in clauses.toml of the course folder, a table for each question:

    [sums]
    "sizes that the stride does not divide round up" = [
        "odd_sizes_round_up", "cuts off where the stride does not divide the size"
    ]

The key quotes the notebook, so that a description that changes takes its clause along. The values are a case of the
test file, and the wrong answer of the bank that drops just that clause, and so loses that case.
"""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from autograder.course import Course
from autograder.course.questions import Question, read_questions
from autograder.course.source import read_source
from autograder.errors import CourseError
from autograder.verify.bank import bank_of
from autograder.verify.one_question import answer_cells, notebook_of
from autograder.verify.verdict import Verdict

FILE = "clauses.toml"

MARKS = re.compile(
    r"\b(at least|at most|may|any order|empty|whole|kept|never|only|both|ties?|up|negative|fraction|or more"
    r"|rounded|included|as they are|larger than|above 0|first|highest|fewer)\b"
)
"""Words that make a sentence of a description a promise about special inputs. Each such sentence needs a clause."""


@dataclass(frozen=True)
class Clause:
    """A clause of a question's description. case: the one that asks for it. dropped_by: the answer that drops it."""

    question: str
    quote: str
    case: str
    dropped_by: str


def clauses_of(course: Course, only: str = "") -> tuple[Clause, ...]:
    """The clauses of a course's descriptions.

    Args:
        course: whose they are.
        only: a question, for its clauses alone; "" for all.

    Raises:
        CourseError: if the file is not as it must be.
    """
    path = course.folder / FILE
    if not path.is_file():
        return ()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(
            Clause(question, quote, *named)
            for question, table in tables.items()
            for quote, named in table.items()
            if only in ("", question)
        )
    except (tomllib.TOMLDecodeError, AttributeError, TypeError) as problem:
        raise CourseError(f"{path}: each clause names a case and a wrong answer: {problem}") from None


def mistakes_in(course: Course, clauses: Iterable[Clause], only: str = "") -> Iterator[str]:
    """What is wrong in the table itself, line by line.

    Args:
        course: the course.
        clauses: of `clauses_of`.
        only: a question, to look at its descriptions alone; "" for all.
    """
    clauses, questions, bank = tuple(clauses), read_questions(course.questions), bank_of(course).answers
    for clause in clauses:
        where = f"{clause.question}, {clause.quote!r}"
        if clause.question not in questions:
            yield f"{where}: there is no such question"
            continue
        if clause.case not in _cases(questions[clause.question]):
            yield f"{where}: there is no case {clause.case}"
        wrong = {answer.name for answer in bank.get(clause.question, ()) if not answer.right}
        if clause.dropped_by not in wrong:
            yield f"{where}: no wrong answer of the bank is called {clause.dropped_by!r}"
        if _plain(clause.quote) not in _text_of_notebook(course, clause.question):
            yield f"{where}: the notebook does not say this"
    for question in questions if only == "" else (only,):
        quotes = [_plain(clause.quote) for clause in clauses if clause.question == question]
        if not quotes:
            yield f"{question}: has no clause in {FILE}"
        for sentence in _promises(course, question):
            if not any(quote in sentence or sentence in quote for quote in quotes):
                yield f"{question}: no clause is for the sentence {sentence!r}"


def mistakes_shown(clauses: Iterable[Clause], verdicts: Iterable[Verdict]) -> Iterator[str]:
    """The clauses whose wrong answer did not lose the case that they name, line by line.

    Args:
        clauses: of `clauses_of`.
        verdicts: on answers of the bank. A clause whose answer was not judged is skipped: `mistakes_in` tells of it.
    """
    verdicts = tuple(verdicts)
    for clause in clauses:
        of_it = [
            one for one in verdicts if (one.answer.question, one.answer.name) == (clause.question, clause.dropped_by)
        ]
        if not of_it or any(clause.case not in one.lost for one in of_it):
            yield f"{clause.question}, {clause.quote!r}: {clause.dropped_by!r} does not lose {clause.case}"


@lru_cache
def _cases(question: Question) -> frozenset[str]:
    return frozenset(case.body.test_func.__name__ for case in question.judged_cases())


def _promises(course: Course, question: str) -> Iterator[str]:
    """The sentences of the descriptions of what students write that have one of MARKS."""
    for source in answer_cells(course, question).values():
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                sentences = re.split(r"(?<=\.) ", _plain(ast.get_docstring(node) or ""))
                yield from (one for one in sentences if MARKS.search(one) and not one.startswith("For example"))


@lru_cache
def _text_of_notebook(course: Course, question: str) -> str:
    cells = read_source(course.source(notebook_of(course, question))).cells
    return " ".join(_plain(cell.source) for cell in cells)


def _plain(text: str) -> str:
    """The text in one line, without the marks of markdown."""
    return " ".join(text.replace("**", "").replace("`", "").split())
