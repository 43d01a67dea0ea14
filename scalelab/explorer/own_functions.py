"""The functions that drive the playground: the course's, or the student's own, whose mistakes become one line each."""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

MOST_LAYERS, MOST_CHANNELS = 100_000, 1_000_000
"""Of a stage; whatever is larger is taken for a mistake."""


class OwnFunctionFailed(Exception):
    """A function of the student's gave no answer that can be drawn: one line that says which call, and what came."""


@dataclass(frozen=True)
class Functions:
    """What turns φ into a network.

    coefficients: (phi, alpha, beta, gamma) → factors of depth, width and resolution. repeats: (layers, depth) → layers.
    channels: (channels, width) → channels. emergence: (layers, alpha, phi_max) → φs of new layers, if there is one.
    """

    coefficients: Callable[..., Any]
    repeats: Callable[..., Any]
    channels: Callable[..., Any]
    emergence: Callable[..., Any] | None = None


def courses_functions() -> Functions:
    """The paper's rule, and torchvision's rounding."""
    from torchvision.models.efficientnet import MBConvConfig

    return Functions(_coefficients, MBConvConfig.adjust_depth, MBConvConfig.adjust_channels)


def _coefficients(phi: float, alpha: float, beta: float, gamma: float) -> tuple[float, ...]:
    return tuple(base**phi for base in (alpha, beta, gamma))


def checked(own: dict[str, Callable[..., Any]]) -> Functions:
    """The course's functions with the student's own in their place, each of which says in a line what is wrong.

    Args:
        own: a field of `Functions` → the student's function.
    """
    checks = {"coefficients": _three_factors, "repeats": _layers, "channels": _channels, "emergence": _phis}
    return replace(courses_functions(), **{role: _Checked(one, checks[role]) for role, one in own.items()})


class _Checked:
    """A function of the student's, whose errors and answers of no use are an OwnFunctionFailed."""

    def __init__(self, function: Callable[..., Any], check: Callable[[Any], Any]):
        self.function = function
        self.check = check

    def __call__(self, *given: float) -> Any:
        try:
            answer = self.function(*given)
        except NotImplementedError:
            raise OwnFunctionFailed(f"{_name(self.function)} is not written yet") from None
        except Exception as problem:
            said = " ".join(f"{type(problem).__name__}: {problem}".split())
            raise OwnFunctionFailed(f"{self._call(given)}{_line(problem, self.function)} raised {said[:160]}") from None
        try:
            return self.check(answer)
        except Exception:  # an answer of the student's own class may raise anything
            raise OwnFunctionFailed(f"{self._call(given)} returned {_short(answer)}: {self.check.__doc__}") from None

    def _call(self, given: tuple[float, ...]) -> str:
        return f"{_name(self.function)}({', '.join(f'{number:.6g}' for number in given)})"


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", type(function).__name__))


def _short(answer: Any) -> str:
    try:
        text = " ".join(repr(answer).split())
    except Exception:
        return f"a {type(answer).__name__}"
    return text if len(text) <= 60 else f"{text[:60]}…"


def _line(problem: Exception, function: Callable[..., Any]) -> str:
    """ ", line 3" of the student's function, where the error came from it."""
    code = getattr(function, "__code__", None)
    found, trace = "", problem.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code is code:
            found = f", line {trace.tb_lineno - code.co_firstlineno + 1} of it,"
        trace = trace.tb_next
    return found


def _three_factors(answer: Any) -> tuple[float, ...]:
    """three numbers larger than 0 are needed: depth, width and resolution"""
    depth, width, resolution = (float(factor) for factor in answer)
    if not all(math.isfinite(factor) and factor > 0 for factor in (depth, width, resolution)):
        raise ValueError
    return depth, width, resolution


def _layers(answer: Any) -> int:
    """a whole number of layers is needed, at least 1"""
    return _whole(answer, MOST_LAYERS)


def _channels(answer: Any) -> int:
    """a whole number of channels is needed, at least 1"""
    return _whole(answer, MOST_CHANNELS)


def _whole(answer: Any, most: int) -> int:
    number = int(answer) if float(answer) == int(answer) else operator.index(answer)
    if not 1 <= number <= most:
        raise ValueError
    return number


def _phis(answer: Any) -> list[float]:
    """a list of numbers is needed"""
    return sorted(float(phi) for phi in answer)
