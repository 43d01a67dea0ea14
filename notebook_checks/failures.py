"""What a student should read of a failed check: the call, what came of it, the own line, and where to begin."""

import linecache
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import update_wrapper
from types import CodeType, FunctionType
from typing import Any

from notebook_checks.expect import Unexpected, shown


@dataclass(frozen=True)
class Failure:
    """Why a case failed.

    Args:
        told: what happened, a line each.
        hint: what to think about, or "".
        place: the own line at which an error arose, or "": cases that fail at one place have one reason.
    """

    told: tuple[str, ...]
    hint: str = ""
    place: str = ""

    @property
    def reason(self) -> object:
        """What is alike where two cases fail for the same reason."""
        return self.place or self


class Called:
    """A student's function that notes how it is called. Everything else is the function's own."""

    def __init__(self, name: str, function: Callable, calls: list[str]):
        update_wrapper(self, function)
        self._name, self._function, self._calls = name, function, calls

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        words = [shown(value) for value in args] + [f"{key}={shown(value)}" for key, value in kwargs.items()]
        self._calls.append(f"{self._name}({', '.join(words)})")
        return self._function(*args, **kwargs)


def noting(names: Mapping[str, Any], calls: list[str]) -> dict[str, Any]:
    """The names, with each function replaced by one that notes its calls.

    Args:
        names: the notebook's globals. Classes and other objects stay what they are.
        calls: gets each call as text, such as "f(2, k=3)", before it is made.
    """
    return {
        name: Called(name, value, calls) if isinstance(value, FunctionType) else value for name, value in names.items()
    }


def explain(problem: Exception, names: Mapping[str, Any], calls: list[str]) -> Failure:
    """What to tell of an exception that a case raised.

    Args:
        problem: the exception.
        names: the notebook's.
        calls: of the student's functions before it, as text.
    """
    call = calls[-1] if calls else ""
    if isinstance(problem, Unexpected):
        if _begins_with_another_name(problem.seen, call, names):
            call = ""
        same = problem.hint == problem.seen
        told = () if same else (_sentence(problem.seen),)
        return Failure(_without_empty(call and f"You were asked: {call}", *told), problem.hint or "")
    if isinstance(problem, NotImplementedError):
        return Failure((f"Not written yet: {problem}" if str(problem) else "Not written yet.",))
    said = f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__
    place = "".join(_own_line(problem, names))
    return Failure(_without_empty(call and f"You were asked: {call}", said, place), place=place)


def not_there(name: str) -> Failure:
    """What to tell where the notebook has no such name."""
    return Failure((f"{name} is not defined yet: has its cell been run?",), place=name)


def used_by(names: Mapping[str, Any], name: str) -> set[str]:
    """The notebook's names that a function or class uses, directly or by way of others of the notebook.

    Args:
        names: the notebook's globals. None of them is called: their compiled code says which names it uses.
        name: of the function or class. It is not in the result, even if it calls itself.
    """
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for used in _names_in(names.get(waiting.pop())):
            if used in names and used not in found:
                found.add(used)
                waiting.append(used)
    return found - {name}


def _own_line(problem: Exception, names: Mapping[str, Any]) -> Iterator[str]:
    """The last line of the notebook's own code that ran before the exception."""
    own = [frame for frame, _ in traceback.walk_tb(problem.__traceback__) if frame.f_globals is names]
    lines = [number for frame, number in traceback.walk_tb(problem.__traceback__) if frame.f_globals is names]
    if own:
        code = own[-1].f_code
        text = linecache.getline(code.co_filename, lines[-1]).strip()
        yield f"in {code.co_qualname}, line {lines[-1]} of its cell: {text}" if text else f"in {code.co_qualname}"


def _names_in(value: Any) -> Iterator[str]:
    if isinstance(value, type):
        for part in vars(value).values():
            yield from _names_in(part)
    elif isinstance(code := getattr(value, "__code__", None), CodeType):
        yield from _names_in_code(code)


def _names_in_code(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in_code(constant)


def _begins_with_another_name(seen: str, call: str, names: Mapping[str, Any]) -> bool:
    """Whether a message is about a name of the notebook that is not the function called last."""
    word = re.split(r"\W", seen, maxsplit=1)[0]
    return word in names and not call.startswith(f"{word}(")


def _sentence(text: str) -> str:
    """The text as a sentence; a name of Python's or of a file stays as it is written."""
    first = text.split(" ", 1)[0]
    code = re.search(r"_|\w[.(]\w", first) is not None
    return (text[:1] if code else text[:1].upper()) + text[1:] + ("" if text.endswith((".", "?", "!", "…")) else ".")


def _without_empty(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)
