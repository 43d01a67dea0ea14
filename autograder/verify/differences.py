"""The smallest input inside the contract for which an answer gives something else than the model answer."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample

from autograder.verify.asked import Asked

EXAMPLES = 300
"""How many inputs are tried for each name."""

ASK_SECONDS = 2.0
"""The model answers take milliseconds."""

LONGEST_SHOWN = 300


class TooSlow(BaseException):
    """A call did not end in time. No Exception, so that students' own handlers let it through."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """A context that ends with TooSlow after so many seconds of this process's CPU time.

    Time by the clock does not count, so that a busy machine changes nothing. In the main thread only; not to be nested.

    Args:
        seconds: of CPU time.

    Raises:
        TooSlow: if they are used up.
    """

    def stop(*_: Any) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def smallest_difference(
    asked: Mapping[str, Asked], model: Mapping[str, Any], other: Mapping[str, Any], examples: int = EXAMPLES
) -> str:
    """The first name, and the smallest input, for which `other` is not the same as `model`.

    Args:
        asked: name → how it is asked.
        model: the model answer's names.
        other: another answer's names.
        examples: how many inputs are tried for each name.

    Returns:
        A line that tells the name, the input and both outputs; "" if no difference was found.
    """
    for name, how in asked.items():
        if name not in other:
            return f"{name}: is not defined"

        def differs(given: Any, name: str = name, how: Asked = how) -> bool:
            return not _same(how, model[name], other[name], given)

        if (given := _smallest(how, differs, examples)) is not None:
            outputs = (_output(how.ask, names[name], given) for names in (model, other))
            return f"{name}, {_short(given[0])}: {' and not '.join(_short(one) for one in outputs)}"
    return ""


def _smallest(how: Asked, differs: Callable[[Any], bool], examples: int) -> tuple[Any] | None:
    """The smallest input for which `differs` holds, in a tuple of its own, as None may be an input."""
    quiet = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        return (find(how.inputs, differs, settings=quiet, random=Random(0)),)
    except NoSuchExample:
        return None


def _same(how: Asked, model: Any, other: Any, given: Any) -> bool:
    expected, actual = _output(how.ask, model, (given,)), _output(how.ask, other, (given,))
    return not isinstance(actual, Failed) and how.same(expected, actual, given)


class Failed(str):
    """In the place of an output: what was raised, or that the call did not end."""

    __repr__ = str.__str__


def _output(ask: Callable[[Any, Any], Any], answer: Any, given: tuple[Any]) -> Any:
    try:
        with within(ASK_SECONDS):
            return ask(answer, given[0])
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except TooSlow:
        return Failed("a call without end")
    except BaseException as problem:  # whatever an answer raises, SystemExit included
        return Failed(type(problem).__name__)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + " …"
