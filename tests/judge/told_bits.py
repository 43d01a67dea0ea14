"""How many bits one question can tell a student, at most: `python -m tests.judge.told_bits`.

Hostile code that has seen hidden inputs can choose which of its cases pass, which sentences are told, and how its cells
end. All that can be told is counted, as if code could choose among all of it at will; so it is more than there is.
"""

import ast
import builtins
import math
from collections.abc import Iterator
from types import ModuleType

import notebook_checks.expect
from autograder.course import Course
from autograder.course.questions import Question, read_questions
from autograder.course.skeleton import load_skeletons
from autograder.judge.judging import GRAVEST_TROUBLE_FIRST, MAX_MESSAGES
from autograder.judge.told import ENDED, KINDS_OF_CELLS
from autograder.judge.values import KINDS, KINDS_OF_HIDDEN
from scalelab.checking import networks
from tests.compound import COURSE

EXCEPTIONS = sum(isinstance(one, type) and issubclass(one, BaseException) for one in vars(builtins).values())

OF_HIDDEN = len(ENDED) + 6 + len(KINDS_OF_HIDDEN) + 1
"""Sentences of the judge's own: how code ended, that a name is not defined, and of which kind a value is."""

OF_PUBLIC = len(ENDED) + 4 + EXCEPTIONS + 2 * len(KINDS)
"""The same of a public case: what was raised, and two sentences about kinds."""

STATUSES = 3
"""That cannot be seen from the points: an error, or time or memory that was used up."""


def bits_of(question: Question, course: Course) -> float:
    """The bits of all that can be told of one question in one hand-in: its cases, their messages, and its cells' ends.

    A student sees the points of all cases together, which of the public ones pass, and MAX_MESSAGES sentences.
    """
    module: dict = {}
    exec(compile(question.text, str(question.path), "exec"), module)
    is_first = question.name in _first_questions(course)
    lines = []
    for case in question.judged_cases():
        if case.hidden:
            lines.append(_hints(case.body.test_func.__name__, question.text, module) + OF_HIDDEN)
        else:
            lines.append(0 if is_first else _hints(case.body.test_func.__name__, question.text, module) + OF_PUBLIC)
    told = [1, *[0] * MAX_MESSAGES]  # in how many ways so many sentences can be told, in the order of the cases
    for of_case in lines:
        told = [told[many] + (of_case * told[many - 1] if many else 0) for many in range(MAX_MESSAGES + 1)]
    return math.log2(sum(told) * _points(question) * _ends_of_cells(question, course, is_first) * STATUSES)


def _points(question: Question) -> int:
    """In how many ways the cases can pass, as far as a student sees it."""
    public = sum(not case.hidden and case.points > 0 for case in question.judged_cases())
    sums = {0.0}
    for case in question.judged_cases():
        sums |= {one + case.points for one in sums if case.hidden}
    return 2**public * len(sums)


def all_bits(course: Course = COURSE) -> dict[str, float]:
    """Each question → its bits."""
    return {name: bits_of(question, course) for name, question in read_questions(course.questions).items()}


def _first_questions(course: Course) -> set[str]:
    """Those before which no hidden input was given."""
    checks = ([cell.question for cell in one.cells if cell.role == "check"] for one in load_skeletons(course).values())
    return {names[0] for names in checks if names}


def _ends_of_cells(question: Question, course: Course, is_first: bool) -> int:
    """How many sentences there are about how the question's cells ended, or one of ours."""
    if is_first:
        return 1
    cells = [cell for skeleton in load_skeletons(course).values() for cell in skeleton.cells]
    own = sum(cell.role == "answer" and cell.kind == "code" and cell.question == question.name for cell in cells)
    given = max(sum(cell.role == "given" for cell in one.cells) for one in load_skeletons(course).values())
    kinds = len(KINDS_OF_CELLS) + 2 + len(GRAVEST_TROUBLE_FIRST)  # a SyntaxError, and any other exception
    return (1 + own * kinds) * (1 + given)


def _hints(case: str, text: str, module: dict) -> int:
    """How many hints a case may tell: all sentences in what it names, however it is used."""
    nodes, values = [], []
    for part in _reached(case, _functions(text) | _functions(_source(networks)), vars(networks) | module):
        if isinstance(part, ast.AST):
            nodes += ast.walk(part)
        else:
            values.append(part)
    texts = {text for value in (*values, vars(notebook_checks.expect)) for text in _texts_in(value)}
    texts |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    joined = sum(isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) for node in nodes)
    return len({text for text in texts if _is_sentence(text)}) + joined


def _reached(case: str, functions: dict[str, ast.AST], values: dict) -> Iterator[object]:
    """The syntax of a function and of those that it names, directly or by way of others, and the values named."""
    found: set[str] = set()
    waiting = [case]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name in functions:
            yield functions[name]
            waiting += [node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)]
        elif name in values:
            yield values[name]


def _functions(text: str) -> dict[str, ast.AST]:
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _source(module: ModuleType) -> str:
    with open(str(module.__file__), encoding="utf-8") as file:
        return file.read()


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in (*value, *value.values()):
            yield from _texts_in(part)
    elif isinstance(value, list | tuple | set):
        for part in value:
            yield from _texts_in(part)


def _is_sentence(text: str) -> bool:
    return " " in text.strip() and text.strip()[-1:] in ".?!:"


if __name__ == "__main__":
    for name, bits in all_bits().items():
        print(f"{name}: {bits:.1f} bits")
