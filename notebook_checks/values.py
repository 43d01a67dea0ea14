"""The one table of what counts as a value, and how each kind is brought to plain Python.

A test never looks at a student's object itself: it looks at what `plain` makes of it, which is built only
of None, bool, int, float, str, list and dict. Tuples become lists, so that both count alike. A subclass is
read through its base class, so that an object that lies in `__eq__` or `__float__` is taken for what it
holds, and anything that is not in the table is no value at all.
"""

import sys
from array import array as numbers_array
from collections import ChainMap, UserDict, deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType, ModuleType, NoneType
from typing import Any

MAX_DEPTH = 50
"""Levels of nesting that a value may have."""

MAX_ITEMS = 150_000
"""Elements that one array may have to be read as a list: with so many, up to 25 characters each, a room can still
answer. A room that says more is treated as one that ended."""

_readers: dict[type, Callable[[Any], Any]] = {Fraction: float, Decimal: float}


class NotAValue(Exception):
    """Raised for an object that is not in the table.

    `kind` names it for a message: a built-in type's name, or "object" for anything else, because the name
    of a class is the student's to choose.
    """

    def __init__(self, kind: str):
        super().__init__(f"this is no plain value, but of type {kind}")
        self.kind = kind


def register_reader(cls: type, reader: Callable[[Any], Any]) -> None:
    """Say how a stand-in of class `cls` is read. The judge registers its handles with it."""
    _readers[cls] = reader


def plain(value: Any, depth: int = 0) -> Any:
    """Bring a value to None, bool, int, float, str, list and dict (keys: str, int, float, bool or None).

    Counted as numbers: fractions, decimals, numpy scalars, sympy's numbers and expressions without symbols, and arrays
    and tensors of no dimension. Counted as lists: tuples, named tuples, torch.Size, deques, views of dicts, arrays and
    tensors of at least one dimension, and a pandas Series, which counts as a dict if its index has names. Counted as
    dicts: what the standard library lays around them.

    Args:
        value: anything.
        depth: how deep it lies in what was asked for.

    Raises:
        NotAValue: for everything else, and for what nests deeper than MAX_DEPTH.
    """
    if depth > MAX_DEPTH:
        raise NotAValue("list that nests too deep")
    cls = type(value)
    if value is None or cls in _PLAIN:
        return value
    if cls in _readers:
        return plain(_readers[cls](value), depth + 1)
    bases = type.mro(cls)
    for base, read in _BASES.items():
        if _has(bases, base):
            return read(value, depth)
    array = _as_array(value, bases)
    if array is not None:
        return _read_array(array, depth)
    for module, names, reader in _OF_LIBRARIES:
        library = sys.modules.get(module)
        if type(library) is ModuleType and any(_has(bases, getattr(library, name, NoneType)) for name in names):
            return plain(reader(value), depth + 1)
    raise NotAValue(kind_name(cls))


_PLAIN = {bool, int, float, str}


def _has(bases: list[type], base: type) -> bool:
    """Whether `base` is one of `bases`, by identity: a metaclass may replace `==`."""
    return any(one is base for one in bases)


def kind_name(cls: type) -> str:
    """The name of a built-in type, or "object" for every other class."""
    import builtins
    import types

    if getattr(builtins, cls.__name__, None) is cls:
        return cls.__name__
    names = {types.GeneratorType: "generator", types.FunctionType: "function", types.ModuleType: "module"}
    return names.get(cls, "object")


def _read_sequence(base: Any) -> Callable[[Any, int], list]:
    return lambda value, depth: [plain(item, depth + 1) for item in base.__iter__(value)]


def _read_dict(value: dict, depth: int) -> dict:
    return {_read_key(key): plain(item, depth + 1) for key, item in dict.items(value)}


def _read_key(key: Any) -> Any:
    read = plain(key)
    if isinstance(read, (list, dict)):
        raise NotAValue("dict with a key that is no name or number")
    return read


# Each reader calls the base's own method, never one that a subclass may have replaced.
_BASES: dict[type, Callable[[Any, int], Any]] = {
    int: lambda value, depth: int.__pos__(value),
    float: lambda value, depth: float.__pos__(value),
    str: lambda value, depth: str.__str__(value),
    list: _read_sequence(list),
    tuple: _read_sequence(tuple),
    dict: _read_dict,
    deque: _read_sequence(deque),
    type({}.keys()): _read_sequence(type({}.keys())),
    type({}.values()): _read_sequence(type({}.values())),
    numbers_array: lambda value, depth: plain(numbers_array.tolist(value), depth + 1),
    MappingProxyType: lambda value, depth: plain(dict(value), depth + 1),
    ChainMap: lambda value, depth: plain(dict(value), depth + 1),
    UserDict: lambda value, depth: plain(dict(value), depth + 1),
}


def _as_array(value: Any, bases: list[type]) -> Any:
    """`value` as a numpy array or scalar where it is one or a tensor, else None. Imports neither library."""
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if torch is not None and _has(bases, torch.Tensor):
        return _tensor_as_array(value)
    if numpy is not None and (_has(bases, numpy.ndarray) or _has(bases, numpy.generic)):
        return value
    return None


def _tensor_as_array(value: Any) -> Any:
    """The tensor `value` as a numpy array. Raises NotAValue if it has no numbers, as on the meta device."""
    import torch

    try:
        with torch._C.DisableTorchFunctionSubclass():  # else a subclass has its say in what these calls give
            if torch.Tensor.numel(value) > MAX_ITEMS:
                raise NotAValue("tensor that is too large")
            tensor = torch.Tensor.detach(value).cpu()
            return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
    except (RuntimeError, TypeError):
        raise NotAValue("tensor that holds no plain numbers") from None


def _read_array(array: Any, depth: int) -> Any:
    import numpy

    exact = numpy.asarray(array)
    if exact.dtype.kind not in "biufUO":
        raise NotAValue("array of objects")
    if exact.dtype.kind == "f" and exact.dtype.itemsize > 8:
        exact = exact.astype(float)  # what tolist makes of a long double is one again
    if exact.size > MAX_ITEMS:
        raise NotAValue("array that is too large")
    return plain(numpy.ndarray.tolist(exact), depth + 1)


def _read_symbolic(value: Any) -> int | float:
    """What an expression of sympy's comes to. Raises NotAValue if that is no real number."""
    try:
        return int(value) if value.is_Integer else float(value)
    except (TypeError, ValueError, OverflowError):
        raise NotAValue(EXPRESSION) from None


def _read_series(series: Any) -> dict | list:
    """A Series of pandas: a dict if its index has names, else a list."""
    if len(series) > MAX_ITEMS:
        raise NotAValue("array that is too large")
    values = series.tolist()
    index = series.index.tolist()
    return dict(zip(index, values, strict=True)) if any(type(one) is str for one in index) else values


def _refuse_table(table: Any) -> Any:
    raise NotAValue(TABLE)


EXPRESSION, TABLE = "sympy expression", "pandas DataFrame"
"""What a message calls objects of libraries that are no values."""

_OF_LIBRARIES: tuple[tuple[str, tuple[str, ...], Callable[[Any], Any]], ...] = (
    ("sympy", ("Expr",), _read_symbolic),
    ("sympy.logic.boolalg", ("BooleanAtom",), bool),
    ("mpmath", ("mpf",), float),
    ("pandas", ("Series",), _read_series),
    ("pandas", ("Index",), lambda index: index.tolist()),
    ("pandas", ("DataFrame",), _refuse_table),
)
"""(a module, its classes, how they are read). No library is imported for it: whoever has such an object has done so."""
