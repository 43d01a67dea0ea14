"""A test file as otter runs it in a notebook, and what a student reads of it, as text and as HTML."""

import inspect
from html import escape
from typing import Any

from otter.test_files import TestCase, TestCaseResult
from otter.test_files.exception_test import ExceptionTestFile

from notebook_checks.failures import Failure, explain, not_there, noting

PASSED, FAILED = "✓", "✗"


class CheckedFile(ExceptionTestFile):
    """A test file that keeps why a case failed.

    bonus: whether its points come on top of the assignment's. begin_with: an earlier answer that this one builds on and
    whose own check failed, or "".
    """

    bonus = False
    all_points = 0.0
    begin_with = ""

    def run(self, global_environment: dict[str, Any]) -> None:
        """Run each case with the notebook's names, and keep what came of it."""
        self.failures: dict[str, Failure] = {}
        self.test_case_results = []
        for case in self.test_cases:
            calls: list[str] = []
            missing = [one for one in asked_of(case) if global_environment.get(one) is None]
            try:
                case.body.call_func(noting(global_environment, calls))
            except Exception as problem:
                told = not_there(missing[0]) if missing else explain(problem, global_environment, calls)
                self.failures[case.name] = told
            passed = case.name not in self.failures
            message = f"{PASSED} Test case passed" if passed else f"{FAILED} Test case failed"
            self.test_case_results.append(TestCaseResult(test_case=case, message=message, passed=passed))

    @property
    def earned(self) -> float:
        """The points of the cases that passed here."""
        return sum(one.test_case.points for one in self.test_case_results if one.passed)

    def summary(self, public_only: bool = False) -> str:
        """What a student reads, as text."""
        lines = [self._verdict(), *self._blame()]
        for case, failure in self._failed():
            lines += [f"  {FAILED} {case}", *(f"      {line}" for line in failure.told)]
            lines += [f"      → {failure.hint}"] if failure.hint else []
        return "\n".join([*lines, *(f"  {line}" for line in self._footer())])

    def _repr_html_(self) -> str:
        colour = "#2da44e" if self.passed_all else "#d1242f"
        verdict = f"<strong>{escape(self._verdict())}</strong>"
        body = "".join(self._html_lines())
        return f'<div style="border-left:4px solid {colour};padding-left:.7em;max-width:60em">{verdict}{body}</div>'

    def _html_lines(self) -> list[str]:
        made = [f"<div>{escape(line)}</div>" for line in self._blame()]
        for case, failure in self._failed():
            told = "<br>".join(f"<code>{escape(line)}</code>" for line in failure.told)
            hint = f"<div>→ <strong>{escape(failure.hint)}</strong></div>" if failure.hint else ""
            made.append(f'<div style="margin:.3em 0 .5em 1em">{FAILED} {escape(case)}<br>{told}{hint}</div>')
        small = '<div style="margin-left:1em;opacity:.85;font-size:90%">{}</div>'
        return made + [small.format(escape(line)) for line in self._footer()]

    def _verdict(self) -> str:
        passed, of_all = sum(one.passed for one in self.test_case_results), len(self.test_case_results)
        if of_all == 1:
            return f"{PASSED if passed else FAILED} {self.name}: the check {'passed' if passed else 'did not pass'}"
        if passed == of_all:
            return f"{PASSED} {self.name}: all {of_all} checks passed"
        return f"{FAILED} {self.name}: {passed} of {of_all} checks passed"

    def _failed(self) -> list[tuple[str, Failure]]:
        """The cases that failed, each in words: those that fail for the same reason only once."""
        found: dict[object, tuple[str, Failure]] = {}
        for case in self.test_cases:
            if failure := self.failures.get(case.name):
                found.setdefault(failure.reason, (in_words(case.body.test_func.__name__), failure))
        return list(found.values())

    def _blame(self) -> list[str]:
        if self.passed_all or not self.begin_with:
            return []
        return [f"  It builds on {self.begin_with}, whose own check does not pass: begin there."]

    def _footer(self) -> list[str]:
        here = sum(case.points for case in self.test_cases)
        if not self.all_points:
            return []
        bonus = "bonus " if self.bonus else ""
        rest = self.all_points - here
        if not here:
            return [f"No points here; up to {rest:g} {bonus}{'point' if rest == 1 else 'points'} after you hand in."]
        kind = bonus + ("point" if here == 1 else "points")
        told = f"{self.earned:g} of {here:g} {kind} here; {rest:g} more for other inputs, after you hand in."
        if self.earned < here or self.passed_all:
            return [told]
        return [f"{told} What failed above is practice for those: it costs no points here, but it will there."]


def asked_of(case: TestCase) -> list[str]:
    """The notebook's names that a case asks about."""
    return [name for name in inspect.signature(case.body.test_func).parameters if name != "env"]


def in_words(name: str) -> str:
    """The name of a case as words."""
    return name.replace("_", " ")
