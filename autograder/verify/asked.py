"""How the search asks an answer: which inputs lie inside the contract, and when two outputs count as the same.

A course's grading/strategies.py has a dict ASKED: question → name that students define → Asked. Questions that it
leaves out are not searched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import SearchStrategy

from notebook_checks import Unexpected, expect_close, plain


def call(function: Any, arguments: tuple) -> Any:
    """What a function gives for some arguments, as plain data.

    Args:
        function: a student's.
        arguments: an input that a strategy drew. It must stay as it is, as the next answer gets it too.

    Raises:
        Exception: whatever the function raises; NotAValue if it gives no plain data.
    """
    return plain(function(*arguments))


def close(expected: Any, actual: Any, _arguments: Any) -> bool:
    """Whether two plain values are the same to within the tolerances of `expect_close`.

    Args:
        expected: what the model's gives.
        actual: what the other gives.
        _arguments: the input, which every `same` gets.
    """
    return alike(expected, actual)


def equal(expected: Any, actual: Any, _arguments: Any) -> bool:
    """Whether two plain values are exactly the same.

    Args:
        expected: what the model's gives.
        actual: what the other gives.
        _arguments: the input, which every `same` gets.
    """
    return alike(expected, actual, 0.0, 0.0)


def alike(expected: Any, actual: Any, relative: float = 1e-5, absolute: float = 1e-8) -> bool:
    """Whether two plain values are the same to within these tolerances.

    Args:
        expected: what the model's gives.
        actual: what the other gives.
        relative: tolerance, as in math.isclose.
        absolute: tolerance, as in math.isclose.
    """
    try:
        expect_close(actual, expected, relative=relative, absolute=absolute)
    except Unexpected:
        return False
    return True


@dataclass(frozen=True)
class Asked:
    """How to ask for one name.

    inputs: draws inputs inside the contract, and none for which rounding decides. ask: what comes of a student's object
    and an input; it must leave the input as it is. same: whether the model's output, and another's, for an input are
    both right.
    """

    inputs: SearchStrategy
    ask: Callable[[Any, Any], Any] = call
    same: Callable[[Any, Any, Any], bool] = close
