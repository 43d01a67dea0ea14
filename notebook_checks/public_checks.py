"""What the public part of a question's test file says of its points. Nothing of the file is run."""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ALL_PASSED = re.compile(r"^(\w+ results: All test cases passed!|✓ \w+: (all \d+ checks|the check) passed)")
VERDICT = re.compile(r"^\s*(?:\S+ )?Test case (passed|failed)\s*$", re.MULTILINE)
"""What otter writes of each case, in their order."""

EARNED = re.compile(r"^  (?P<earned>[\d.]+) of (?P<here>[\d.]+) (bonus )?points? here", re.MULTILINE)
"""What our own Notebook writes."""


@dataclass(frozen=True)
class PublicChecks:
    """The points of a question.

    Args:
        points: all of them.
        bonus: whether they come on top of the assignment's.
        cases: the points of each case that students can run, in their order.
    """

    points: float
    bonus: bool
    cases: tuple[float, ...]

    def earned(self, output: str) -> float | None:
        """The points of the cases that passed, by what the check has written; None if it cannot be told."""
        if ALL_PASSED.match(output):
            return sum(self.cases)
        if told := EARNED.search(output):
            return float(told["earned"])
        verdicts = VERDICT.findall(output)
        if len(verdicts) != len(self.cases):
            return None
        return sum(points for points, verdict in zip(self.cases, verdicts, strict=True) if verdict == "passed")


def read_public_checks(file: Path) -> PublicChecks | None:
    """What the test file says; None if it is missing or says nothing of the kind."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    values, cases = {}, []
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = _constant(node.value)
        elif isinstance(node, ast.FunctionDef):
            cases += [_points(call) for call in node.decorator_list if _is_test_case(call)]
    points = values.get("points")
    if isinstance(points, bool) or not isinstance(points, int | float):
        return None
    return PublicChecks(points, values.get("bonus") is True, tuple(cases))


@lru_cache
def names_asked(file: Path) -> frozenset[str]:
    """The names of the notebook that the test file's cases ask about; none if it cannot be read."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return frozenset()
    cases = [
        one for one in tree.body if isinstance(one, ast.FunctionDef) and any(map(_is_test_case, one.decorator_list))
    ]
    return frozenset(argument.arg for case in cases for argument in case.args.args) - {"env"}


def _is_test_case(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "test_case"


def _points(call: ast.expr) -> float:
    given = [one.value for one in call.keywords if one.arg == "points"] if isinstance(call, ast.Call) else []
    value = _constant(given[0]) if given else 0
    return value if isinstance(value, int | float) else 0


def _constant(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None
