"""Lets code that asks for a GPU run on the CPU in rooms, which have none: whoever wrote it had one.

Where a device can be named, a GPU's name means the CPU. What only a GPU can tell, such as its memory, is nothing.
"""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from types import ModuleType, SimpleNamespace
from typing import Any

import torch
from torch.utils import _device

from notebook_checks.after_import import after_import

THERE = {"cpu", "meta"}
"""The devices that a room has."""

GPUS = {"cuda", "mps", "xpu"}

MAKERS = (
    *("tensor", "as_tensor", "asarray", "empty", "empty_strided", "zeros", "ones", "full", "eye", "arange"),
    *("linspace", "logspace", "rand", "randn", "randint", "randperm", "normal", "scalar_tensor"),
    *("empty_like", "zeros_like", "ones_like", "full_like", "rand_like", "randn_like", "randint_like"),
    *("tril_indices", "triu_indices", "hann_window", "hamming_window", "range"),
)
"""The functions of torch that take a device."""

METHODS = ("new_tensor", "new_empty", "new_zeros", "new_ones", "new_full", "new_empty_strided")
"""The same, of a tensor."""

TYPES = ("Bool", "Byte", "Char", "Double", "Float", "Half", "BFloat16", "Int", "Long", "Short")
"""Of what torch.cuda has a tensor type."""


def use_what_is_there() -> None:
    """Have torch take the CPU where a GPU is named, from now on in this process."""
    _device._device_constructors()  # remembers these functions, and has to know them as they were
    for name in MAKERS:
        setattr(torch, name, _told_of_what_is_there(getattr(torch, name)))
    for name in METHODS:
        setattr(torch.Tensor, name, _told_of_what_is_there(getattr(torch.Tensor, name)))
    torch.Tensor.to = _told_of_what_is_there(torch.Tensor.to, 1)  # type: ignore[method-assign]
    torch.nn.Module.to = _told_of_what_is_there(torch.nn.Module.to, 1)  # type: ignore[method-assign]
    for name in ("cuda", "xpu", "pin_memory"):
        setattr(torch.Tensor, name, lambda tensor, *_, **__: tensor)
    torch.Tensor.type = _of_a_type_that_is_there(torch.Tensor.type)  # type: ignore[method-assign]
    torch.set_default_device = _on_what_is_there(torch.set_default_device)  # type: ignore[assignment]
    torch.set_default_tensor_type = _of_types_that_are_there(torch.set_default_tensor_type)
    _device.DeviceContext.__init__ = _entered_on_what_is_there(  # type: ignore[method-assign]
        _device.DeviceContext.__init__
    )
    torch.Generator = _Generator  # type: ignore[misc]
    torch.load = _loaded_to_what_is_there(torch.load)
    after_import("safetensors.torch", _load_files_to_what_is_there)
    _answer_for_gpus()


def elsewhere(device: Any) -> bool:
    """Whether this names a device that a room does not have. A number is that of a GPU."""
    if isinstance(device, str):
        return device.partition(":")[0] in GPUS
    return type(device) is int or (isinstance(device, torch.device) and device.type in GPUS)


def _on_what_is_there(set_device: Callable[[Any], None]) -> Callable[[Any], None]:
    """torch.set_default_device, for which a GPU is the CPU."""

    @wraps(set_device)
    def set_default_device(device: Any) -> None:
        there = device is None or torch.device(device).type in THERE
        set_device(device if there else "cpu")

    return set_default_device


def _entered_on_what_is_there(begin: Callable[..., None]) -> Callable[..., None]:
    """How `with torch.device(…)` begins, for which a GPU is the CPU."""

    @wraps(begin)
    def begin_there(context: Any, device: Any) -> None:
        begin(context, torch.device("cpu") if elsewhere(device) else device)

    return begin_there


def _told_of_what_is_there(act: Callable[..., Any], place: int | None = None) -> Callable[..., Any]:
    """A function that takes a device, for which a GPU is the CPU.

    Args:
        act: takes the device by name.
        place: where else among the arguments, counted from 0, a method's own object included; None for nowhere.
    """

    @wraps(act)
    def told(*args: Any, **named: Any) -> Any:
        if "device" in named and elsewhere(named["device"]):
            named["device"] = "cpu"
        if place is not None and len(args) > place and elsewhere(args[place]):
            args = (*args[:place], "cpu", *args[place + 1 :])
        return act(*args, **named)

    return told


def _type_there(kind: Any) -> Any:
    return kind.replace("torch.cuda.", "torch.") if isinstance(kind, str) else kind


def _of_a_type_that_is_there(read: Callable[..., Any]) -> Callable[..., Any]:
    """The method `type` of tensors, for which a type of the GPU is one of the CPU."""

    @wraps(read)
    def typed(tensor: Any, *args: Any, **named: Any) -> Any:
        return read(tensor, *map(_type_there, args), **{key: _type_there(value) for key, value in named.items()})

    return typed


def _of_types_that_are_there(set_type: Callable[[Any], None]) -> Callable[[Any], None]:
    """torch.set_default_tensor_type, for which a type of the GPU is one of the CPU."""

    @wraps(set_type)
    def set_default_tensor_type(kind: Any, /) -> None:
        set_type(_type_there(kind))

    return set_default_tensor_type


class _AnyGenerator(type(torch.Generator)):  # type: ignore[misc]
    """Has every generator of torch's be one of these, and this the name of their class."""

    def __instancecheck__(cls, one: Any) -> bool:
        return isinstance(one, torch._C.Generator)


class _Generator(torch._C.Generator, metaclass=_AnyGenerator):
    """torch.Generator, for which a GPU is the CPU."""

    def __new__(cls, device: Any = "cpu") -> Any:
        return torch._C.Generator("cpu" if elsewhere(device) else device)


def _loaded_to_what_is_there(load: Callable[..., Any]) -> Callable[..., Any]:
    """torch.load, for which a GPU is the CPU, also where the file says so."""

    @wraps(load)
    def loaded(file: Any, map_location: Any = None, *args: Any, **named: Any) -> Any:
        there = map_location is not None and not elsewhere(map_location)
        return load(file, map_location if there else "cpu", *args, **named)

    return loaded


def _load_files_to_what_is_there(module: ModuleType) -> None:
    """The same for files of safetensors."""
    for name, place in (("load_file", 1), ("load_model", 3)):
        setattr(module, name, _told_of_what_is_there(getattr(module, name), place))


class _Idle:
    """A stream or event of a GPU that is not there: whatever is asked of it is done, and took no time."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """It has no device, and no timing to be enabled."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None

    def query(self) -> bool:
        """Whether all of it is done."""
        return True

    def elapsed_time(self, _other: Any) -> float:
        """Milliseconds between two events."""
        return 0.0


class _Event(_Idle):
    """torch.cuda.Event."""


class _Stream(_Idle):
    """torch.cuda.Stream."""


DONE = (
    *("synchronize", "set_device", "empty_cache", "reset_peak_memory_stats", "manual_seed", "manual_seed_all"),
    *("set_stream", "set_per_process_memory_fraction"),
)
"""What torch.cuda is told, and what comes of nothing here."""

ANSWERS: dict[str, Any] = {
    "current_device": 0,
    "get_device_name": "CPU",
    "get_device_properties": SimpleNamespace(name="CPU", total_memory=0, major=0, minor=0, multi_processor_count=1),
    "get_device_capability": (0, 0),
    "mem_get_info": (0, 0),
    "memory_summary": "",
    "current_stream": _Stream(),
    "stream": nullcontext(),
}
"""What torch.cuda is asked, and what it answers."""

DONE_BY_MPS = ("manual_seed", "seed", "synchronize", "empty_cache", "set_per_process_memory_fraction")
AMOUNTS_OF_MPS = ("current_allocated_memory", "driver_allocated_memory", "recommended_max_memory")


def _answer_for_gpus() -> None:
    """Have what asks a GPU something, or tells it something, get an answer."""
    for name in DONE:
        setattr(torch.cuda, name, _answering(None))
    for name, value in ANSWERS.items():
        setattr(torch.cuda, name, _answering(value))
    for name, kind in (("Event", _Event), ("Stream", _Stream)):
        setattr(torch.cuda, name, kind)
    for kind_name in TYPES:
        setattr(torch.cuda, f"{kind_name}Tensor", getattr(torch, f"{kind_name}Tensor"))
    for name in DONE_BY_MPS:
        setattr(torch.mps, name, _answering(None))
    for name in AMOUNTS_OF_MPS:
        setattr(torch.mps, name, _answering(0))


def _answering(value: Any) -> Callable[..., Any]:
    """A function that gives `value`: one of its own each time, as torch's compiler knows functions by what they are."""
    return lambda *_, **__: value
