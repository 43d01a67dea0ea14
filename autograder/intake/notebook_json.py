"""Reads a notebook's JSON as a stream: of all that stands in it, only what a cell is made of is ever in memory."""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ijson

from autograder.intake.causes import why_no_json
from autograder.intake.unreadable import Unreadable

MAX_PARTS = 1_000_000
MAX_VALUES = 8_000_000
MAX_STRINGS = 3_000_000
"""Lists and objects in a file, values in these, and strings: a few bytes of it each, and here up to some hundred."""

MAX_DEPTH = 100
MAX_SKIPPED_DEPTH = 1_000
"""Lists and objects inside one another, of what is kept and of what is not."""

SMALL = 500_000
"""A file of so many bytes can fill no memory, and is read as a whole."""

BUFFER = 1 << 16

STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""A string of a JSON text, or the beginning of one that has no end: no place is looked at twice."""

MARKS = (
    *((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32")),
    *((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig")),
)
UNMARKED = ((b"{\0\0\0", "utf-32-le"), (b"\0\0\0{", "utf-32-be"), (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))
"""How a JSON object begins in each of Unicode's encodings, with a byte order mark and without one."""

PADDING = b"\0\x1a \t\r\n"
"""What may stand behind a text: zeros where a crash or a broken sync cut a file off, and the mark of DOS's end."""

Event = tuple[str, Any]
Made = Callable[[Any], Any]


@dataclass(frozen=True)
class Each:
    """A list, of whose values only the first `most` are made, and each is given to `made`. The others are None."""

    wanted: "Wanted"
    made: Made
    most: int


Wanted = dict[str, Any] | Each | None
"""What is kept of a value: of an object these keys, of a list what Each says, and with None all of it."""


class _NotStreamed(Exception):
    """The text cannot be read as a stream, and perhaps not at all."""


def load(data: bytes, wanted: Wanted) -> Any:
    """The JSON value of a file's bytes, without what is not wanted, whichever encoding an editor saved it in.

    Args:
        data: the file.
        wanted: what is kept.

    Raises:
        Unreadable: if it is not JSON, or holds more parts than any notebook.
    """
    text = _in_utf8(data)
    if text is data:
        text = data = data.rstrip(PADDING)
    try:
        if len(text) > SMALL:
            if _has_too_much(text, 2 * MAX_VALUES):  # told in a second: the stream needs half a minute to count as far
                raise Unreadable(TOO_MUCH)
            return _Stream(text).value(wanted)
    except (_NotStreamed, ijson.JSONError, ValueError, RecursionError):
        pass
    return _as_a_whole(text if text is not data else _as_windows_saved_it(data), wanted)


class _Stream:
    """The events of a text, counted."""

    def __init__(self, data: bytes):
        self._events: Iterator[Event] = self._counted(ijson.basic_parse(_Bytes(data), buf_size=BUFFER, use_float=True))

    def value(self, wanted: Wanted) -> Any:
        """The one value that the text holds."""
        found = self._value(next(self._events), wanted, 0)
        for _ in self._events:
            raise _NotStreamed
        return found

    def _counted(self, events: Iterator[Event]) -> Iterator[Event]:
        parts = strings = 0
        for values, event in enumerate(events):
            kind = event[0]
            if kind in ("string", "map_key"):
                strings += 1
            elif kind in ("start_map", "start_array"):
                parts += 1
            if parts > MAX_PARTS or strings > MAX_STRINGS or values > 2 * MAX_VALUES:
                raise Unreadable(TOO_MUCH)
            yield event

    def _value(self, event: Event, wanted: Wanted, depth: int) -> Any:
        kind, value = event
        if depth > MAX_DEPTH:
            raise _NotStreamed
        if kind == "start_array":
            return self._list(wanted, depth + 1)
        if kind == "start_map":
            return self._object(wanted, depth + 1)
        return value

    def _list(self, wanted: Wanted, depth: int) -> list[Any]:
        found: list[Any] = []
        for event in self._events:
            if event[0] == "end_array":
                break
            if wanted is None:
                found.append(self._value(event, None, depth))
            elif isinstance(wanted, Each) and len(found) < wanted.most:
                found.append(wanted.made(self._value(event, wanted.wanted, depth)))
            else:
                self._skip(event)
                found.append(None)
        return found

    def _object(self, wanted: Wanted, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for kind, key in self._events:
            if kind == "end_map":
                break
            event = next(self._events)
            if wanted is None:
                found[key] = self._value(event, None, depth)
            elif isinstance(wanted, dict) and key in wanted:
                found[key] = self._value(event, wanted[key], depth)
            else:
                self._skip(event)
        return found

    def _skip(self, event: Event) -> None:
        depth = int(event[0] in ("start_map", "start_array"))
        while depth:
            if depth > MAX_SKIPPED_DEPTH:
                raise _NotStreamed
            kind = next(self._events)[0]
            depth += (kind in ("start_map", "start_array")) - (kind in ("end_map", "end_array"))


class _Bytes:
    """Bytes as a file, of which no copy is made as a whole. What is read next never ends within a string.

    yajl begins a string anew with each part that comes of it: a long one in many parts would take minutes.
    """

    def __init__(self, data: bytes):
        self._data, self._place, self._outside = data, 0, 0

    def read(self, size: int) -> bytes:
        """The next bytes, some more than `size` where a string ends later."""
        start, end = self._place, self._place + size
        while (found := STRING.search(self._data, self._outside, len(self._data))) and found.start() < end:
            self._outside = found.end()
            end = max(end, self._outside)
            if end == self._outside:
                break
        self._outside = max(self._outside, end) if found is None or found.start() >= end else self._outside
        self._place = end
        return self._data[start:end]


TOO_MUCH = "has more parts than any notebook; clear its outputs"


def _in_utf8(data: bytes) -> bytes:
    """The same text in UTF-8 where its beginning says that it is in another of Unicode's encodings."""
    encoding = next((name for mark, name in (*MARKS, *UNMARKED) if data.startswith(mark)), "")
    if not encoding:
        return data
    try:
        return data.decode(encoding).lstrip("\ufeff").encode("utf-8", "replace").rstrip(PADDING)
    except UnicodeError:
        raise Unreadable(f"is not JSON: it is damaged, as its text is not in {encoding.upper()}") from None


def _as_windows_saved_it(data: bytes) -> bytes:
    """The same, in UTF-8 where it is not: Windows' editors save cp1252."""
    try:
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeError:
        return data.decode("cp1252", "replace").encode("utf-8")
    return data


def _as_a_whole(data: bytes, wanted: Wanted) -> Any:
    """The value of a text that yajl does not read: one with NaN in it, say. Or it is told what is wrong with it."""
    if _has_too_much(data, MAX_VALUES):
        raise Unreadable(TOO_MUCH)
    text = data.decode("utf-8")
    try:
        return _cut_down(json.loads(text), wanted)
    except (ValueError, RecursionError) as problem:
        raise Unreadable(why_no_json(text, problem)) from None


def _cut_down(value: Any, wanted: Wanted) -> Any:
    if isinstance(value, dict) and isinstance(wanted, dict):
        return {key: _cut_down(value[key], wanted[key]) for key in value if key in wanted}
    if isinstance(value, list) and isinstance(wanted, Each):
        kept = [wanted.made(_cut_down(one, wanted.wanted)) for one in value[: wanted.most]]
        return kept + [None] * (len(value) - len(kept))
    if isinstance(value, dict | list) and wanted is not None:
        return type(value)()
    return value


def _has_too_much(data: bytes, most_values: int) -> bool:
    """Whether a JSON text holds more parts, strings or values than are allowed, told before any is made."""
    parts, values = _parts_and_values(data, 0, len(data))
    if parts <= MAX_PARTS and values <= most_values and data.count(b'"') <= 2 * MAX_STRINGS:
        return False
    for number, string in enumerate(STRING.finditer(data)):  # what stands in a string is none
        inside = _parts_and_values(data, *string.span())
        parts, values = parts - inside[0], values - inside[1]
        if number >= MAX_STRINGS:
            return True
    return parts > MAX_PARTS or values > most_values


def _parts_and_values(data: bytes, start: int, end: int) -> tuple[int, int]:
    return data.count(b"[", start, end) + data.count(b"{", start, end), data.count(b",", start, end)
