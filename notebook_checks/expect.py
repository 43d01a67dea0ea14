"""Expectations: each compares plain values and, where it fails, says what to think about.

`hints` maps a known wrong value to the misconception behind it. A hint is the only part of a message that
a hidden test shows to a student, so a hint never holds the answer or an input.
"""

import math
import re
from collections.abc import Callable
from typing import Any

from notebook_checks.values import NotAValue, plain

RELATIVE = 1e-5
ABSOLUTE = 1e-8
"""Tolerances of `expect_close`: wide enough for float32 and any order of summation."""

LONGEST_SHOWN = 120
"""Characters of a value that a message shows."""


class NoVerdict(Exception):
    """Something broke that is not the student's doing, such as a lost room.

    A test lets it pass and keeps nothing of it, as it is run again.
    """


class Unexpected(AssertionError):
    """A value is not as expected. `hint` is the misconception behind it, where one is known, else None.

    Where the message gives away nothing it may be the hint as well, and is said once.
    seen: the message alone. told: the message without the value that student code gave, for the judge: code that has
    seen hidden inputs could give them as its value to a public test.
    """

    def __init__(self, message: str, hint: str | None = None, told: str | None = None):
        super().__init__(f"{hint} ({message})" if hint and hint != message else message)
        self.seen = message
        self.hint = hint
        self.told = f"{hint} ({told})" if hint and told else told or str(self)


Hints = dict[Any, str] | Callable[[], dict[Any, str]] | None


def expect_equal(actual: Any, expected: Any, hints: Hints = None, what: str = "the value") -> None:
    """Expect `actual` to be `expected` exactly; an int and a float of the same whole value are equal.

    Args:
        actual: what the student's code gave; anything.
        expected: a plain value. Tuples and lists are alike.
        hints: known wrong values (a list is given as a tuple) and what to think about for each; or a function that
            gives them if they take a while. It is called only if something is wrong.
        what: a name for the value, for the message.

    Raises:
        Unexpected: if it is not.
    """
    _compare(actual, expected, hints, what, relative=0.0, absolute=0.0)


def expect_close(
    actual: Any,
    expected: Any,
    hints: Hints = None,
    what: str = "the value",
    relative: float = RELATIVE,
    absolute: float = ABSOLUTE,
) -> None:
    """Expect every number in `actual` to be close to the one in its place in `expected`; all else as expect_equal.

    Args:
        actual: what the student's code gave; anything.
        expected: a plain value.
        hints: as in expect_equal.
        what: a name for the value, for the message.
        relative: tolerance, as in math.isclose.
        absolute: tolerance, as in math.isclose.

    Raises:
        Unexpected: if one is not.
    """
    _compare(actual, expected, hints, what, relative, absolute)


def is_equal(actual: Any, expected: Any) -> bool:
    """Whether `expect_equal` would pass; for what is asked only of those who get something else right."""
    return _would_pass(actual, expected, relative=0.0, absolute=0.0)


def is_close(actual: Any, expected: Any) -> bool:
    """Whether `expect_close` would pass, with its own tolerances."""
    return _would_pass(actual, expected, RELATIVE, ABSOLUTE)


def expect_keys(actual: Any, keys: set[str], what: str = "the dictionary") -> None:
    """Expect a dict that has at least some keys, each with a number.

    Args:
        actual: what the student's code gave; anything.
        keys: that it must have. Others do not matter.
        what: a name for the dict, for the message.

    Raises:
        Unexpected: if it is something else.
    """
    read = _read(actual, what)
    if read is None:
        raise Unexpected(f"{what} is None", "This is not defined yet: has its cell been run?")
    if not isinstance(read, dict):
        raise Unexpected(f"{what} is a {type(read).__name__}, not a dict")
    missing = sorted(set(keys) - set(read))
    if missing:
        raise Unexpected(f"{what} lacks the keys {missing}", hint=f"The keys are {sorted(keys)}.")
    for key in sorted(keys):
        if not isinstance(read[key], (int, float)):
            kind = type(read[key]).__name__
            raise Unexpected(f"{what} has something of type {kind} at {key!r}", "Each value is a number.")


def _would_pass(actual: Any, expected: Any, relative: float, absolute: float) -> bool:
    try:
        return _alike(plain(actual), plain(expected), relative, absolute)
    except NotAValue:
        return False


def _compare(actual: Any, expected: Any, hints: Hints, what: str, relative: float, absolute: float) -> None:
    read = _read(actual, what)
    given, wanted, expected = actual if _is_built_in(actual) else read, shown(expected), plain(expected)
    if _alike(read, expected, relative, absolute):
        return
    mistakes = hints() if callable(hints) else hints or {}
    known = (hint for wrong, hint in mistakes.items() if _alike(read, plain(wrong), relative, absolute))
    hint = next(known, None) or _hint_of_kind(read, expected)
    what = what.removesuffix(",")
    seen = f"{what}: {shown(given)} came out, and {wanted} was expected"
    raise Unexpected(seen, hint, told=f"{what}: {wanted} was expected")


def _is_built_in(value: Any) -> bool:
    """Whether it is of Python's own types throughout, so that a tuple can be shown as the tuple that it is."""
    if type(value) in (list, tuple):
        return all(map(_is_built_in, value))
    if type(value) is dict:
        return all(map(_is_built_in, (*value, *value.values())))
    return value is None or type(value) in (bool, int, float, str)


def _read(actual: Any, what: str) -> Any:
    try:
        return plain(actual)
    except NotAValue as problem:
        raise Unexpected(f"{what} is of type {problem.kind}", _hint_of_no_value(problem.kind)) from None


def _hint_of_no_value(kind: str) -> str:
    article = "an" if kind[0] in "aeiou" else "a"
    return f"This gave {article} {kind}, where a number, a list, a dict or a string was expected."


def _hint_of_kind(read: Any, expected: Any) -> str | None:
    """What to say of a value of the wrong kind; None where only its size is wrong."""
    if read is None and expected is not None:
        return "This gave None: does the function return its result, or only print it?"
    if isinstance(read, str) and not isinstance(expected, str):
        return "This gave a string, where a number or a list of numbers was expected."
    if isinstance(read, float) and math.isnan(read):
        return "This gave nan, which is not a number."
    if isinstance(expected, list) and not isinstance(read, list):
        return "This gave a single value, where a list or tuple was expected."
    if isinstance(read, list) and not isinstance(expected, list):
        return "This gave a list or tuple, where a single value was expected."
    if isinstance(read, list) and len(read) != len(expected):
        return "This has another number of elements than expected."
    return None


def _alike(left: Any, right: Any, relative: float, absolute: float) -> bool:
    """Whether two plain values agree; numbers within the tolerances, all else exactly."""
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right or _close(left, right, relative, absolute)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(
            _alike(one, other, relative, absolute) for one, other in zip(left, right, strict=True)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_alike(left[key], right[key], relative, absolute) for key in left)
    return type(left) is type(right) and left == right


def _close(left: float, right: float, relative: float, absolute: float) -> bool:
    if relative == 0.0 and absolute == 0.0:
        return False
    try:
        return math.isclose(left, right, rel_tol=relative, abs_tol=absolute)
    except OverflowError:  # an int that no float can hold
        return False


FUNCTION = re.compile(r"<(?:built-in )?function (?:[\w.<>]*\.)?(\w+|<lambda>)(?: at 0x[0-9a-fA-F]+)?>")
"""How Python prints a function: with an address, which is another one each time."""


def shown(value: Any) -> str:
    """A value as a message shows it: what Python prints, functions by their names, cut off where it is long."""
    try:
        text = FUNCTION.sub(r"\1", repr(value))
    except ValueError:  # an int of more digits than Python prints
        text = "a number of very many digits"
    except Exception:  # whatever an object's own code raises
        text = f"a {type(value).__name__}"
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + " …"
