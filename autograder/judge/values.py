"""Stand-ins for a student's names: plain values as they are, everything else as a handle into the room.

Whatever a room answers is decoded strictly here, into exact built-in types, and nothing in it is ever run.
"""

import base64
import sys
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from autograder.judge.budget import Budget
from autograder.judge.session import Session
from autograder.room import Reply
from autograder.room.room import exception_name
from notebook_checks.values import EXPRESSION, MAX_DEPTH, TABLE, NotAValue, register_reader

KINDS = {
    "function", "generator", "module", "object", "type", "set", "frozenset", "complex", "bytes", "bytearray",
    "range", "map", "filter", "zip", "int", "ellipsis", "slice", "property", "method", "reversed", "enumerate",
    EXPRESSION, TABLE,
}  # fmt: skip
"""What a room may call an object in a message: names that we know, so that no text of a student's gets out."""

KINDS_OF_HIDDEN = {"function", "generator", "set"}
"""Of those, what is called by its name in a hidden case."""

MAX_KEYS = 2_000
"""Keys that all dicts of a value may have together. Among ints that have one hash, each
look-up may pass all others."""

LARGEST = 2**1024
"""An int of a room is smaller: no float is larger, and no answer has to do with such a number."""

MOST_HANDLES = 1_000_000
"""Objects that a room may keep for the judge."""


class StudentRaised(Exception):
    """The student's code raised an exception. kind: its nearest built-in type's name."""

    def __init__(self, kind: str):
        super().__init__(kind)
        self.kind = kind


class Undefined:
    """In the place of a name that the student's notebook does not have: whoever uses it is told so."""

    def __init__(self, name: str):
        self.name = name

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise NotDefined(self.name)

    __call__ = __getitem__ = __iter__ = __len__ = __contains__ = _refuse


class NotDefined(Exception):
    """A test needs a name that is not defined at its place in the notebook."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


class Handle:
    """An object in the room. Calling it runs there; a test that reads it gets its plain value from there."""

    def __init__(self, names: "Names", number: int, kind: str):
        self._names = names
        self.number = number
        self.kind = kind

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._names.call(self, args, kwargs)


register_reader(Handle, lambda handle: handle._names.read(handle))
register_reader(Undefined, lambda undefined: undefined._refuse())


class Names(Mapping):
    """The globals of a student's notebook, asked for one by one. seconds: of CPU time that the room may take for all.

    The judge's own time is not the student's, so it does not count. remarks: what a test tells the instructor. hidden:
    whether a hidden case asks.
    """

    def __init__(self, session: Session, seconds: float):
        self.session = session
        self.hidden = False
        self.remarks: list[str] = []
        self._reply: Reply | None = None
        self._budget = Budget(session, session.limits.allowed(seconds)).begin()

    def __getitem__(self, name: str) -> Any:
        answer = self._ask({"do": "get", "name": name})
        if answer.get("missing") is True:
            raise KeyError(name)
        return self._take(answer)

    def get(self, name: str, default: Any = None) -> Any:
        """The value or stand-in of a name; an Undefined if the notebook does not define it.

        Args:
            name: of the notebook's globals, at the place of its check.
            default: is not used, as a name that is missing has to be told.

        Raises:
            RoomTooSlow, RoomGone, RoomLost: as `Session.ask` does.
            NotAValue: if the room's answer is malformed.
        """
        try:
            return self[name]
        except KeyError:
            return Undefined(name)

    def __iter__(self):
        raise TypeError("a test asks for the names that it needs, not for all")

    def __len__(self) -> int:
        raise TypeError("a test asks for the names that it needs, not for all")

    def make(self, source: str) -> Any:
        """The object that `source`, a text of ours, evaluates to in the room."""
        return self._take(self._ask({"do": "make", "source": source}))

    def replace(self, name: str, stand_in: str, reply: Reply) -> None:
        """Put a stand-in for something of ours in the place of one of the student's names, until `restore`.

        Args:
            name: of the notebook's globals.
            stand_in: an expression of a function that takes what asks back, and gives the stand-in.
            reply: answers what the stand-in asks.

        Raises:
            RoomTooSlow, RoomGone, RoomLost: as `Session.ask` does.
        """
        self._reply = reply
        self._take(self._ask({"do": "replace", "name": name, "stand_in": stand_in}))

    def restore(self) -> None:
        """Put the student's own back."""
        self._reply = None
        self._take(self._ask({"do": "restore"}))

    def call(self, handle: Handle, args: tuple, kwargs: dict[str, Any]) -> Any:
        """Call an object in the room.

        Args:
            handle: of the object.
            args: plain values, tensors and handles.
            kwargs: the same, by name.

        Returns:
            What the call gives: a plain value, or a handle of anything else.

        Raises:
            StudentRaised: if the call raised an exception in the room.
            RoomTooSlow, RoomGone, RoomLost: as `Session.ask` does.
            NotAValue: if the room's answer is malformed.
            TypeError: if an argument is neither plain nor a tensor or handle, which is a mistake of a test.
        """
        request = {
            "do": "call",
            "handle": handle.number,
            "args": [encode(arg) for arg in args],
            "kwargs": {key: encode(value) for key, value in kwargs.items()},
        }
        return self._take(self._ask(request))

    def read(self, handle: Handle) -> Any:
        """The plain value of an object in the room.

        Raises:
            NotAValue: if it is not in the table of values, or the room's answer is malformed.
        """
        return self._take(self._ask({"do": "read", "handle": handle.number}))

    @property
    def late(self) -> bool:
        """Whether the time for all cases is used up."""
        late = self._budget.left(0.0).used_up
        if late and self._budget.starved:
            self.session.starved = True
        return late

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        seconds = self.session.limits.call_seconds
        left = self._budget.left(seconds)
        return self.session.ask(request, self.session.limits.allowed(seconds).at_most(left), self._reply)

    def _take(self, answer: dict[str, Any]) -> Any:
        if "raised" in answer:
            raise StudentRaised(exception_name(answer["raised"]))
        if "value" in answer:
            return decode(answer["value"])
        number = answer.get("handle")
        if type(number) is int and 0 <= number < MOST_HANDLES:
            return Handle(self, number, self._kind(answer.get("kind")))
        raise NotAValue(self._kind(answer.get("novalue")))

    def _kind(self, kind: Any) -> str:
        known = KINDS_OF_HIDDEN if self.hidden else KINDS
        return kind if isinstance(kind, str) and kind in known else "object"


def encode(value: Any) -> Any:
    """An argument as JSON data; a tensor as the bytes of a safetensors file, in base64.

    Raises:
        TypeError: for what is neither plain, nor a tensor or a handle: a mistake of a test.
        NotDefined: for a name that the notebook does not define.
    """
    if isinstance(value, Handle):
        return {"handle": value.number}
    if isinstance(value, Undefined):
        value._refuse()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [encode(item) for item in value]}
    if isinstance(value, dict):
        return {"pairs": [[encode(key), encode(item)] for key, item in value.items()]}
    if "torch" in sys.modules and isinstance(value, sys.modules["torch"].Tensor):
        from safetensors.torch import save  # imports torch, which takes seconds, and few notebooks need it

        return {"tensor": base64.b64encode(save({"tensor": value.contiguous()})).decode()}
    raise TypeError(f"a test passes a {type(value).__name__}; use in_room for what is no plain data")


def decode(value: Any, depth: int = 0, keys: Iterator[int] | None = None) -> Any:
    """JSON data of a room as plain Python.

    Args:
        value: what json.loads gave.
        depth: how deep `value` lies in the whole answer.
        keys: counts the keys of all dicts seen so far.

    Raises:
        NotAValue: if the data is malformed, or a number of no use to anyone.
    """
    keys = keys or count(1)
    if depth > MAX_DEPTH:
        raise NotAValue("list that nests too deep")
    if value is None or type(value) in (bool, int, float, str):
        return _in_range(value)
    if type(value) is list:
        return [decode(item, depth + 1, keys) for item in value]
    pairs = value.get("pairs") if type(value) is dict else None
    if type(pairs) is not list or not all(type(pair) is list and len(pair) == 2 for pair in pairs):
        raise NotAValue("object")
    decoded = {}
    for key, item in pairs:
        if type(key) not in (bool, int, float, str) and key is not None:
            raise NotAValue("object")
        if next(keys) > MAX_KEYS:
            raise NotAValue("dict of very many keys")
        decoded[_in_range(key)] = decode(item, depth + 1, keys)
    return decoded


def _in_range(value: Any) -> Any:
    if type(value) is int and abs(value) >= LARGEST:
        raise NotAValue("int")
    return value
